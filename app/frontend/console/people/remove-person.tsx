import { List, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useLocation } from "wouter";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { Confirm } from "../shared/confirm";
import { LastAdministrator } from "./last-administrator";
import { type PersonFieldsFragment, RemoveOrganizationUserDocument } from "./people.generated";

interface Props {
  person: PersonFieldsFragment;
  isViewer: boolean;
  onClose: () => void;
}

/** Removes a person for good, and leads back to the list. */
export function RemovePerson({ person, isViewer, onClose }: Props) {
  const [remove, isBusy] = useAct(RemoveOrganizationUserDocument);
  const [isLast, setLast] = useState(false);
  const [, navigate] = useLocation();

  async function act() {
    setLast(false);
    const outcome = await remove({ input: { organizationUserId: person.id } });
    if (!outcome) return;
    if (outcome.__typename === "LastAdministratorError") return setLast(true);
    onClose();
    if (isProblem(outcome)) return showProblem(outcome);
    navigate("/people", { replace: true });
    const count = outcome.revokedTokenCount;
    const tokens = count === 0 ? "" : ` ${count} of their tokens ${count === 1 ? "was" : "were"} revoked.`;
    notifications.show({ color: "teal", message: `${person.name} was removed.${tokens}` });
  }

  return (
    <Confirm
      title={`Remove ${person.name}`}
      action="Remove person"
      typed={person.name}
      isBusy={isBusy}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      {isLast && <LastAdministrator name={person.name} />}
      <Text size="sm">This cannot be undone. At once, and for good:</Text>
      <List size="sm">
        <List.Item>their sign-in ends, and their own tokens are revoked</List.Item>
        <List.Item>their permissions are taken, and their places in groups</List.Item>
      </List>
      <Text size="sm">
        Application users that they created stay, and so do those tokens. What they did stays in the
        audit log. They can be added again, and start without permissions.
      </Text>
      {isViewer && (
        <Text size="sm" fw={600}>
          This is you: you lose this organization.
        </Text>
      )}
    </Confirm>
  );
}
