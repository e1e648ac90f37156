import { Badge, Group, Text } from "@mantine/core";

import type { Catalogue } from "./catalogue";

interface Props {
  name: string;
  catalogue: Catalogue | undefined;
  /** What it allows is told, too. */
  isDescribed?: boolean;
}

/** A role or permission: what people call it, and what grants call it. */
export function PermissionName({ name, catalogue, isDescribed = false }: Props) {
  const entry = catalogue?.byName.get(name);
  return (
    <div style={{ minWidth: 0 }}>
      <Group gap={8}>
        <Text span fw={550} style={{ overflowWrap: "anywhere" }}>
          {entry?.title ?? name}
        </Text>
        {entry?.isRole && (
          <Badge variant="light" color="iris" radius="sm" size="sm" tt="none">
            Role
          </Badge>
        )}
      </Group>
      {entry?.title && (
        <Text size="sm" c="dimmed" className="mono">
          {name}
        </Text>
      )}
      {isDescribed && entry && <Text size="sm">{entry.description}</Text>}
      {catalogue && !entry && (
        <Text size="sm" c="dimmed">
          It left the catalogue, and gives nothing.
        </Text>
      )}
    </div>
  );
}
