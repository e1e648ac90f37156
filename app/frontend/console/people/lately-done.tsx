import { Anchor, Group } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";

import { useRead } from "../api/read";
import { EventDrawer } from "../audit/event-drawer";
import { Target } from "../audit/parties";
import { actionText } from "../audit/words";
import { useOrganizationId } from "../session/session";
import { type Column, List } from "../shared/list";
import { Nothing } from "../shared/nothing";
import { useParameter } from "../shared/parameter";
import { StateBadge } from "../shared/state-badge";
import { Time } from "../shared/time";
import { PersonEventsDocument, type PersonEventsQuery } from "./people.generated";

type Row = PersonEventsQuery["auditEvents"]["nodes"][number];

const COLUMNS: Column<Row>[] = [
  { key: "what", title: "What", width: "44%", render: (row) => <Event row={row} /> },
  { key: "about", title: "About", render: (row) => <Target event={row} /> },
  { key: "when", title: "When", width: "20%", render: (row) => <Time value={row.eventTime} /> },
];

function Event({ row }: { row: Row }) {
  const [, show] = useParameter("event");
  return (
    <Group gap="xs">
      <Anchor component="button" type="button" fw={550} ta="start" onClick={() => show(row.id)}>
        {actionText(row)}
      </Anchor>
      {row.outcome === "REFUSED" && <StateBadge state="REFUSED" />}
    </Group>
  );
}

/** The last few things that a person did. */
export function LatelyDone({ personId, name }: { personId: string; name: string }) {
  const organizationId = useOrganizationId();
  const reading = useRead(PersonEventsDocument, { organizationId, actorId: personId });
  const [shown, show] = useParameter("event");
  return (
    <>
      <List
        caption={`What ${name} did lately`}
        columns={COLUMNS}
        reading={reading}
        rows={reading.data?.auditEvents.nodes}
        rowKey={(row) => row.id}
        empty={
          <Nothing icon={IconHistory} title="Nothing yet">
            What they change in this organization, or are refused, will be here.
          </Nothing>
        }
      />
      {shown && <EventDrawer id={shown} onClose={() => show(null)} />}
    </>
  );
}
