import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { Ask } from "../shared/ask";
import { Confirm } from "../shared/confirm";
import { UpdateWebhookEndpointDocument, type WebhookFieldsFragment } from "./webhooks.generated";

interface Props {
  webhook: WebhookFieldsFragment;
  onClose: () => void;
}

/** Pauses an endpoint, or resumes one that is paused. */
export function SwitchWebhook({ webhook, onClose }: Props) {
  const [update, isBusy] = useAct(UpdateWebhookEndpointDocument);
  // What was begun stays what it is while the page behind it is read again.
  const [isActive] = useState(webhook.isActive);

  async function change() {
    const outcome = await update({
      input: { webhookEndpointId: webhook.id, isActive: !isActive },
    });
    if (!outcome) return;
    onClose();
    if (isProblem(outcome)) return showProblem(outcome);
    notifications.show({
      color: "teal",
      message: isActive ? "The webhook is paused." : "The webhook is told of events again.",
    });
  }

  if (!isActive) {
    return (
      <Ask
        title="Resume the webhook"
        action="Resume"
        isBusy={isBusy}
        onAct={() => void change()}
        onClose={onClose}
      >
        It is told of what happens from here on.
      </Ask>
    );
  }
  return (
    <Confirm
      title="Pause the webhook"
      action="Pause"
      isBusy={isBusy}
      onConfirm={() => void change()}
      onClose={onClose}
    >
      <Text size="sm">
        Nothing is sent until you resume it, and what is still to be sent is given up. Events of
        that time stay in the audit log, and are not sent later.
      </Text>
    </Confirm>
  );
}
