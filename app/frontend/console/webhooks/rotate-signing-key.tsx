import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { Ask } from "../shared/ask";
import { useSecret } from "../shared/one-time-secret";
import { Time } from "../shared/time";
import { hostOf } from "./address";
import { RotateWebhookSigningKeyDocument, type WebhookFieldsFragment } from "./webhooks.generated";

interface Props {
  webhook: WebhookFieldsFragment;
  previousKeyEndTime: string | null;
  onClose: () => void;
}

/** Gives an endpoint another signing key, and shows it once. */
export function RotateSigningKey({ webhook, previousKeyEndTime, onClose }: Props) {
  const [rotate, isBusy] = useAct(RotateWebhookSigningKeyDocument);
  const show = useSecret();
  const isRotating = previousKeyEndTime !== null && Date.parse(previousKeyEndTime) > Date.now();

  async function act() {
    const outcome = await rotate({ input: { webhookEndpointId: webhook.id } });
    if (!outcome) return;
    onClose();
    if (isProblem(outcome)) return showProblem(outcome);
    show({
      title: `New signing key for ${hostOf(webhook.url)}`,
      noun: "signing key",
      text: outcome.signingKey,
      hint: "Give it to the receiver within 24 hours. Until then each delivery is signed with the key before it, too.",
    });
  }

  return (
    <Ask
      title="Rotate the signing key"
      action="Rotate"
      isBusy={isBusy}
      onAct={() => void act()}
      onClose={onClose}
    >
      You get another key, once. For 24 hours both are good: each delivery carries a signature of
      either, so that the receiver can change over in its own time.
      {isRotating && (
        <Alert mt="md" color="yellow" icon={<IconAlertTriangle />} title="A rotation is under way">
          The key before the last, which would be good until <Time value={previousKeyEndTime} isExact />,
          ends at once. A receiver that still has it refuses everything.
        </Alert>
      )}
    </Ask>
  );
}
