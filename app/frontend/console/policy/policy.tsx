import { Page } from "../shared/page";

export default function PolicyPage() {
  return <Page title="Policy">{null}</Page>;
}
