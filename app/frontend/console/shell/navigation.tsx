import { NavLink, Stack, Text } from "@mantine/core";
import {
  IconAdjustments,
  IconGauge,
  IconHistory,
  IconKey,
  IconUsers,
  IconUsersGroup,
  IconWebhook,
} from "@tabler/icons-react";
import { Link, useLocation } from "wouter";

import type { Organization } from "../session/session";

interface Item {
  path: string;
  title: string;
  icon: typeof IconKey;
  /** Without it everybody sees it: the page itself says what is missing. */
  isShown?: (organization: Organization) => boolean;
}

const ITEMS: { title: string; items: Item[] }[] = [
  {
    title: "Integrations",
    items: [{ path: "application-users", title: "Application users", icon: IconKey }],
  },
  {
    title: "Access",
    items: [
      { path: "groups", title: "Groups", icon: IconUsersGroup },
      { path: "people", title: "People", icon: IconUsers },
    ],
  },
  {
    title: "Organization",
    items: [
      {
        path: "audit-log",
        title: "Audit log",
        icon: IconHistory,
        isShown: (organization) => organization.viewerCanReadAuditEvents,
      },
      { path: "policy", title: "Policy", icon: IconAdjustments },
      {
        path: "webhooks",
        title: "Webhooks",
        icon: IconWebhook,
        isShown: (organization) => organization.viewerCanManageWebhooks,
      },
      { path: "limits", title: "Limits", icon: IconGauge },
    ],
  },
];

interface Props {
  organization: Organization | undefined;
  onNavigate: () => void;
}

/** The ways to the organization's pages. */
export function Navigation({ organization, onNavigate }: Props) {
  const [pathname] = useLocation();
  return (
    <Stack gap="lg">
      {ITEMS.map((section) => (
        <div key={section.title}>
          <Text size="xs" fw={600} c="dimmed" px="sm" mb={4}>
            {section.title}
          </Text>
          {section.items
            .filter((item) => !organization || !item.isShown || item.isShown(organization))
            .map((item) => {
              const href = `/${item.path}`;
              const isHere = pathname === href || pathname.startsWith(`${href}/`);
              return (
                <NavLink
                  key={item.path}
                  component={Link}
                  href={href}
                  active={isHere}
                  aria-current={isHere ? "page" : undefined}
                  label={item.title}
                  leftSection={<item.icon size={18} stroke={1.7} />}
                  onClick={onNavigate}
                  className="navigation"
                />
              );
            })}
        </div>
      ))}
    </Stack>
  );
}
