import { Anchor, Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconSearchOff, IconUsersGroup } from "@tabler/icons-react";
import { Link } from "wouter";

import { useRead } from "../api/read";
import { useOrganization, useOrganizationId } from "../session/session";
import { AllowedButton } from "../shared/allowed-button";
import { useFilters } from "../shared/filters";
import { type Column, List, type Order } from "../shared/list";
import { Nothing } from "../shared/nothing";
import { Page } from "../shared/page";
import { Pager, usePaging } from "../shared/paging";
import { SearchField } from "../shared/search-field";
import { Time } from "../shared/time";
import { UserLink } from "../shared/user-link";
import { CreateGroup } from "./create-group";
import { GroupsDocument, type GroupsQuery } from "./groups.generated";
import { HoldsPermissions } from "./holds-permissions";

type Row = GroupsQuery["groups"]["nodes"][number];

const PAGE = 25;

const COLUMNS: Column<Row>[] = [
  {
    key: "name",
    title: "Name",
    order: "NAME",
    width: "44%",
    render: (group) => (
      <div style={{ minWidth: 0 }}>
        <Anchor component={Link} href={`/groups/${group.id}`} fw={550} style={{ overflowWrap: "anywhere" }}>
          {group.name}
        </Anchor>
        {group.description && (
          <Text size="sm" c="dimmed" lineClamp={1} title={group.description}>
            {group.description}
          </Text>
        )}
      </div>
    ),
  },
  {
    key: "permissions",
    title: "Permissions",
    render: (group) => <HoldsPermissions group={group} />,
  },
  {
    key: "created",
    title: "Created",
    order: "CREATE_TIME",
    render: (group) => <Time value={group.createTime} />,
  },
  {
    key: "by",
    title: "Created by",
    render: (group) => <UserLink user={group.createdBy} />,
  },
];

/** The groups of an organization. */
export default function GroupsPage() {
  const organizationId = useOrganizationId();
  const organization = useOrganization();
  const { values, set, clear, isFiltered } = useFilters(["search", "order"]);
  const paging = usePaging();
  const [isCreating, { open, close }] = useDisclosure();
  const order = orderOf(values.order);
  const reading = useRead(GroupsDocument, {
    organizationId,
    first: PAGE,
    after: paging.after,
    filter: { search: values.search || null },
    orderBy: order as { field: "NAME"; direction: "ASC" },
  });
  const groups = reading.data?.groups;
  const create = (
    <AllowedButton
      isAllowed={organization?.viewerCanCreateGroup !== false}
      why="You need the permission to manage groups: organization:groups:write."
      leftSection={<IconPlus size={18} />}
      onClick={open}
    >
      Create group
    </AllowedButton>
  );
  return (
    <Page
      title="Groups"
      description="People and application users that hold permissions together: what a group is granted, each of its members holds."
      actions={create}
    >
      <div className="surface">
        <Group p="sm" gap="sm">
          <SearchField
            label="Search by name"
            value={values.search}
            onSearch={(search) => set({ search })}
          />
        </Group>
        <List
          caption="Groups"
          columns={COLUMNS}
          reading={reading}
          rows={groups?.nodes}
          rowKey={(group) => group.id}
          order={order}
          onOrder={({ field, direction }) => set({ order: `${field}.${direction}` })}
          empty={
            isFiltered || paging.after ? (
              <Nothing
                icon={IconSearchOff}
                title="Nothing matches"
                action={
                  <Button variant="default" onClick={clear}>
                    Clear the search
                  </Button>
                }
              />
            ) : (
              <Nothing icon={IconUsersGroup} title="No groups yet" action={create}>
                A group saves granting the same to many. Grant it what a task needs, and put in who
                has that task: people and application users. Taking somebody out ends what they held
                through it.
              </Nothing>
            )
          }
        />
        <Pager paging={paging} pageInfo={groups?.pageInfo} isBusy={reading.isStale} />
      </div>
      <CreateGroup isOpen={isCreating} onClose={close} />
    </Page>
  );
}

function orderOf(text: string): Order {
  const [field, direction] = text.split(".");
  if (field !== "NAME" && field !== "CREATE_TIME") return { field: "CREATE_TIME", direction: "DESC" };
  return { field, direction: direction === "ASC" ? "ASC" : "DESC" };
}
