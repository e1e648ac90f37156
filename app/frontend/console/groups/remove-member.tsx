import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";

import { LastAdministrator } from "../access/revoke-permission";
import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { Confirm } from "../shared/confirm";
import { RemoveGroupMembersDocument } from "./groups.generated";

interface Props {
  group: { id: string; name: string; holdsPermissions: boolean };
  /** Without a name on the page of the user itself. */
  user: { id: string; name?: string };
  onClose: () => void;
}

/** Takes one user out of a group. */
export function RemoveMember({ group, user, onClose }: Props) {
  const [remove, isBusy] = useAct(RemoveGroupMembersDocument);
  const [isLast, setLast] = useState(false);

  async function submit() {
    const outcome = await remove({ input: { groupId: group.id, userIds: [user.id] } });
    if (!outcome) return;
    if (outcome.__typename === "LastAdministratorError") return setLast(true);
    if (isProblem(outcome)) return showProblem(outcome);
    onClose();
    notifications.show({ color: "teal", message: user.name ? `${user.name} was removed from ${group.name}.` : `Removed from ${group.name}.` });
  }

  return (
    <Confirm
      title={user.name ? `Remove ${user.name} from ${group.name}?` : `Remove from ${group.name}?`}
      action="Remove"
      isBusy={isBusy}
      isDisabled={isLast}
      onConfirm={() => void submit()}
      onClose={onClose}
    >
      {isLast && <LastAdministrator />}
      <Text size="sm">
        {group.holdsPermissions
          ? "What is held through this group alone ends at once, for tokens too. What is held directly or through other groups stays."
          : "The group holds no permission, so nothing else changes."}
      </Text>
    </Confirm>
  );
}
