import { Text, Title } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";

import { useRead } from "../api/read";
import { reasonText } from "../audit/words";
import { useOrganizationId } from "../session/session";
import { type Column, List } from "../shared/list";
import { Nothing } from "../shared/nothing";
import { Pager, usePaging } from "../shared/paging";
import { Time } from "../shared/time";
import { RefusedUsesDocument, type RefusedUsesQuery } from "./activity.generated";

type Row = RefusedUsesQuery["auditEvents"]["nodes"][number];

const COLUMNS: Column<Row>[] = [
  { key: "why", title: "Why", width: "36%", render: (event) => reasonText(event.reason ?? "") },
  { key: "address", title: "Address", render: (event) => <span className="mono">{event.ip ?? "Unknown"}</span> },
  {
    key: "program",
    title: "Program",
    render: (event) => (
      <Text inherit lineClamp={1} style={{ overflowWrap: "anywhere" }}>
        {event.userAgent ?? "Not told"}
      </Text>
    ),
  },
  { key: "when", title: "When", render: (event) => <Time value={event.eventTime} /> },
];

/** Uses that were refused, of a token or of all of a user's, and why. */
export function RefusedUses({ targetId }: { targetId: string }) {
  const organizationId = useOrganizationId();
  const paging = usePaging("refused");
  const reading = useRead(RefusedUsesDocument, {
    organizationId,
    targetId,
    first: 10,
    after: paging.after,
  });
  const events = reading.data?.auditEvents;
  return (
    <section className="surface" aria-labelledby="refused">
      <Title order={2} size="h4" id="refused" p="md" pb="xs">
        Refused uses
      </Title>
      <List
        caption="Refused uses"
        columns={COLUMNS}
        reading={reading}
        rows={events?.nodes}
        rowKey={(event) => event.id}
        expected={3}
        empty={
          <Nothing icon={IconShieldCheck} title="None was refused">
            A token that is revoked, expired or used from elsewhere shows here when somebody tries it.
          </Nothing>
        }
      />
      <Pager paging={paging} pageInfo={events?.pageInfo} isBusy={reading.isStale} />
    </section>
  );
}
