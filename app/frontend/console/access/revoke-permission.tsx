import { Alert, List, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconShieldLock } from "@tabler/icons-react";
import { useState } from "react";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { Confirm } from "../shared/confirm";
import { RevokePermissionsDocument } from "./access.generated";
import type { Catalogue } from "./catalogue";
import type { DirectGrant } from "./direct-grants";
import { PlaceName } from "./names";
import { PermissionName } from "./permission-name";

const MOST = 8;

interface Props {
  principalId: string;
  grant: DirectGrant;
  catalogue: Catalogue | undefined;
  onClose: () => void;
}

/** Takes one grant back, and says before what goes with it and what stays. */
export function RevokePermission({ principalId, grant, catalogue, onClose }: Props) {
  const [revoke, isBusy] = useAct(RevokePermissionsDocument);
  const [isLast, setLast] = useState(false);
  const isGroup = principalId.startsWith("group_");
  const given = catalogue?.inOrder(catalogue.givenBy(grant.permission)) ?? [];

  async function submit() {
    const { resourceId, permission } = grant;
    const outcome = await revoke({ input: { principalId, resourceId, permissions: [permission] } });
    if (!outcome) return;
    if (outcome.__typename === "LastAdministratorError") return setLast(true);
    if (isProblem(outcome)) return showProblem(outcome);
    onClose();
    const title = catalogue?.titleOf(permission) ?? permission;
    notifications.show({ color: "teal", message: `${title} was revoked.` });
  }

  return (
    <Confirm
      title="Revoke this permission?"
      action="Revoke"
      isBusy={isBusy}
      isDisabled={isLast}
      onConfirm={() => void submit()}
      onClose={onClose}
    >
      {isLast && <LastAdministrator />}
      <PermissionName name={grant.permission} catalogue={catalogue} isDescribed />
      <Text size="sm">
        It was granted on <PlaceName id={grant.resourceId} />.
      </Text>
      {given.length > 0 && (
        <div>
          <Text size="sm">It takes with it what the role gives:</Text>
          <List size="sm" mt={4}>
            {given.slice(0, MOST).map((name) => (
              <List.Item key={name}>{catalogue?.titleOf(name)}</List.Item>
            ))}
            {given.length > MOST && <List.Item>and {given.length - MOST} more</List.Item>}
          </List>
        </div>
      )}
      <Text size="sm" c="dimmed">
        {isGroup
          ? "It ends at once for every member. What they hold otherwise stays."
          : "It ends at once, for tokens too. What is held through groups or on levels above stays."}
      </Text>
    </Confirm>
  );
}

/** Why an act was refused that nothing else is wrong with. */
export function LastAdministrator() {
  return (
    <Alert
      color="red"
      role="alert"
      icon={<IconShieldLock />}
      title="The organization would be without an administrator"
    >
      Nothing was changed. Make another person an administrator first: grant them Organization admin
      on the organization.
    </Alert>
  );
}
