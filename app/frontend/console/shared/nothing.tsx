import { Center, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { TablerIcon } from "@tabler/icons-react";
import { type ReactNode, useEffect } from "react";

interface Props {
  icon: TablerIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** It stands for the whole page: its title is the page's. */
  isPage?: boolean;
}

/** In place of an empty list: what would be here, and how to begin. */
export function Nothing({ icon: Icon, title, children, action, isPage = false }: Props) {
  useEffect(() => {
    if (isPage) document.title = `${title} · application-users`;
  }, [isPage, title]);
  return (
    <Center p="xl" mih={260}>
      <Stack align="center" gap="sm" maw={520}>
        <ThemeIcon size={52} radius="xl" variant="light">
          <Icon size={28} stroke={1.6} />
        </ThemeIcon>
        <Title order={isPage ? 1 : 2} size="h4" ta="center">
          {title}
        </Title>
        {children && (
          <Text c="dimmed" size="sm" ta="center" component="div">
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  );
}
