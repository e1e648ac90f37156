import {
  ActionIcon,
  Avatar,
  Menu,
  Skeleton,
  Text,
  Tooltip,
  UnstyledButton,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import { IconApi, IconLogout, IconMoon, IconSun } from "@tabler/icons-react";

import { signOut } from "../session/credential";
import { useMembership, useViewer } from "../session/session";

/** Dark or light; the system's choice until somebody makes one. */
export function ColorSchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme("light") === "dark";
  const label = isDark ? "Use light colours" : "Use dark colours";
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        onClick={() => setColorScheme(isDark ? "light" : "dark")}
      >
        {isDark ? <IconSun size={20} stroke={1.7} /> : <IconMoon size={20} stroke={1.7} />}
      </ActionIcon>
    </Tooltip>
  );
}

/** Who is signed in, and the way out. */
export function AccountMenu() {
  const viewer = useViewer();
  const user = useMembership()?.user ?? viewer?.memberships[0]?.user;
  return (
    <Menu position="bottom-end" width={280} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton aria-label="Your account" className="account">
          {viewer ? (
            <Avatar name={user?.name ?? "?"} color="iris" size={34} />
          ) : (
            <Skeleton circle h={34} w={34} />
          )}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className="menu-head">
          <Text component="div" fw={600} size="sm" truncate>
            {user?.name}
          </Text>
          <Text component="div" size="xs" c="dimmed" truncate>
            {viewer?.token ? `Token ${viewer.token.tokenPrefix}…` : user?.email}
          </Text>
        </div>
        <Menu.Divider />
        <Menu.Item component="a" href="/graphql" leftSection={<IconApi size={16} />}>
          GraphiQL
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
