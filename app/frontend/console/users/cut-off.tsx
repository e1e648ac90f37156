import { Alert, Skeleton, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { type Reading, useRead } from "../api/read";
import { Failure } from "../shared/failure";
import { Time } from "../shared/time";
import { CutOffDocument, type CutOffQuery } from "./application-user.generated";

type Preview = NonNullable<CutOffQuery["deletionPreview"]>;

/** Reads what works with an application user's tokens at this moment, and what it holds. */
export function useCutOff(applicationUserId: string): Reading<CutOffQuery> {
  return useRead(CutOffDocument, { applicationUserId });
}

interface Props {
  reading: Reading<CutOffQuery>;
  /** Says what ends beside the tokens. */
  more?: (preview: Preview) => ReactNode;
}

/** Which tokens would be refused at once, and who used them last. */
export function CutOff({ reading, more }: Props) {
  if (reading.error) return <Failure error={reading.error} retry={reading.refetch} />;
  if (!reading.data) return <Skeleton h={120} />;
  const preview = reading.data.deletionPreview;
  // Somebody else deleted it: the act itself says so.
  if (!preview) return null;
  return (
    <>
      {preview.liveTokenCount === 0 ? (
        <Alert color="teal" icon={<IconCircleCheck />}>
          None of its tokens works at this moment: nothing is cut off.
        </Alert>
      ) : (
        <Alert
          color="yellow"
          icon={<IconAlertTriangle />}
          title={`${tokens(preview.liveTokenCount)} ${preview.liveTokenCount === 1 ? "stops" : "stop"} working at once`}
        >
          <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: "none" }}>
            {preview.liveTokens.map((token) => (
              <li key={token.id}>
                <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                  <span className="mono">{token.tokenPrefix}</span> {token.description}
                </Text>
                <LastUse token={token} />
              </li>
            ))}
            {preview.liveTokenCount > preview.liveTokens.length && (
              <Text size="sm" component="li">
                and {(preview.liveTokenCount - preview.liveTokens.length).toLocaleString("en")} more
              </Text>
            )}
          </Stack>
        </Alert>
      )}
      {more?.(preview)}
    </>
  );
}

function LastUse({ token }: { token: Preview["liveTokens"][number] }) {
  const place = [token.lastIp, token.lastUserAgentHumanReadable].filter(Boolean).join(" · ");
  return (
    <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
      {token.lastUsedTime ? (
        <>
          Last used <Time value={token.lastUsedTime} />
          {place && ` · ${place}`}
        </>
      ) : (
        "Never used"
      )}
    </Text>
  );
}

export function tokens(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "token" : "tokens"}`;
}
