import { Badge, type MantineColor } from "@mantine/core";

const COLORS: Record<string, MantineColor> = {
  ACTIVE: "teal",
  GRANTED: "teal",
  DELIVERED: "teal",
  SUCCEEDED: "teal",
  PENDING: "yellow",
  DEACTIVATED: "yellow",
  EXPIRED: "gray",
  DELETED: "gray",
  REVOKED: "red",
  REFUSED: "red",
  FAILED: "red",
  DECLINED: "red",
};

/** A state or status of the API as a word with a colour. */
export function StateBadge({ state, children }: { state: string; children?: string }) {
  return (
    <Badge className="badge" color={COLORS[state] ?? "gray"} variant="light" radius="sm" tt="none">
      {children ?? state.charAt(0) + state.slice(1).toLowerCase().replaceAll("_", " ")}
    </Badge>
  );
}
