import { notifications } from "@mantine/notifications";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { Ask } from "../shared/ask";
import type { ApplicationUser } from "./application-user";
import { UpdateApplicationUserDocument } from "./application-user.generated";

interface Props {
  user: ApplicationUser;
  onClose: () => void;
}

/** Lets an application user's tokens work again. */
export function ActivateApplicationUser({ user, onClose }: Props) {
  const [update, isBusy] = useAct(UpdateApplicationUserDocument);

  async function activate() {
    const outcome = await update({ input: { applicationUserId: user.id, state: "ACTIVE" } });
    if (!outcome) return;
    onClose();
    if (isProblem(outcome)) return showProblem(outcome);
    notifications.show({ color: "teal", message: `${outcome.applicationUser.name} is active again.` });
  }

  return (
    <Ask
      title="Activate this application user?"
      action="Activate"
      isBusy={isBusy}
      onAct={() => void activate()}
      onClose={onClose}
    >
      The tokens of <b>{user.name}</b> that are neither revoked nor expired are accepted again at
      once. Revoke first what is meant to stay out.
    </Ask>
  );
}
