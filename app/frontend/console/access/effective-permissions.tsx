import { Button, Skeleton, Stack, Text } from "@mantine/core";
import { IconShieldOff } from "@tabler/icons-react";
import { useState } from "react";

import { useRead } from "../api/read";
import { EmptySection } from "../shared/empty-section";
import { Failure } from "../shared/failure";
import { Section } from "../shared/section";
import { EffectivePermissionsDocument } from "./access.generated";
import type { Catalogue } from "./catalogue";
import { HeldPermission } from "./held-permission";
import { ResourcePicker } from "./resource-picker";

/** What was granted directly, and is changed there, stands below them. */
const MOST_AT_FIRST = 8;

interface Props {
  principalId: string;
  /** What is asked about: the organization or a resource in it. */
  on: string;
  onChange: (resourceId: string) => void;
  /** The caller may choose among resources. */
  isAdmin: boolean;
  catalogue: Catalogue | undefined;
}

/** What somebody may do on a resource, and where each permission comes from. */
export function EffectivePermissions({ principalId, on, onChange, isAdmin, catalogue }: Props) {
  const [isWhole, setWhole] = useState(false);
  const reading = useRead(EffectivePermissionsDocument, { principalId, resourceId: on });
  const isGroup = principalId.startsWith("group_");
  const held = reading.data?.effectivePermissions;
  const outermost = held && catalogue ? catalogue.outermost(held.permissions) : undefined;
  const isComplete = held?.sources.length === held?.sourceCount;
  const shown = isWhole ? outermost : outermost?.slice(0, MOST_AT_FIRST);
  return (
    <Section
      title={isGroup ? "What its members may do" : "Permissions in effect"}
      description={`Grants add up: those made here${isGroup ? " and" : ","} on the levels above${isGroup ? "" : ", and through groups"}. A token can carry less: its scopes, who generated it, and the organization's policy cut it down.`}
      actions={
        isAdmin && <ResourcePicker label="Permissions on" isCompact value={on} onChange={onChange} />
      }
    >
      {reading.error && <Failure error={reading.error} retry={reading.refetch} />}
      {!reading.error && !shown && (
        <Stack p="md" pt={0} gap="md">
          <Skeleton h={70} />
          <Skeleton h={70} />
        </Stack>
      )}
      {shown?.length === 0 && (
        <EmptySection icon={IconShieldOff} title="No permissions here">
          {isGroup
            ? "Nothing was granted to this group here: being in it gives nothing."
            : "Nothing was granted here, on a level above, or through a group: tokens are accepted, and may do nothing."}
        </EmptySection>
      )}
      {held && shown && shown.length > 0 && catalogue && (
        <ul className={`held ${reading.isStale ? "stale" : ""}`} aria-label="Permissions in effect">
          {shown.map((name) => (
            <HeldPermission
              key={name}
              name={name}
              principalId={principalId}
              resourceId={on}
              catalogue={catalogue}
              grants={isComplete ? held.sources : undefined}
            />
          ))}
        </ul>
      )}
      {outermost && shown && outermost.length > shown.length && (
        <Text component="div" p="md" pt={0}>
          <Button variant="default" size="xs" onClick={() => setWhole(true)}>
            Show all {outermost.length}
          </Button>
        </Text>
      )}
    </Section>
  );
}
