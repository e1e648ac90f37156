import { Page } from "../shared/page";

export default function ApplicationUserPage() {
  return <Page title="Application user">{null}</Page>;
}
