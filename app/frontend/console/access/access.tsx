import { Skeleton, Stack } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useMemo } from "react";

import { useRead } from "../api/read";
import { GroupsOfDocument } from "../groups/groups.generated";
import { Memberships } from "../groups/memberships";
import { useMembership, useOrganizationId, useViewer } from "../session/session";
import { EmptySection } from "../shared/empty-section";
import { useFilters } from "../shared/filters";
import { Section } from "../shared/section";
import { useCatalogue } from "./catalogue";
import { DirectGrants } from "./direct-grants";
import { EffectivePermissions } from "./effective-permissions";
import { GroupNamesContext, NamesProvider, useIsAdmin } from "./names";

interface Props {
  /** The application user, person or group whose permissions are shown. */
  principalId: string;
}

/** What somebody may do, where each permission comes from, and how to grant and revoke. */
export function Access({ principalId }: Props) {
  const organizationId = useOrganizationId();
  const viewer = useViewer();
  const membership = useMembership();
  const isAdmin = useIsAdmin();
  const catalogue = useCatalogue();
  const { values, set } = useFilters(["on"]);
  const on = isAdmin && values.on ? values.on : organizationId;
  const isGroup = principalId.startsWith("group_");
  const mayReadGroups = isAdmin || membership?.permissions.includes("organization:groups:write");
  const groups = useRead(
    GroupsOfDocument,
    { organizationId, memberId: principalId },
    { pause: isGroup || !mayReadGroups },
  );
  const groupNames = useMemo(() => {
    if (isGroup || !mayReadGroups || groups.error) return new Map<string, string>();
    return groups.data && new Map(groups.data.groups.nodes.map((each) => [each.id, each.name]));
  }, [isGroup, mayReadGroups, groups.data, groups.error]);
  // Whoever asks about others without being allowed to is refused, and the audit log says so.
  const maySeeEffects = isAdmin || membership?.user.id === principalId;
  if (!viewer) return <Skeleton h={320} />;
  return (
    <NamesProvider on={on} isAdmin={isAdmin}>
      <GroupNamesContext value={groupNames}>
        <Stack gap="lg">
          {maySeeEffects && (
            <EffectivePermissions
              principalId={principalId}
              on={on}
              onChange={(id) => set({ on: id === organizationId ? null : id })}
              isAdmin={isAdmin}
              catalogue={catalogue}
            />
          )}
          {isAdmin && <DirectGrants principalId={principalId} catalogue={catalogue} />}
          {!maySeeEffects && (
            <Section title="Permissions">
              <EmptySection icon={IconLock} title="Shown to organization admins">
                To see and change what was granted, you need{" "}
                <span className="mono">role:organization:admin</span>.
              </EmptySection>
            </Section>
          )}
          {!isGroup && mayReadGroups && <Memberships principalId={principalId} reading={groups} />}
        </Stack>
      </GroupNamesContext>
    </NamesProvider>
  );
}
