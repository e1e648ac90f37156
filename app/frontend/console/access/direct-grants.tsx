import { ActionIcon, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconShieldPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";

import { useRead } from "../api/read";
import { useOrganization, useOrganizationId } from "../session/session";
import { AllowedButton } from "../shared/allowed-button";
import { EmptySection } from "../shared/empty-section";
import { type Column, List } from "../shared/list";
import { Pager, usePaging } from "../shared/paging";
import { Section } from "../shared/section";
import { Time } from "../shared/time";
import { UserLink } from "../shared/user-link";
import { DirectGrantsDocument, type DirectGrantsQuery } from "./access.generated";
import type { Catalogue } from "./catalogue";
import { GrantPermissions } from "./grant-permissions";
import { PlaceName, usePlaces } from "./names";
import { PermissionName } from "./permission-name";
import { RevokePermission } from "./revoke-permission";

export type DirectGrant = DirectGrantsQuery["permissionGrants"]["nodes"][number];

const PAGE = 100;

interface Props {
  principalId: string;
  catalogue: Catalogue | undefined;
}

/** What was granted to somebody itself, and how to grant and revoke. */
export function DirectGrants({ principalId, catalogue }: Props) {
  const organizationId = useOrganizationId();
  const organization = useOrganization();
  const { places } = usePlaces();
  const paging = usePaging("grants");
  const [isGranting, { open, close }] = useDisclosure();
  const [revoked, setRevoked] = useState<DirectGrant | null>(null);
  const reading = useRead(DirectGrantsDocument, {
    organizationId,
    principalId,
    first: PAGE,
    after: paging.after,
  });
  const grants = reading.data?.permissionGrants;
  const mayGrant = organization?.viewerCanGrantPermissions !== false;
  const isGroup = principalId.startsWith("group_");

  const columns: Column<DirectGrant>[] = [
    {
      key: "permission",
      title: "Permission",
      width: "44%",
      render: (grant) => <PermissionName name={grant.permission} catalogue={catalogue} />,
    },
    { key: "on", title: "On", render: (grant) => <PlaceName id={grant.resourceId} /> },
    {
      key: "granted",
      title: "Granted",
      render: (grant) => (
        <div>
          <Time value={grant.createTime} />
          <Text size="sm" c="dimmed">
            by <UserLink user={grant.createdBy} isInText />
          </Text>
        </div>
      ),
    },
    {
      key: "acts",
      title: "Acts",
      isTitleHidden: true,
      width: 60,
      render: (grant) => {
        const name = `Revoke ${catalogue?.titleOf(grant.permission) ?? grant.permission}`;
        return (
          <Tooltip label="Revoke">
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={`${name} on ${places.get(grant.resourceId)?.name ?? grant.resourceId}`}
              disabled={!mayGrant}
              onClick={() => setRevoked(grant)}
            >
              <IconTrash size={18} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        );
      },
    },
  ];
  const grant = (
    <AllowedButton
      isAllowed={mayGrant}
      why="Organization admins grant permissions: role:organization:admin is missing."
      variant="default"
      leftSection={<IconShieldPlus size={18} />}
      onClick={open}
    >
      Grant permissions
    </AllowedButton>
  );
  return (
    <Section
      title={isGroup ? "Granted to the group" : "Granted directly"}
      description="On the organization, a unit or a project; a grant reaches everything below."
      actions={grant}
    >
      <List
        caption={isGroup ? "Granted to the group" : "Granted directly"}
        columns={columns}
        reading={reading}
        rows={grants && byPlace(grants.nodes, organizationId, catalogue)}
        rowKey={(each) => `${each.resourceId} ${each.permission}`}
        expected={2}
        empty={
          <EmptySection icon={IconShieldPlus} title={isGroup ? "Nothing granted yet" : "Nothing granted directly"}>
            {isGroup
              ? "Grant the group a role or permission, and each member holds it."
              : "Grant a role or permission here, or add to a group that holds what is needed."}
          </EmptySection>
        }
      />
      <Pager paging={paging} pageInfo={grants?.pageInfo} isBusy={reading.isStale} />
      <GrantPermissions
        isOpen={isGranting}
        onClose={close}
        principalId={principalId}
        catalogue={catalogue}
        held={grants?.nodes ?? []}
      />
      {revoked && (
        <RevokePermission
          principalId={principalId}
          grant={revoked}
          catalogue={catalogue}
          onClose={() => setRevoked(null)}
        />
      )}
    </Section>
  );
}

/** The organization's first, then resource by resource, each in the catalogue's order. */
function byPlace(grants: DirectGrant[], organizationId: string, catalogue: Catalogue | undefined) {
  const order = catalogue?.inOrder(new Set(grants.map((grant) => grant.permission))) ?? [];
  const place = ({ resourceId }: DirectGrant) => (resourceId === organizationId ? "" : resourceId);
  return [...grants].sort(
    (a, b) =>
      place(a).localeCompare(place(b)) ||
      order.indexOf(a.permission) - order.indexOf(b.permission),
  );
}
