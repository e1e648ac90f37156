import { Modal } from "@mantine/core";
import { useLocation } from "wouter";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { useOrganizationId } from "../session/session";
import { useSecret } from "../shared/one-time-secret";
import { hostOf } from "./address";
import { fieldsOf, useWebhookForm, WebhookForm, type WebhookValues } from "./webhook-form";
import { CreateWebhookEndpointDocument } from "./webhooks.generated";

interface Props {
  isOpen: boolean;
  onClose: () => void;
}

/** Creates an endpoint, and shows its signing key once. What was typed stays until then. */
export function CreateWebhook({ isOpen, onClose }: Props) {
  const organizationId = useOrganizationId();
  const [create, isBusy] = useAct(CreateWebhookEndpointDocument);
  const [, navigate] = useLocation();
  const show = useSecret();
  const form = useWebhookForm({ url: "", description: "", toldOf: "all", actions: [] });

  async function submit(values: WebhookValues) {
    const fields = fieldsOf(values);
    const outcome = await create({ input: { organizationId, ...fields } });
    if (!outcome) return;
    if (isProblem(outcome)) return showProblem(outcome, form);
    form.reset();
    onClose();
    navigate(`/webhooks/${outcome.webhookEndpoint.id}`);
    show({
      title: `Signing key for ${hostOf(fields.url)}`,
      noun: "signing key",
      text: outcome.signingKey,
      hint: "Give it to the receiver as the secret of a Standard Webhooks library: with it, it tells our events from forged ones.",
    });
  }

  return (
    <Modal opened={isOpen} onClose={onClose} title="Create webhook" size="lg" keepMounted={false}>
      <WebhookForm
        form={form}
        action="Create"
        isBusy={isBusy}
        onSubmit={(values) => void submit(values)}
        onClose={onClose}
      />
    </Modal>
  );
}
