import { Page } from "../shared/page";

export default function WebhookPage() {
  return <Page title="Webhook">{null}</Page>;
}
