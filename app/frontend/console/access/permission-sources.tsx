import { Button, Skeleton, Stack, Text } from "@mantine/core";
import { IconCornerDownRight } from "@tabler/icons-react";

import { explanation } from "../api/act";
import { useRead } from "../api/read";
import { Time } from "../shared/time";
import { UserLink } from "../shared/user-link";
import { ExplainPermissionDocument, type SourceFragment } from "./access.generated";
import type { Catalogue } from "./catalogue";
import { GroupLink, PlaceName } from "./names";

const MOST = 5;

interface Props {
  principalId: string;
  resourceId: string;
  permission: string;
  catalogue: Catalogue;
  /** All that reach the resource; undefined where they are too many to be read at once. */
  grants: readonly SourceFragment[] | undefined;
}

/** The grants that give somebody a permission: to whom, where, by whom and when. */
export function PermissionSources(props: Props) {
  const { principalId, resourceId, permission, catalogue, grants } = props;
  const { data, error, refetch } = useRead(
    ExplainPermissionDocument,
    { principalId, resourceId, permission },
    { pause: grants !== undefined },
  );
  const sources = grants ? catalogue.giving(permission, grants) : data?.explainPermission;
  if (!sources && error) {
    return (
      <Text size="sm" c="dimmed" component="div">
        {explanation(error)}{" "}
        <Button variant="subtle" size="compact-sm" onClick={refetch}>
          Try again
        </Button>
      </Text>
    );
  }
  if (!sources) return <Skeleton h={22} maw={420} />;
  const more = sources.length - MOST;
  return (
    <Stack component="ul" gap={2} m={0} p={0} className="sources">
      {sources.slice(0, MOST).map((source) => (
        <Text
          key={[source.granted, source.resourceId, source.groupId].join()}
          component="li"
          size="sm"
        >
          <IconCornerDownRight size={14} aria-hidden className="sources-mark" />
          <SourceText source={source} permission={permission} catalogue={catalogue} />
        </Text>
      ))}
      {more > 0 && (
        <Text component="li" size="sm" c="dimmed">
          and {more} more
        </Text>
      )}
    </Stack>
  );
}

interface SourceProps {
  source: SourceFragment;
  permission: string;
  catalogue: Catalogue;
}

function SourceText({ source, permission, catalogue }: SourceProps) {
  return (
    <>
      {source.groupId ? (
        <>
          Through <GroupLink id={source.groupId} />
        </>
      ) : (
        "Directly"
      )}
      {source.granted !== permission && <>, with {catalogue.titleOf(source.granted)}</>}, on{" "}
      <PlaceName id={source.resourceId} />{" "}
      <Text span inherit c="dimmed">
        · granted <Time value={source.createTime} /> by <UserLink user={source.createdBy} isInText />
      </Text>
    </>
  );
}
