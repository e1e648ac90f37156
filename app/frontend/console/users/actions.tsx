import { IconPencil, IconPlayerPause, IconPlayerPlay, IconTrash } from "@tabler/icons-react";

import { AllowedButton } from "../shared/allowed-button";
import type { ApplicationUser } from "./application-user";

export type Act = "edit" | "deactivate" | "activate" | "delete";

const MISSING = "You need the permission organization:app_users:write for this.";
const MISSING_TO_ACTIVATE =
  "It holds permissions, so that only an administrator of the organization can activate it.";

interface Props {
  user: ApplicationUser;
  onAct: (act: Act) => void;
}

/** What can be done with an application user; where the caller may not, why. */
export function Actions({ user, onAct }: Props) {
  return (
    <>
      <AllowedButton
        px="sm"
        variant="default"
        leftSection={<IconPencil size={16} />}
        isAllowed={user.viewerCanUpdate}
        why={MISSING}
        onClick={() => onAct("edit")}
      >
        Edit
      </AllowedButton>
      {user.state === "DEACTIVATED" ? (
        <AllowedButton
          px="sm"
          leftSection={<IconPlayerPlay size={16} />}
          isAllowed={user.viewerCanActivate}
          why={user.viewerCanUpdate ? MISSING_TO_ACTIVATE : MISSING}
          onClick={() => onAct("activate")}
        >
          Activate
        </AllowedButton>
      ) : (
        <AllowedButton
          px="sm"
          variant="default"
          leftSection={<IconPlayerPause size={16} />}
          isAllowed={user.viewerCanUpdate}
          why={MISSING}
          onClick={() => onAct("deactivate")}
        >
          Deactivate
        </AllowedButton>
      )}
      <AllowedButton
        px="sm"
        variant="light"
        color="red"
        leftSection={<IconTrash size={16} />}
        isAllowed={user.viewerCanDelete}
        why={MISSING}
        onClick={() => onAct("delete")}
      >
        Delete
      </AllowedButton>
    </>
  );
}
