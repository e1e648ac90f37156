import { Page } from "../shared/page";

export default function GroupsPage() {
  return <Page title="Groups">{null}</Page>;
}
