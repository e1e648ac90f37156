import { ActionIcon, Anchor, Button, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconUserMinus, IconUsersGroup, IconUsersPlus } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";

import type { Reading } from "../api/read";
import { EmptySection } from "../shared/empty-section";
import { type Column, List } from "../shared/list";
import { Section } from "../shared/section";
import { AddToGroup } from "./add-to-group";
import type { GroupsOfQuery } from "./groups.generated";
import { HoldsPermissions } from "./holds-permissions";
import { RemoveMember } from "./remove-member";

type Row = GroupsOfQuery["groups"]["nodes"][number];

const WHY = "It holds permissions, so only organization admins change who is in it.";

interface Props {
  /** A person or an application user. */
  principalId: string;
  reading: Reading<GroupsOfQuery>;
}

/** The groups that somebody is in, and how to put them into another. */
export function Memberships({ principalId, reading }: Props) {
  const [isAdding, { open, close }] = useDisclosure();
  const [left, setLeft] = useState<Row | null>(null);
  const groups = reading.data?.groups;
  const columns: Column<Row>[] = [
    {
      key: "name",
      title: "Group",
      width: "50%",
      render: (group) => (
        <div style={{ minWidth: 0 }}>
          <Anchor component={Link} href={`/groups/${group.id}`} fw={550} style={{ overflowWrap: "anywhere" }}>
            {group.name}
          </Anchor>
          {group.description && (
            <Text size="sm" c="dimmed" lineClamp={1}>
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
      key: "acts",
      title: "Acts",
      isTitleHidden: true,
      width: 60,
      render: (group) => (
        <Tooltip
          label={group.viewerCanChangeMembers ? "Remove from the group" : WHY}
          multiline
          maw={280}
        >
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={`Remove from ${group.name}`}
            {...(!group.viewerCanChangeMembers && { "data-disabled": true, "aria-disabled": true })}
            onClick={() => group.viewerCanChangeMembers && setLeft(group)}
          >
            <IconUserMinus size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      ),
    },
  ];
  return (
    <Section
      title="Groups"
      description="What a group holds, each of its members holds."
      actions={
        <Button variant="default" leftSection={<IconUsersPlus size={18} />} onClick={open}>
          Add to group
        </Button>
      }
    >
      <List
        caption="Groups"
        columns={columns}
        reading={reading}
        rows={groups?.nodes}
        rowKey={(group) => group.id}
        expected={2}
        empty={
          <EmptySection icon={IconUsersGroup} title="In no group">
            Whoever is in a group holds what the group was granted, until they are taken out.
          </EmptySection>
        }
      />
      {groups?.pageInfo.hasNextPage && (
        <Text size="sm" c="dimmed" p="md">
          The first {groups.nodes.length} by name are shown.
        </Text>
      )}
      <AddToGroup
        isOpen={isAdding}
        onClose={close}
        principalId={principalId}
        among={groups?.nodes.map((group) => group.id) ?? []}
      />
      {left && (
        <RemoveMember group={left} user={{ id: principalId }} onClose={() => setLeft(null)} />
      )}
    </Section>
  );
}
