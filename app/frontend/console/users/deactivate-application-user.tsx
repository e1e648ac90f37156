import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { Confirm } from "../shared/confirm";
import type { ApplicationUser } from "./application-user";
import { UpdateApplicationUserDocument } from "./application-user.generated";
import { CutOff, useCutOff } from "./cut-off";

interface Props {
  user: ApplicationUser;
  onClose: () => void;
}

/** Stops an application user until somebody activates it again. */
export function DeactivateApplicationUser({ user, onClose }: Props) {
  const [update, isBusy] = useAct(UpdateApplicationUserDocument);
  const preview = useCutOff(user.id);

  async function confirm() {
    const outcome = await update({ input: { applicationUserId: user.id, state: "DEACTIVATED" } });
    if (!outcome) return;
    onClose();
    if (isProblem(outcome)) return showProblem(outcome);
    notifications.show({ color: "teal", message: `${outcome.applicationUser.name} is deactivated.` });
  }

  return (
    <Confirm
      title="Deactivate this application user?"
      action="Deactivate"
      isBusy={isBusy}
      isDisabled={!preview.data}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <Text>
        The tokens of <b>{user.name}</b> are refused until it is activated again. Nothing else
        changes: its name, its groups and its permissions stay.
      </Text>
      <CutOff reading={preview} />
    </Confirm>
  );
}
