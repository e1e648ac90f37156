import { Group, Text } from "@mantine/core";

/** The product's sign and name. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <Group gap={size / 3} wrap="nowrap">
      <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="var(--mantine-color-iris-7)" />
        <circle cx="12.5" cy="16" r="4.5" fill="none" stroke="#fff" strokeWidth="2.6" />
        <path d="M17 16h9m-3.2 0v4" fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" />
      </svg>
      <Text fw={650} fz={size > 30 ? "xl" : "md"} span lh={1}>
        application-users
      </Text>
    </Group>
  );
}
