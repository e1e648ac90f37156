import { Page } from "../shared/page";

export default function AuditLogPage() {
  return <Page title="Audit log">{null}</Page>;
}
