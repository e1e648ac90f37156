import { Page } from "../shared/page";

export default function PeoplePage() {
  return <Page title="People">{null}</Page>;
}
