import { Code, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { ReactNode } from "react";
import { useLocation } from "wouter";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { Confirm } from "../shared/confirm";
import type { ApplicationUser } from "./application-user";
import { DeleteApplicationUserDocument } from "./application-user.generated";
import { CutOff, tokens, useCutOff } from "./cut-off";

/** How many names are shown of a list; one more is asked for, to know whether there are more. */
const SHOWN = 10;

interface Props {
  user: ApplicationUser;
  onClose: () => void;
}

/** Deletes an application user, and leads back to the list. */
export function DeleteApplicationUser({ user, onClose }: Props) {
  const [, navigate] = useLocation();
  const [remove, isBusy] = useAct(DeleteApplicationUserDocument);
  const preview = useCutOff(user.id);

  async function confirm() {
    const outcome = await remove({ input: { applicationUserId: user.id } });
    if (!outcome) return;
    onClose();
    if (isProblem(outcome)) return showProblem(outcome);
    navigate("/application-users", { replace: true });
    notifications.show({
      color: "teal",
      title: `${user.name} was deleted`,
      message: revoked(outcome.revokedTokenCount),
    });
  }

  return (
    <Confirm
      title="Delete this application user?"
      action="Delete"
      typed={user.name}
      isBusy={isBusy}
      isDisabled={!preview.data}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <Text>
        This cannot be undone: all tokens of <b>{user.name}</b> are revoked for good. To stop it for
        a while, deactivate it instead.
      </Text>
      <CutOff
        reading={preview}
        more={({ heldGroups, heldPermissions }) => (
          <>
            <Lost title="It leaves these groups" names={heldGroups.map((group) => group.name)} />
            <Lost
              title="It loses these permissions"
              names={heldPermissions.map((held) => held.permission)}
            />
          </>
        )}
      />
    </Confirm>
  );
}

function Lost({ title, names }: { title: string; names: string[] }): ReactNode {
  if (names.length === 0) return null;
  // The same permission may be held on several resources.
  const shown = [...new Set(names.slice(0, SHOWN))];
  return (
    <div>
      <Text size="sm" fw={550} mb={6}>
        {title}
      </Text>
      <Group gap={6}>
        {shown.map((name) => (
          <Code key={name} style={{ overflowWrap: "anywhere" }}>
            {name}
          </Code>
        ))}
        {names.length > SHOWN && (
          <Text size="sm" c="dimmed">
            and more
          </Text>
        )}
      </Group>
    </div>
  );
}

function revoked(count: number): string {
  if (count === 0) return "It had no token left to revoke.";
  return `${tokens(count)} ${count === 1 ? "was" : "were"} revoked with it.`;
}
