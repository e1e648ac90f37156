import { Group, Text, ThemeIcon } from "@mantine/core";
import type { TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Props {
  icon: TablerIcon;
  /** What there is none of, as a sentence without a full stop. */
  title: string;
  children: ReactNode;
}

/** In place of an empty list within a section. */
export function EmptySection({ icon: Icon, title, children }: Props) {
  return (
    <Group wrap="nowrap" align="flex-start" gap="md" px="md" pt={4} pb="lg">
      <ThemeIcon size={40} radius="xl" variant="light" color="gray">
        <Icon size={22} stroke={1.6} />
      </ThemeIcon>
      <div>
        <Text fw={550}>{title}</Text>
        <Text size="sm" c="dimmed" maw={620} component="div">
          {children}
        </Text>
      </div>
    </Group>
  );
}
