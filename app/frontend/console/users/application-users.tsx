import { Anchor, Button, Group, Select, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconPlus, IconSearchOff } from "@tabler/icons-react";
import { Link } from "wouter";

import { useRead } from "../api/read";
import { useOrganization, useOrganizationId } from "../session/session";
import { useFilters } from "../shared/filters";
import { type Column, List, type Order } from "../shared/list";
import { Nothing } from "../shared/nothing";
import { Page } from "../shared/page";
import { Pager, usePaging } from "../shared/paging";
import { SearchField } from "../shared/search-field";
import { StateBadge } from "../shared/state-badge";
import { Time } from "../shared/time";
import { CreateApplicationUser } from "./create-application-user";
import { ApplicationUsersDocument, type ApplicationUsersQuery } from "./users.generated";

type Row = ApplicationUsersQuery["applicationUsers"]["nodes"][number];

const PAGE = 25;
const DAY_MS = 86_400_000;

const ACTIVITY = [
  { value: "never", label: "Never used" },
  { value: "30", label: "Unused for 30 days" },
  { value: "90", label: "Unused for 90 days" },
  { value: "365", label: "Unused for a year" },
];
const STATES = [
  { value: "ACTIVE", label: "Active" },
  { value: "DEACTIVATED", label: "Deactivated" },
];

const COLUMNS: Column<Row>[] = [
  {
    key: "name",
    title: "Name",
    order: "NAME",
    width: "44%",
    render: (user) => (
      <div style={{ minWidth: 0 }}>
        <Anchor component={Link} href={`/application-users/${user.id}`} fw={550} style={{ overflowWrap: "anywhere" }}>
          {user.name}
        </Anchor>
        {user.description && (
          <Text size="sm" c="dimmed" lineClamp={1}>
            {user.description}
          </Text>
        )}
      </div>
    ),
  },
  { key: "state", title: "State", render: (user) => <StateBadge state={user.state} /> },
  {
    key: "activity",
    title: "Last activity",
    order: "LAST_ACTIVITY_TIME",
    render: (user) => <Time value={user.lastActivityTime} />,
  },
  {
    key: "created",
    title: "Created",
    order: "CREATE_TIME",
    render: (user) => <Time value={user.createTime} />,
  },
];

/** The application users of an organization. */
export function ApplicationUsersPage() {
  const organizationId = useOrganizationId();
  const organization = useOrganization();
  const { values, set, clear, isFiltered } = useFilters(["search", "state", "activity", "order"]);
  const paging = usePaging();
  const [isCreating, { open, close }] = useDisclosure();
  const order = orderOf(values.order);
  const reading = useRead(ApplicationUsersDocument, {
    organizationId,
    first: PAGE,
    after: paging.after,
    filter: {
      search: values.search || null,
      states: values.state ? [values.state as Row["state"]] : null,
      ...unusedFor(values.activity),
    },
    orderBy: order as { field: "NAME"; direction: "ASC" },
  });
  const users = reading.data?.applicationUsers;
  const create = (
    <Button
      leftSection={<IconPlus size={18} />}
      onClick={open}
      disabled={organization?.viewerCanCreateApplicationUser === false}
    >
      Create application user
    </Button>
  );
  return (
    <Page
      title="Application users"
      description="Identities for integrations and tools. Each acts through access tokens of its own."
      actions={create}
    >
      <div className="surface">
        <Group p="sm" gap="sm">
          <SearchField
            label="Search by name"
            value={values.search}
            onSearch={(search) => set({ search })}
          />
          <Select
            aria-label="State"
            placeholder="Any state"
            clearable
            data={STATES}
            value={values.state || null}
            onChange={(state) => set({ state })}
            w={150}
          />
          <Select
            aria-label="Activity"
            placeholder="Any activity"
            clearable
            data={ACTIVITY}
            value={values.activity || null}
            onChange={(activity) => set({ activity })}
            w={190}
          />
        </Group>
        <List
          caption="Application users"
          columns={COLUMNS}
          reading={reading}
          rows={users?.nodes}
          rowKey={(user) => user.id}
          order={order}
          onOrder={({ field, direction }) => set({ order: `${field}.${direction}` })}
          expected={8}
          empty={
            isFiltered || paging.after ? (
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
              <Nothing icon={IconKey} title="No application users yet" action={create}>
                An application user is a member of your organization that is not a person: one for
                each tool or integration, with tokens and permissions of its own. It goes on working
                when people leave, and each can be cut off alone.
              </Nothing>
            )
          }
        />
        <Pager paging={paging} pageInfo={users?.pageInfo} isBusy={reading.isStale} />
      </div>
      <CreateApplicationUser isOpen={isCreating} onClose={close} />
    </Page>
  );
}

function orderOf(text: string): Order {
  const [field, direction] = text.split(".");
  const isKnown = COLUMNS.some((column) => column.order && column.order === field);
  if (!isKnown || !field) return { field: "CREATE_TIME", direction: "DESC" };
  return { field, direction: direction === "ASC" ? "ASC" : "DESC" };
}

/** By whole days, so that the same list is not asked for anew with each drawing. */
function unusedFor(activity: string) {
  if (activity === "never") return { neverActive: true };
  const days = Number(activity);
  if (!days) return {};
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  return { lastActivityBefore: new Date(today - days * DAY_MS).toISOString() };
}
