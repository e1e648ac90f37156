import { Page } from "../shared/page";

export default function GroupPage() {
  return <Page title="Group">{null}</Page>;
}
