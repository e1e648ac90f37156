import { Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { fieldsOf, useWebhookForm, WebhookForm, type WebhookValues } from "./webhook-form";
import { UpdateWebhookEndpointDocument, type WebhookFieldsFragment } from "./webhooks.generated";

interface Props {
  webhook: WebhookFieldsFragment;
  onClose: () => void;
}

/** Changes where an endpoint is, and what it is told of. */
export function EditWebhook({ webhook, onClose }: Props) {
  const [update, isBusy] = useAct(UpdateWebhookEndpointDocument);
  const form = useWebhookForm({
    url: webhook.url,
    description: webhook.description ?? "",
    toldOf: webhook.actions === null ? "all" : "some",
    actions: webhook.actions ?? [],
  });

  async function submit(values: WebhookValues) {
    const { actions, ...fields } = fieldsOf(values);
    // Actions of a later release are not among those shown: a list that was not touched stays.
    const isTouched = form.isDirty("toldOf") || form.isDirty("actions");
    const outcome = await update({
      input: { webhookEndpointId: webhook.id, ...fields, ...(isTouched && { actions }) },
    });
    if (!outcome) return;
    if (isProblem(outcome)) return showProblem(outcome, form);
    onClose();
    notifications.show({ color: "teal", message: "The webhook was saved." });
  }

  return (
    <Modal opened onClose={onClose} title="Edit webhook" size="lg">
      <WebhookForm
        form={form}
        action="Save"
        isBusy={isBusy}
        onSubmit={(values) => void submit(values)}
        onClose={onClose}
      />
    </Modal>
  );
}
