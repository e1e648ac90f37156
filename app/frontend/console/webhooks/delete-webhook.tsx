import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useLocation } from "wouter";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { Confirm } from "../shared/confirm";
import { DeleteWebhookEndpointDocument, type WebhookFieldsFragment } from "./webhooks.generated";

interface Props {
  webhook: WebhookFieldsFragment;
  onClose: () => void;
}

/** Deletes an endpoint for good, and leads back to the list. */
export function DeleteWebhook({ webhook, onClose }: Props) {
  const [remove, isBusy] = useAct(DeleteWebhookEndpointDocument);
  const [, navigate] = useLocation();

  async function act() {
    const outcome = await remove({ input: { webhookEndpointId: webhook.id } });
    if (!outcome) return;
    onClose();
    if (isProblem(outcome)) return showProblem(outcome);
    navigate("/webhooks", { replace: true });
    notifications.show({ color: "teal", message: "The webhook was deleted." });
  }

  return (
    <Confirm
      title="Delete the webhook"
      action="Delete"
      isBusy={isBusy}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      <Text size="sm">
        This cannot be undone. Nothing is sent to{" "}
        <Text span inherit className="mono">
          {webhook.url}
        </Text>{" "}
        any more, also not what is still to be sent; its signing keys and the list of its deliveries
        are gone.
      </Text>
    </Confirm>
  );
}
