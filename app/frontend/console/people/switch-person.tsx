import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { Ask } from "../shared/ask";
import { Confirm } from "../shared/confirm";
import { LastAdministrator } from "./last-administrator";
import { type PersonFieldsFragment, UpdateOrganizationUserDocument } from "./people.generated";

interface Props {
  person: PersonFieldsFragment;
  isViewer: boolean;
  onClose: () => void;
}

/** Deactivates a person, or activates one that is deactivated. */
export function SwitchPerson({ person, isViewer, onClose }: Props) {
  const [update, isBusy] = useAct(UpdateOrganizationUserDocument);
  const [isLast, setLast] = useState(false);
  // What was begun stays what it is while the page behind it is read again.
  const [isActive] = useState(person.state === "ACTIVE");

  async function change() {
    setLast(false);
    const state = isActive ? "DEACTIVATED" : "ACTIVE";
    const outcome = await update({ input: { organizationUserId: person.id, state } });
    if (!outcome) return;
    if (outcome.__typename === "LastAdministratorError") return setLast(true);
    onClose();
    if (isProblem(outcome)) return showProblem(outcome);
    const became = isActive ? "deactivated" : "active again";
    notifications.show({ color: "teal", message: `${person.name} is ${became}.` });
  }

  if (!isActive) {
    return (
      <Ask
        title={`Activate ${person.name}`}
        action="Activate"
        isBusy={isBusy}
        onAct={() => void change()}
        onClose={onClose}
      >
        Their sign-in and their tokens that did not expire are accepted again, with the permissions
        that they hold.
      </Ask>
    );
  }
  return (
    <Confirm
      title={`Deactivate ${person.name}`}
      action="Deactivate"
      isBusy={isBusy}
      onConfirm={() => void change()}
      onClose={onClose}
    >
      {isLast && <LastAdministrator name={person.name} />}
      <Text size="sm">
        Their sign-in and their own tokens are refused at once. Permissions and groups are kept, and
        you can activate them again. Tokens of application users that they generated go on working.
      </Text>
      {isViewer && (
        <Text size="sm" fw={600}>
          This is you: you are signed out, and somebody else has to activate you.
        </Text>
      )}
    </Confirm>
  );
}
