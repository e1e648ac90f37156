import { Alert, List, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";

import { useRead } from "../api/read";
import { fromNow } from "../shared/time";
import { AllowlistPreviewDocument, type AllowlistPreviewQuery } from "./activity.generated";

interface Props {
  /** The token whose uses are looked at. */
  tokenId: string;
  /** Networks as `generateToken` takes them; empty for none. */
  networks: string[];
}

/** What an allowlist would have cut off of the uses of a token that are on record. */
export function AllowlistPreview({ tokenId, networks }: Props) {
  const [ipAllowlist] = useDebouncedValue(networks, 300);
  const { data, error } = useRead(
    AllowlistPreviewDocument,
    { tokenId, ipAllowlist },
    { pause: ipAllowlist.length === 0 },
  );
  if (networks.length === 0) return null;
  if (error) {
    return (
      <Alert color="gray" icon={<IconInfoCircle />}>
        What this would cut off shows once all of them are networks.
      </Alert>
    );
  }
  const preview = data?.allowlistPreview;
  if (!preview) return null;
  return (
    <div role="status">
      <Verdict preview={preview} />
    </div>
  );
}

function Verdict({ preview }: { preview: NonNullable<AllowlistPreviewQuery["allowlistPreview"]> }) {
  const { useCount, cutOffUseCount, unknownUseCount, cutOffUses, isComplete } = preview;
  const all = isComplete ? "uses on record" : "latest uses on record";
  if (useCount === 0) {
    return (
      <Alert color="gray" icon={<IconInfoCircle />}>
        No uses are on record: nobody can tell what this would cut off.
      </Alert>
    );
  }
  if (cutOffUseCount === 0) {
    return (
      <Alert color="teal" icon={<IconCircleCheck />}>
        This would have let in {unknownUseCount ? "what is known of" : "all of"} the{" "}
        {useCount.toLocaleString("en")} {all}.
      </Alert>
    );
  }
  return (
    <Alert
      color="yellow"
      icon={<IconAlertTriangle />}
      title={`This would have cut off ${cutOffUseCount.toLocaleString("en")} of ${useCount.toLocaleString("en")} ${all}`}
    >
      <List size="sm">
        {cutOffUses.nodes.map((use) => (
          <List.Item key={`${use.date} ${use.ip} ${use.userAgentHumanReadable}`}>
            <Text span inherit className="mono">
              {use.ip ?? "Unknown address"}
            </Text>{" "}
            {use.userAgentHumanReadable}, {use.useCount.toLocaleString("en")}{" "}
            {use.useCount === 1 ? "use" : "uses"}, {fromNow(use.lastUseTime)}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
