import { Page } from "../shared/page";

export default function LimitsPage() {
  return <Page title="Limits">{null}</Page>;
}
