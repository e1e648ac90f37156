import { Anchor, DataList, Drawer, Group, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";

import { useRead } from "../api/read";
import { useOwn } from "../session/session";
import { Elsewhere } from "../shared/elsewhere";
import { Failure } from "../shared/failure";
import { StateBadge } from "../shared/state-badge";
import { Time } from "../shared/time";
import { AuditEventDocument, type AuditEventQuery } from "./audit.generated";
import { Actor, Target } from "./parties";
import { actionText, reasonText } from "./words";

type Event = Extract<NonNullable<AuditEventQuery["node"]>, { __typename: "AuditEvent" }>;

/** All that an event of the audit trail holds. */
export function EventDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const reading = useRead(AuditEventDocument, { id });
  const node = reading.data?.node;
  const found = node?.__typename === "AuditEvent" ? node : undefined;
  const event = useOwn(found);
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={event ? actionText(event) : "Event"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {reading.error && <Failure error={reading.error} retry={reading.refetch} />}
      {reading.isLoading && <Skeleton h={320} />}
      {reading.data && !event && (
        <Text>
          There is no such event here.
          <Elsewhere thing={found} />
        </Text>
      )}
      {event && <Facts event={event} />}
    </Drawer>
  );
}

function Facts({ event }: { event: Event }) {
  const facts: [string, ReactNode][] = [
    [
      "Outcome",
      <Group gap="xs" key="outcome">
        <StateBadge state={event.outcome}>
          {event.outcome === "REFUSED" ? "Refused" : "Done"}
        </StateBadge>
        {event.reason && reasonText(event.reason)}
      </Group>,
    ],
    ["When", <Time key="when" value={event.eventTime} isExact />],
    ["Who", <Actor key="who" event={event} />],
    [
      "With the token",
      event.actorToken && event.actor?.isApplicationUser ? (
        <Anchor
          key="token"
          component={Link}
          href={`/application-users/${event.actor.id}/tokens/${event.actorToken.id}`}
          className="mono"
        >
          {event.actorToken.tokenPrefix}
        </Anchor>
      ) : (
        (event.actorToken?.tokenPrefix ?? event.actorTokenId)
      ),
    ],
    ["About", <Target key="about" event={event} />],
    ["Its id", <Mono key="id">{event.targetId}</Mono>],
    ["From", event.ip && <Mono key="ip">{event.ip}</Mono>],
    ["Program", event.userAgent],
    ["Request", event.requestId && <Mono key="request">{event.requestId}</Mono>],
    ["Action", <Mono key="action">{event.actionName}</Mono>],
    ["Place in the trail", event.sequence.toLocaleString("en")],
    ["Hash before", <Mono key="before">{event.previousHash}</Mono>],
    ["Hash", <Mono key="hash">{event.hash}</Mono>],
  ];
  return (
    <Stack gap="lg">
      {event.changes.length > 0 && (
        <div>
          <Title order={3} size="h5" mb="xs">
            What changed
          </Title>
          <Table withTableBorder className="cards">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Field</Table.Th>
                <Table.Th scope="col">Before</Table.Th>
                <Table.Th scope="col">After</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {event.changes.map((change) => (
                <Table.Tr key={change.field}>
                  <Table.Td>{change.field}</Table.Td>
                  <Table.Td data-title="Before">
                    <Mono>{change.before ?? "–"}</Mono>
                  </Table.Td>
                  <Table.Td data-title="After">
                    <Mono>{change.after ?? "–"}</Mono>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      <DataList orientation="vertical">
        {facts
          .filter(([, fact]) => fact)
          .map(([title, fact]) => (
            <DataList.Item key={title}>
              <DataList.ItemLabel>{title}</DataList.ItemLabel>
              <DataList.ItemValue>{fact}</DataList.ItemValue>
            </DataList.Item>
          ))}
      </DataList>
    </Stack>
  );
}

function Mono({ children }: { children: ReactNode }) {
  return <span className="mono">{children}</span>;
}
