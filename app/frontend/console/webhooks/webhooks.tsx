import { Page } from "../shared/page";

export default function WebhooksPage() {
  return <Page title="Webhooks">{null}</Page>;
}
