import { Skeleton, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useLocation } from "wouter";

import { useCatalogue } from "../access/catalogue";
import { useIsAdmin } from "../access/names";
import { LastAdministrator } from "../access/revoke-permission";
import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { useRead } from "../api/read";
import { useOrganizationId } from "../session/session";
import { Confirm } from "../shared/confirm";
import { Failure } from "../shared/failure";
import { DeleteGroupDocument, GroupDeletionDocument } from "./groups.generated";

interface Props {
  group: { id: string; name: string; holdsPermissions: boolean };
  onClose: () => void;
}

/** Deletes a group, and says before what its members lose. */
export function DeleteGroup({ group, onClose }: Props) {
  const organizationId = useOrganizationId();
  const isAdmin = useIsAdmin();
  const catalogue = useCatalogue();
  const [, navigate] = useLocation();
  const [remove, isBusy] = useAct(DeleteGroupDocument);
  const [isLast, setLast] = useState(false);
  const reading = useRead(GroupDeletionDocument, { organizationId, groupId: group.id, isAdmin });
  const members = reading.data?.group?.members;
  const grants = reading.data?.permissionGrants;
  const names = [...new Set(grants?.nodes.map((each) => each.permission))];

  async function submit() {
    const outcome = await remove({ input: { groupId: group.id } });
    if (!outcome) return;
    if (outcome.__typename === "LastAdministratorError") return setLast(true);
    if (isProblem(outcome)) return showProblem(outcome);
    onClose();
    navigate("/groups");
    notifications.show({ color: "teal", message: `${group.name} was deleted.` });
  }

  return (
    <Confirm
      title="Delete this group?"
      action="Delete group"
      typed={group.name}
      isBusy={isBusy}
      isDisabled={isLast || !members}
      onConfirm={() => void submit()}
      onClose={onClose}
    >
      {isLast && <LastAdministrator />}
      {reading.error && <Failure error={reading.error} retry={reading.refetch} />}
      {reading.isLoading && <Skeleton h={72} />}
      {members && (
        <Stack gap="xs">
          <Text size="sm">
            {members.nodes.length === 0 ? (
              "It has no members."
            ) : (
              <>
                Its members stay in the organization: <b>{listed(members.nodes.map(({ name }) => name), members.pageInfo.hasNextPage)}</b>.
              </>
            )}
          </Text>
          <Text size="sm">
            {!group.holdsPermissions && "It holds no permission, so nobody loses one."}
            {group.holdsPermissions && names.length > 0 && (
              <>
                Unless they hold it otherwise, each loses:{" "}
                <b>
                  {listed(
                    names.map((name) => catalogue?.titleOf(name) ?? name),
                    grants?.pageInfo.hasNextPage ?? false,
                  )}
                </b>
                .
              </>
            )}
          </Text>
        </Stack>
      )}
      <Text size="sm" c="dimmed">
        This cannot be undone. The name becomes free.
      </Text>
    </Confirm>
  );
}

function listed(names: string[], hasMore: boolean): string {
  return hasMore ? `${names.join(", ")} and more` : new Intl.ListFormat("en").format(names);
}
