import { Button, Code, Group, Modal, Stack, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { useRead } from "../api/read";
import { useOrganizationId } from "../session/session";
import { useIdempotencyKey } from "../shared/idempotency-key";
import { useSecret } from "../shared/one-time-secret";
import { chosen, lifetimeProblem, secondsOf } from "./lifetime";
import { LifetimeFields } from "./lifetime-fields";
import { type Lost, LostAnswer } from "./lost-answer";
import { NetworksFields } from "./networks-fields";
import { ScopesField } from "./scopes-field";
import {
  GenerateTokenChoicesDocument,
  GenerateTokenDocument,
  RevokeTokenDocument,
} from "./tokens.generated";

const INITIAL = {
  description: "",
  lifetime: "",
  customSeconds: null as number | null,
  extendWhenUsed: false,
  networks: [] as string[],
  scopes: [] as string[],
};

export type GenerateValues = typeof INITIAL;

const PLACES = { maxAgeSeconds: "lifetime", ipAllowlist: "networks" };

interface Props {
  applicationUserId: string;
  isOpen: boolean;
  onClose: () => void;
  /** Puts the focus back where it was. */
  onLeft: () => void;
}

/** Generates a token, and shows its text once. What was typed stays until it is generated. */
export function GenerateToken({ applicationUserId, isOpen, onClose, onLeft }: Props) {
  const organizationId = useOrganizationId();
  const choices = useRead(GenerateTokenChoicesDocument, { organizationId }, { pause: !isOpen });
  const [generate, isGenerating] = useAct(GenerateTokenDocument);
  const [revoke, isRevoking] = useAct(RevokeTokenDocument);
  const [key, renewKey] = useIdempotencyKey();
  const [lost, setLost] = useState<Lost | null>(null);
  const showSecret = useSecret();
  const policy = choices.data?.organizationPolicy;
  const form = useForm<GenerateValues>({
    initialValues: INITIAL,
    validate: {
      customSeconds: (_, values) => lifetimeProblem(values, policy),
    },
  });

  async function submit(values: GenerateValues, idempotencyKey = key) {
    const maxAgeSeconds = secondsOf(chosen(values, policy)) ?? null;
    const outcome = await generate({
      input: {
        applicationUserId,
        description: values.description.trim() || null,
        maxAgeSeconds,
        extendWhenUsed: values.extendWhenUsed && maxAgeSeconds !== null,
        ipAllowlist: values.networks.length > 0 ? values.networks : null,
        scopes: values.scopes.length > 0 ? values.scopes : null,
        idempotencyKey,
      },
    });
    if (!outcome) return;
    if (outcome.__typename === "GenerateTokenReplayed") return setLost(outcome.token);
    if (outcome.__typename === "IdempotencyConflictError") return setLost("unknown");
    if (isProblem(outcome)) return showProblem(outcome, form, PLACES);
    form.reset();
    setLost(null);
    renewKey();
    onClose();
    showSecret({
      title: "Token generated",
      noun: "token",
      text: outcome.fullToken,
      hint: <HowToUse />,
      onClose: onLeft,
    });
  }

  async function startAgain() {
    if (lost && lost !== "unknown") {
      const revoked = await revoke({ input: { tokenId: lost.id } });
      if (!revoked) return;
      if (isProblem(revoked)) showProblem(revoked);
    }
    setLost(null);
    await submit(form.getValues(), renewKey());
  }

  function leave() {
    onClose();
    onLeft();
  }

  return (
    <Modal opened={isOpen} onClose={leave} title="Generate token" size="lg" returnFocus={false}>
      <form onSubmit={form.onSubmit((values) => void submit(values))} noValidate>
        <Stack>
          <Textarea
            label="Description"
            description="What the token is for, and where it is kept."
            autosize
            minRows={1}
            maxRows={6}
            data-autofocus
            {...form.getInputProps("description")}
          />
          <LifetimeFields form={form} policy={policy} />
          <NetworksFields form={form} policy={policy} applicationUserId={applicationUserId} />
          <ScopesField form={form} scopes={choices.data?.availableScopes ?? []} />
          {lost && <LostAnswer made={lost} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={leave}>
              Cancel
            </Button>
            {lost ? (
              <Button loading={isGenerating || isRevoking} onClick={() => void startAgain()}>
                {lost === "unknown" ? "Generate another" : "Revoke it and generate another"}
              </Button>
            ) : (
              <Button type="submit" loading={isGenerating}>
                Generate token
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Where a token goes, for who sees one for the first time. */
export function HowToUse() {
  return (
    <>
      Programs send it in a header, <Code>Authorization: Bearer …</Code>. Keep it in a secret store or
      an environment variable, never in code.
    </>
  );
}
