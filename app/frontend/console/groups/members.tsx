import { ActionIcon, Badge, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconUserPlus, IconUsers, IconUserMinus } from "@tabler/icons-react";
import { useState } from "react";

import type { Reading } from "../api/read";
import { AllowedButton } from "../shared/allowed-button";
import { EmptySection } from "../shared/empty-section";
import { type Column, List } from "../shared/list";
import { Pager, type usePaging } from "../shared/paging";
import { Section } from "../shared/section";
import { StateBadge } from "../shared/state-badge";
import { Time } from "../shared/time";
import { UserLink } from "../shared/user-link";
import { AddMembers } from "./add-members";
import type { GroupQuery } from "./groups.generated";
import { RemoveMember } from "./remove-member";

type Group = NonNullable<GroupQuery["group"]>;
type Member = Group["members"]["edges"][number];

const WHY = "It holds permissions, so only organization admins change who is in it.";

interface Props {
  group: Group | undefined;
  reading: Reading<GroupQuery>;
  paging: ReturnType<typeof usePaging>;
}

/** Who is in a group, and how to add and remove. */
export function Members({ group, reading, paging }: Props) {
  const [isAdding, { open, close }] = useDisclosure();
  const [leaving, setLeaving] = useState<Member["node"] | null>(null);
  const mayChange = group?.viewerCanChangeMembers ?? true;
  const columns: Column<Member>[] = [
    {
      key: "name",
      title: "Name",
      width: "40%",
      render: ({ node }) => (
        <div style={{ minWidth: 0 }}>
          <UserLink user={node} fw={550} />
          {!node.isApplicationUser && (
            <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
              {node.email}
            </Text>
          )}
        </div>
      ),
    },
    {
      key: "kind",
      title: "Kind",
      render: ({ node }) => (
        <Badge variant="default" radius="sm" tt="none" fw={500}>
          {node.isApplicationUser ? "Application user" : "Person"}
        </Badge>
      ),
    },
    { key: "state", title: "State", render: ({ node }) => <StateBadge state={node.state} /> },
    { key: "joined", title: "Added", render: ({ joinTime }) => <Time value={joinTime} /> },
  ];
  if (mayChange) {
    columns.push({
      key: "acts",
      title: "Acts",
      isTitleHidden: true,
      width: 60,
      render: ({ node }) => (
        <Tooltip label="Remove from the group">
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={`Remove ${node.name} from the group`}
            onClick={() => setLeaving(node)}
          >
            <IconUserMinus size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      ),
    });
  }
  const add = (
    <AllowedButton
      isAllowed={mayChange}
      why={WHY}
      variant="default"
      leftSection={<IconUserPlus size={18} />}
      onClick={open}
    >
      Add members
    </AllowedButton>
  );
  return (
    <Section
      title="Members"
      description={mayChange ? "What the group holds, each of them holds." : WHY}
      actions={add}
    >
      <List
        caption="Members"
        columns={columns}
        reading={reading}
        rows={group?.members.edges}
        rowKey={({ node }) => node.id}
        expected={3}
        empty={
          <EmptySection icon={IconUsers} title="Nobody is in it yet">
            Add people and application users. They hold what the group holds from that moment on.
          </EmptySection>
        }
      />
      <Pager paging={paging} pageInfo={group?.members.pageInfo} isBusy={reading.isStale} />
      {group && <AddMembers isOpen={isAdding} onClose={close} group={group} />}
      {group && leaving && (
        <RemoveMember group={group} user={leaving} onClose={() => setLeaving(null)} />
      )}
    </Section>
  );
}
