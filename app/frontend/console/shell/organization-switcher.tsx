import { Group, Menu, Skeleton, Text, UnstyledButton } from "@mantine/core";
import { IconCheck, IconSelector } from "@tabler/icons-react";
import { useLocation } from "wouter";

import { useMembership, useViewer } from "../session/session";

/** The organization that is shown; of several, the way to the others. */
export function OrganizationSwitcher() {
  const memberships = useViewer()?.memberships;
  const membership = useMembership();
  const [, navigate] = useLocation();
  if (!memberships) return <Skeleton h={22} w={140} />;
  const name = membership?.organizationName ?? "Choose an organization";
  if (memberships.length < 2) {
    return (
      <Text fw={500} truncate title={name}>
        {name}
      </Text>
    );
  }
  return (
    <Menu position="bottom-start" width={280} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className="switcher" aria-label={`Organization: ${name}. Switch`}>
          <Group gap={6} wrap="nowrap">
            <Text fw={500} truncate>
              {name}
            </Text>
            <IconSelector size={16} aria-hidden />
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown mah={400} style={{ overflowY: "auto" }}>
        <Menu.Label>Your organizations</Menu.Label>
        {memberships.map((each) => (
          <Menu.Item
            key={each.organizationId}
            rightSection={each === membership ? <IconCheck size={16} aria-label="shown" /> : null}
            onClick={() => navigate(`~/console/${each.organizationId}/application-users`)}
          >
            {each.organizationName}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
