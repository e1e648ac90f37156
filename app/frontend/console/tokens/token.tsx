import { Page } from "../shared/page";

export default function TokenPage() {
  return <Page title="Token">{null}</Page>;
}
