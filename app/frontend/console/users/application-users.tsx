import { Anchor, Button, Group, Select, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconPlus, IconSearchOff } from "@tabler/icons-react";
import { Link } from "wouter";

import { useRead } from "../api/read";
import { useOrganization, useOrganizationId } from "../session/session";
import { AllowedButton } from "../shared/allowed-button";
import { type Column, List } from "../shared/list";
import { Nothing } from "../shared/nothing";
import { Page } from "../shared/page";
import { Pager, usePaging } from "../shared/paging";
import { SearchField } from "../shared/search-field";
import { StateBadge } from "../shared/state-badge";
import { Time } from "../shared/time";
import { CreateApplicationUser } from "./create-application-user";
import { Count } from "./count";
import { ACTIVITY, STATES, useUserFilters } from "./filters";
import { Used } from "./used";
import { ApplicationUsersDocument, type ApplicationUsersQuery } from "./users.generated";

type Row = ApplicationUsersQuery["applicationUsers"]["nodes"][number];

const PAGE = 25;

const COLUMNS: Column<Row>[] = [
  {
    key: "name",
    title: "Name",
    order: "NAME",
    first: "ASC",
    width: "40%",
    render: (user) => (
      <div style={{ minWidth: 0 }}>
        <Name user={user} />
        {user.description && (
          <Text size="sm" c="dimmed" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
            {user.description}
          </Text>
        )}
      </div>
    ),
  },
  { key: "state", title: "State", render: (user) => <StateBadge state={user.state} /> },
  { key: "tokens", title: "Active tokens", render: (user) => <Count count={user.liveTokenCount} /> },
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
  const { values, set, clear, isFiltered, filter, order, setOrder } = useUserFilters();
  const paging = usePaging();
  const [isCreating, { open, close }] = useDisclosure();
  const reading = useRead(ApplicationUsersDocument, {
    organizationId,
    first: PAGE,
    after: paging.after,
    filter,
    orderBy: order,
  });
  const users = reading.data?.applicationUsers;
  const create = (
    <AllowedButton
      leftSection={<IconPlus size={18} />}
      isAllowed={!organization || canCreate(organization)}
      why="You need the permission organization:app_users:write for this."
      onClick={open}
    >
      Create application user
    </AllowedButton>
  );
  return (
    <Page
      title="Application users"
      badge={<Used organization={organization} />}
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
            maw={{ base: "none", sm: 170 }}
            style={{ flex: "1 1 130px" }}
          />
          <Select
            aria-label="Last activity"
            placeholder="Any activity"
            clearable
            data={ACTIVITY}
            value={values.activity || null}
            onChange={(activity) => set({ activity })}
            maw={{ base: "none", sm: 270 }}
            style={{ flex: "1 1 220px" }}
          />
        </Group>
        <List
          caption="Application users"
          columns={COLUMNS}
          reading={reading}
          rows={users?.nodes}
          rowKey={(user) => user.id}
          order={order}
          onOrder={setOrder}
          expected={8}
          empty={
            isFiltered || paging.after ? (
              <Nothing
                icon={IconSearchOff}
                title="Nothing matches"
                action={
                  <Button variant="default" onClick={clear}>
                    {isFiltered ? "Clear the filters" : "Go to the first page"}
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

function Name({ user }: { user: Row }) {
  // A deleted one has no page any more.
  if (user.state === "DELETED") {
    return (
      <Text fw={550} style={{ overflowWrap: "anywhere" }}>
        {user.name}
      </Text>
    );
  }
  return (
    <Anchor
      component={Link}
      href={`/application-users/${user.id}`}
      fw={550}
      lineClamp={3}
      style={{ overflowWrap: "anywhere" }}
    >
      {user.name}
    </Anchor>
  );
}

interface Limited {
  viewerCanCreateApplicationUser: boolean;
  applicationUserCount: number;
  applicationUserLimit: number;
}

/** At the limit the dialog opens all the same: it says how to get more. */
function canCreate(organization: Limited): boolean {
  const isFull = organization.applicationUserCount >= organization.applicationUserLimit;
  return organization.viewerCanCreateApplicationUser || isFull;
}
