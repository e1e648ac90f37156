import { Group, Skeleton, Text } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  /** What each fact is called, what it is, and about how wide it will be, in px. */
  facts: [name: string, value: ReactNode, width?: number][];
  /** What has no value yet has an outline. */
  isLoading?: boolean;
}

/** What is known about a thing, as names and values; each as wide as it needs to be. */
export function Facts({ facts, isLoading = false }: Props) {
  return (
    <Group
      component="dl"
      className="surface"
      align="flex-start"
      m={0}
      p="lg"
      style={{ columnGap: 40, rowGap: 16 }}
    >
      {facts.map(([name, value, width = 140]) => (
        <div key={name} style={{ minWidth: "min(100%, 160px)", maxWidth: "100%" }}>
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <Text component="dd" size="sm" m={0} style={{ overflowWrap: "anywhere" }}>
            {isLoading && !value ? <Skeleton h={18} my={2} w={width} maw="100%" /> : value}
          </Text>
        </div>
      ))}
    </Group>
  );
}
