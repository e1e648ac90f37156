import { Anchor, Button, Text } from "@mantine/core";
import { useInterval } from "@mantine/hooks";
import { IconRefresh, IconSend } from "@tabler/icons-react";
import { useEffect } from "react";

import { useRead } from "../api/read";
import { EventDrawer } from "../audit/event-drawer";
import { type Column, List } from "../shared/list";
import { Nothing } from "../shared/nothing";
import { Pager, usePaging } from "../shared/paging";
import { useParameter } from "../shared/parameter";
import { Section } from "../shared/section";
import { StateBadge } from "../shared/state-badge";
import { Time } from "../shared/time";
import { toldText } from "./actions";
import { DeliveriesDocument, type DeliveriesQuery } from "./webhooks.generated";

type Row = NonNullable<DeliveriesQuery["webhookEndpoint"]>["deliveries"]["nodes"][number];

const PAGE = 20;
const LOOK_MS = 5000;

const COLUMNS: Column<Row>[] = [
  {
    key: "event",
    title: "Event",
    width: "32%",
    render: (row) => <Event row={row} />,
  },
  { key: "time", title: "Happened", render: (row) => <Time value={row.eventTime} /> },
  { key: "state", title: "State", render: (row) => <StateBadge state={row.state} /> },
  {
    key: "attempts",
    title: "Attempts",
    render: (row) => <span className="digits">{row.attemptCount}</span>,
  },
  { key: "outcome", title: "Last answer", width: "30%", render: (row) => <Answer row={row} /> },
];

/** What was sent to an endpoint, and what is still to be sent. */
export function Deliveries({ webhookId }: { webhookId: string }) {
  const paging = usePaging();
  const reading = useRead(DeliveriesDocument, { id: webhookId, first: PAGE, after: paging.after });
  const [shown, show] = useParameter("event");
  const deliveries = reading.data?.webhookEndpoint?.deliveries;
  const isWaiting = deliveries?.nodes.some((row) => row.state === "PENDING") ?? false;
  const { start, stop } = useInterval(() => {
    if (!document.hidden) reading.refetch();
  }, LOOK_MS);
  useEffect(() => {
    if (isWaiting) start();
    return stop;
  }, [isWaiting]);
  return (
    <Section
      title="Deliveries"
      actions={
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconRefresh size={16} />}
          onClick={reading.refetch}
        >
          Refresh
        </Button>
      }
    >
      <List
        caption="Deliveries"
        columns={COLUMNS}
        reading={reading}
        rows={deliveries?.nodes}
        rowKey={(row) => row.eventId}
        empty={
          <Nothing icon={IconSend} title="Nothing was sent yet">
            The next event that this webhook is told of shows here. It is sent by POST as a
            CloudEvent in JSON. The headers <span className="mono">webhook-id</span>,{" "}
            <span className="mono">webhook-timestamp</span> and{" "}
            <span className="mono">webhook-signature</span> are those of Standard Webhooks: verify
            them with the signing key, answer with a status of 2xx within 10 seconds, and expect an
            event more than once and out of order.
          </Nothing>
        }
      />
      <Pager paging={paging} pageInfo={deliveries?.pageInfo} isBusy={reading.isStale} />
      {shown && <EventDrawer id={shown} onClose={() => show(null)} />}
    </Section>
  );
}

function Event({ row }: { row: Row }) {
  const [, show] = useParameter("event");
  return (
    <Anchor component="button" type="button" fw={550} ta="start" onClick={() => show(row.eventId)}>
      {toldText(row.action, row.actionName)}
    </Anchor>
  );
}

/** How the last attempt went, and what comes next. */
function Answer({ row }: { row: Row }) {
  const { lastError, lastStatus, deliverTime, nextAttemptTime, attemptCount } = row;
  if (deliverTime) {
    return (
      <div>
        {lastStatus}, <Time value={deliverTime} />
      </div>
    );
  }
  return (
    <div style={{ minWidth: 0 }}>
      {lastError ?? (attemptCount === 0 ? "Not sent yet" : lastStatus ?? "None")}
      {nextAttemptTime && (
        <Text size="sm" c="dimmed">
          Next attempt <Time value={nextAttemptTime} />
        </Text>
      )}
    </div>
  );
}
