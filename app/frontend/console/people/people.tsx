import { Anchor, Badge, Button, Group, Select, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconSearchOff, IconUserPlus, IconUsers } from "@tabler/icons-react";
import { Link } from "wouter";

import { useRead } from "../api/read";
import { useMembership, useOrganization, useOrganizationId } from "../session/session";
import { AllowedButton } from "../shared/allowed-button";
import { useFilters } from "../shared/filters";
import { type Column, List, type Order } from "../shared/list";
import { Nothing } from "../shared/nothing";
import { Page } from "../shared/page";
import { Pager, usePaging } from "../shared/paging";
import { SearchField } from "../shared/search-field";
import { StateBadge } from "../shared/state-badge";
import { Time } from "../shared/time";
import { AddPerson } from "./add-person";
import { PeopleDocument, type PeopleQuery } from "./people.generated";

type Row = PeopleQuery["organizationUsers"]["nodes"][number];

const PAGE = 25;

const STATES = [
  { value: "ACTIVE", label: "Active" },
  { value: "DEACTIVATED", label: "Deactivated" },
];
const ACTIVITY = [
  { value: "never", label: "Never active" },
  { value: "ever", label: "Active at least once" },
];

const COLUMNS: Column<Row>[] = [
  { key: "name", title: "Name", order: "NAME", width: "44%", render: (row) => <Name row={row} /> },
  { key: "state", title: "State", render: (row) => <StateBadge state={row.state} /> },
  {
    key: "activity",
    title: "Last activity",
    order: "LAST_ACTIVITY_TIME",
    render: (row) => <Time value={row.lastActivityTime} />,
  },
  {
    key: "joined",
    title: "Joined",
    order: "CREATE_TIME",
    render: (row) => <Time value={row.joinTime} />,
  },
];

/** The people of an organization. */
export default function PeoplePage() {
  const organizationId = useOrganizationId();
  const organization = useOrganization();
  const { values, set, clear, isFiltered } = useFilters(["search", "state", "activity", "order"]);
  const paging = usePaging();
  const [isAdding, { open, close }] = useDisclosure();
  const order = orderOf(values.order);
  const reading = useRead(PeopleDocument, {
    organizationId,
    first: PAGE,
    after: paging.after,
    filter: {
      isApplicationUser: false,
      search: values.search || null,
      states: values.state ? [values.state as Row["state"]] : null,
      neverActive: values.activity ? values.activity === "never" : null,
    },
    orderBy: order as { field: "NAME"; direction: "ASC" },
  });
  const people = reading.data?.organizationUsers;
  const add = (
    <AllowedButton
      leftSection={<IconUserPlus size={18} />}
      onClick={open}
      isAllowed={organization?.viewerCanAddOrganizationUser !== false}
      why="To add people you need the permission organization:users:write."
    >
      Add person
    </AllowedButton>
  );
  return (
    <Page
      title="People"
      description="Who manages this organization. People sign in with your identity provider, or with a token of their own."
      actions={add}
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
          caption="People"
          columns={COLUMNS}
          reading={reading}
          rows={people?.nodes}
          rowKey={(row) => row.id}
          order={order}
          onOrder={({ field, direction }) => set({ order: `${field}.${direction}` })}
          empty={
            isFiltered || paging.after ? (
              <Nothing
                icon={IconSearchOff}
                title="Nobody matches"
                action={
                  <Button variant="default" onClick={clear}>
                    Clear the filters
                  </Button>
                }
              />
            ) : (
              <Nothing icon={IconUsers} title="No people yet" action={add}>
                Everybody who looks after application users here should be a person of this
                organization, so that the audit log says who did what.
              </Nothing>
            )
          }
        />
        <Pager paging={paging} pageInfo={people?.pageInfo} isBusy={reading.isStale} />
      </div>
      <AddPerson isOpen={isAdding} onClose={close} />
    </Page>
  );
}

function Name({ row }: { row: Row }) {
  const isViewer = useMembership()?.user.id === row.id;
  return (
    <div style={{ minWidth: 0 }}>
      <Group gap="xs">
        <Anchor component={Link} href={`/people/${row.id}`} fw={550} style={{ overflowWrap: "anywhere" }}>
          {row.name}
        </Anchor>
        {isViewer && (
          <Badge size="sm" variant="light" tt="none">
            You
          </Badge>
        )}
      </Group>
      <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {row.email}
      </Text>
    </div>
  );
}

function orderOf(text: string): Order {
  const [field, direction] = text.split(".");
  const isKnown = COLUMNS.some((column) => column.order && column.order === field);
  if (!isKnown || !field) return { field: "CREATE_TIME", direction: "DESC" };
  return { field, direction: direction === "ASC" ? "ASC" : "DESC" };
}
