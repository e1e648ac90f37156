import { Alert, Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { DurationField } from "../shared/duration-field";
import { useIdempotencyKey } from "../shared/idempotency-key";
import { useSecret } from "../shared/one-time-secret";
import { exact } from "../shared/time";
import { HowToUse } from "./generate-token";
import { type Lost, LostAnswer } from "./lost-answer";
import { focusLater } from "./token-acts";
import { LastUse, TokenName } from "./token-cells";
import { RotateTokenDocument, type TokenRowFragment } from "./tokens.generated";

const OVERLAPS = [
  { value: "0", label: "None: the old token ends at once" },
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "1 day" },
  { value: "604800", label: "1 week" },
  { value: "custom", label: "Custom…" },
];

interface Values {
  overlap: string;
  overlapSeconds: number | null;
}

interface Props {
  token: TokenRowFragment;
  onClose: () => void;
  /** Has the focus afterwards. */
  from: HTMLElement | null;
}

/** Puts a successor in a token's place, and shows its text once. */
export function RotateToken({ token, onClose, from }: Props) {
  const [rotate, isBusy] = useAct(RotateTokenDocument);
  const [key, renewKey] = useIdempotencyKey();
  const [lost, setLost] = useState<Exclude<Lost, "unknown"> | null>(null);
  const showSecret = useSecret();
  const form = useForm<Values>({
    initialValues: { overlap: "86400", overlapSeconds: 2 * 86_400 },
    validate: {
      overlapSeconds: (seconds, { overlap }) =>
        overlap === "custom" && seconds === null ? "Say how long." : null,
    },
  });
  const { values } = form;
  const seconds = secondsOf(values);

  async function submit(tokenId: string, overlapSeconds: number, idempotencyKey: string) {
    const outcome = await rotate({ input: { tokenId, overlapSeconds, idempotencyKey } });
    if (!outcome) return;
    if (outcome.__typename === "RotateTokenReplayed") return setLost(outcome.token);
    if (outcome.__typename === "IdempotencyConflictError") {
      // An earlier try, with another overlap, rotated it: who asks anew is told the successor.
      const input = { tokenId, overlapSeconds, idempotencyKey: renewKey() };
      const again = await rotate({ input });
      if (again?.__typename === "AlreadyRotatedError") setLost(again.successor);
      return;
    }
    if (outcome.__typename === "AlreadyRotatedError") onClose();
    if (isProblem(outcome)) return showProblem(outcome, form);
    onClose();
    showSecret({
      title: "Token rotated",
      noun: "new token",
      text: outcome.fullToken,
      hint: (
        <>
          Put it where the old one is. <HowToUse /> The page of the old token shows whether somebody
          still uses it.
        </>
      ),
      onClose: () => focusLater(from),
    });
  }

  // The successor's text is lost: a successor of its own takes its place, and the old token goes on.
  function rotateOnceMore(successor: { id: string }) {
    void submit(successor.id, 0, renewKey());
  }

  return (
    <Modal opened onClose={onClose} title="Rotate token" size="lg" returnFocus={false}>
      <form
        onSubmit={form.onSubmit((submitted) => void submit(token.id, secondsOf(submitted) ?? 0, key))}
        noValidate
      >
        <Stack>
          <TokenName token={token} />
          <Text size="sm">
            It gets a successor with the same settings and a life of its own. Both work during the
            overlap, so that you can change over without an interruption.
          </Text>
          <Select
            label="Overlap"
            description="How long the old token works beside the new one."
            data={OVERLAPS}
            allowDeselect={false}
            data-autofocus
            {...form.getInputProps("overlap")}
            {...(values.overlap !== "custom" && { error: form.errors["overlapSeconds"] })}
          />
          {values.overlap === "custom" && (
            <DurationField
              label="Custom overlap"
              description="A week at the most."
              {...form.getInputProps("overlapSeconds")}
            />
          )}
          {seconds === 0 ? (
            <Alert
              color={token.lastUsedTime ? "yellow" : "gray"}
              icon={<IconAlertTriangle />}
              title="Whoever uses the old token is cut off at once"
            >
              <LastUse token={token} />
            </Alert>
          ) : (
            <Text size="sm" c="dimmed" aria-live="polite">
              {seconds !== null && `The old token works until ${endOf(token, seconds)}.`}
            </Text>
          )}
          {lost && <LostAnswer made={lost} verb="made its successor" />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            {lost ? (
              <Button loading={isBusy} onClick={() => rotateOnceMore(lost)}>
                Replace the successor
              </Button>
            ) : (
              <Button type="submit" loading={isBusy}>
                Rotate token
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function secondsOf({ overlap, overlapSeconds }: Values): number | null {
  return overlap === "custom" ? overlapSeconds : Number(overlap);
}

function endOf(token: TokenRowFragment, seconds: number): string {
  const end = Math.floor(Date.now() / 60_000) * 60_000 + seconds * 1000;
  const expiry = token.expiryTime ? Date.parse(token.expiryTime) : Infinity;
  return exact(new Date(Math.min(end, expiry)).toISOString());
}
