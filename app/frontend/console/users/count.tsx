import { Text } from "@mantine/core";

/** How many there are; quiet where there is none. */
export function Count({ count }: { count: number }) {
  return (
    <Text span inherit className="digits" c={count === 0 ? "dimmed" : undefined}>
      {count === 0 ? "None" : count.toLocaleString("en")}
    </Text>
  );
}
