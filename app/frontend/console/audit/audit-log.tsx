import { Anchor, Button, Group, MultiSelect, Select, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload, IconHistory, IconSearchOff, IconX } from "@tabler/icons-react";

import { useRead } from "../api/read";
import type { AuditAction, AuditEventFilter } from "../schema.generated";
import { useOrganizationId } from "../session/session";
import { useFilters } from "../shared/filters";
import { type Column, List } from "../shared/list";
import { Nothing } from "../shared/nothing";
import { Page } from "../shared/page";
import { Pager, usePaging } from "../shared/paging";
import { useParameter } from "../shared/parameter";
import { StateBadge } from "../shared/state-badge";
import { Time } from "../shared/time";
import { AuditEventsDocument, type AuditEventsQuery } from "./audit.generated";
import { EventDrawer } from "./event-drawer";
import { Export } from "./export";
import { Actor, Target } from "./parties";
import { ACTIONS, actionText, reasonText } from "./words";

type Row = AuditEventsQuery["auditEvents"]["nodes"][number];

const NAMES = ["actions", "outcome", "since", "until", "actor", "token", "target"] as const;
const PAGE = 25;

const ACTION_CHOICES = Object.entries(ACTIONS).map(([value, label]) => ({ value, label }));
const OUTCOMES = [
  { value: "SUCCEEDED", label: "Done" },
  { value: "REFUSED", label: "Refused" },
];

/** What happened in the organization, and what was refused. */
export default function AuditLogPage() {
  const organizationId = useOrganizationId();
  const { values, set, clear, isFiltered } = useFilters(NAMES);
  const [shown, show] = useParameter("event");
  const paging = usePaging();
  const [isExporting, { open, close }] = useDisclosure();
  const filter: AuditEventFilter = {
    actorId: values.actor || null,
    actorTokenId: values.token || null,
    targetId: values.target || null,
    actions: values.actions ? (values.actions.split(",") as AuditAction[]) : null,
    outcome: (values.outcome || null) as "REFUSED" | null,
    since: instant(values.since),
    until: instant(values.until),
  };
  const reading = useRead(AuditEventsDocument, {
    organizationId,
    first: PAGE,
    after: paging.after,
    filter,
    direction: "DESC",
  });
  const events = reading.data?.auditEvents;

  const columns: Column<Row>[] = [
    {
      key: "what",
      title: "What",
      width: "34%",
      render: (event) => (
        <div>
          <Anchor
            component="button"
            type="button"
            inherit
            fw={550}
            ta="start"
            onClick={() => show(event.id)}
          >
            {actionText(event)}
          </Anchor>
          {event.outcome === "REFUSED" && (
            <Group gap={6} mt={2}>
              <StateBadge state="REFUSED" />
              {event.reason && (
                <Text size="sm" c="dimmed">
                  {reasonText(event.reason)}
                </Text>
              )}
            </Group>
          )}
        </div>
      ),
    },
    { key: "who", title: "Who", render: (event) => <Actor event={event} /> },
    { key: "about", title: "About", render: (event) => <Target event={event} /> },
    {
      key: "from",
      title: "From",
      render: (event) => <span className="mono">{event.ip ?? "–"}</span>,
    },
    { key: "when", title: "When", render: (event) => <Time value={event.eventTime} /> },
  ];

  return (
    <Page
      title="Audit log"
      description="Every change with who made it, every refusal, and every token that was refused. Nothing in it is ever changed or removed."
      actions={
        <Button variant="default" leftSection={<IconDownload size={18} />} onClick={open}>
          Export
        </Button>
      }
    >
      <div className="surface">
        <Group p="sm" gap="sm" align="flex-end">
          <MultiSelect
            label="What"
            placeholder={values.actions ? "" : "Anything"}
            data={ACTION_CHOICES}
            value={values.actions ? values.actions.split(",") : []}
            onChange={(actions) => set({ actions: actions.join(",") })}
            searchable
            clearable
            style={{ flex: "1 1 260px" }}
            maw={420}
          />
          <Select
            label="Outcome"
            placeholder="Any"
            clearable
            data={OUTCOMES}
            value={values.outcome || null}
            onChange={(outcome) => set({ outcome })}
            w={130}
          />
          <TextInput
            label="From"
            type="datetime-local"
            value={values.since}
            onChange={(event) => set({ since: event.currentTarget.value })}
            w={200}
          />
          <TextInput
            label="Until"
            type="datetime-local"
            value={values.until}
            onChange={(event) => set({ until: event.currentTarget.value })}
            w={200}
          />
          {isFiltered && (
            <Button variant="subtle" leftSection={<IconX size={16} />} onClick={clear}>
              Clear
            </Button>
          )}
        </Group>
        {(values.actor || values.token || values.target) && (
          <Text size="sm" c="dimmed" px="md" pb="xs">
            Only events {values.actor && "by "}
            {values.token && "with "}
            {values.target && "about "}
            <span className="mono">{values.actor || values.token || values.target}</span>
          </Text>
        )}
        <List
          caption="Audit events"
          columns={columns}
          reading={reading}
          rows={events?.nodes}
          rowKey={(event) => event.id}
          expected={12}
          empty={
            isFiltered ? (
              <Nothing
                icon={IconSearchOff}
                title="Nothing matches"
                action={
                  <Button variant="default" onClick={clear}>
                    Clear the filters
                  </Button>
                }
              />
            ) : (
              <Nothing icon={IconHistory} title="Nothing happened yet" />
            )
          }
        />
        <Pager paging={paging} pageInfo={events?.pageInfo} isBusy={reading.isStale} />
      </div>
      {shown && <EventDrawer id={shown} onClose={() => show(null)} />}
      {isExporting && <Export filter={filter} isFiltered={isFiltered} onClose={close} />}
    </Page>
  );
}

/** What the person's clock showed as an instant; null for none, or for half of one. */
function instant(local: string): string | null {
  const time = new Date(local);
  return local && !Number.isNaN(time.getTime()) ? time.toISOString() : null;
}
