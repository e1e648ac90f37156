import { Page } from "../shared/page";

export default function PersonPage() {
  return <Page title="Person">{null}</Page>;
}
