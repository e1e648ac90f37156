import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { Link } from "wouter";

import { useMembership } from "../session/session";

interface Props {
  title: string;
  /** A sentence or two on what this page is for. */
  description?: ReactNode;
  /** Beside the title, as a badge. */
  badge?: ReactNode;
  /** Buttons. */
  actions?: ReactNode;
  /** The pages above this one; addresses within the organization. */
  above?: { title: string; href: string }[];
  children: ReactNode;
}

/** A page inside the shell: its heading, its document title, and what it shows. */
export function Page({ title, description, badge, actions, above = [], children }: Props) {
  const organization = useMembership()?.organizationName;
  useEffect(() => {
    document.title = [title, organization, "application-users"].filter(Boolean).join(" · ");
  }, [title, organization]);
  return (
    <Stack gap="lg" maw={1200} mx="auto">
      <div>
        {above.length > 0 && (
          <Breadcrumbs mb="xs" aria-label="Breadcrumbs" component="nav" separatorMargin={6}>
            {above.map((each) => (
              <Anchor key={each.href} component={Link} href={each.href} size="sm">
                {each.title}
              </Anchor>
            ))}
            <Text size="sm" c="dimmed" aria-current="page" truncate>
              {title}
            </Text>
          </Breadcrumbs>
        )}
        <Group justify="space-between" align="flex-start" gap="md">
          <div style={{ minWidth: 0, flex: "1 1 320px" }}>
            <Group gap="sm">
              <Title order={1} size="h2" style={{ overflowWrap: "anywhere" }}>
                {title}
              </Title>
              {badge}
            </Group>
            {description && (
              <Text c="dimmed" mt={4} maw={720} component="div">
                {description}
              </Text>
            )}
          </div>
          {actions && <Group gap="sm">{actions}</Group>}
        </Group>
      </div>
      {children}
    </Stack>
  );
}
