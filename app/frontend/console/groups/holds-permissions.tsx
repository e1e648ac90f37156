import { Badge, Tooltip } from "@mantine/core";

/** Whether a group gives its members something, and what that means for who may change it. */
export function HoldsPermissions({ group }: { group: { holdsPermissions: boolean } }) {
  const { holdsPermissions } = group;
  return (
    <Tooltip
      multiline
      maw={280}
      label={
        holdsPermissions
          ? "Its members hold what it was granted. Only organization admins change it and its members."
          : "Being in it gives nothing yet. Whoever may manage groups can change it and its members."
      }
    >
      <Badge
        className="badge"
        variant="light"
        color={holdsPermissions ? "iris" : "gray"}
        radius="sm"
        tt="none"
        tabIndex={0}
      >
        {holdsPermissions ? "Holds permissions" : "None"}
      </Badge>
    </Tooltip>
  );
}
