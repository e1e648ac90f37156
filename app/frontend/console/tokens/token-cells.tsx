import { Group, Text, Tooltip } from "@mantine/core";
import { IconClockExclamation } from "@tabler/icons-react";

import { Time } from "../shared/time";
import type { TokenRowFragment } from "./tokens.generated";

const SOON_MS = 7 * 86_400_000;

/** Which token a dialog is about. */
export function TokenName({ token }: { token: Pick<TokenRowFragment, "tokenPrefix" | "description"> }) {
  return (
    <div>
      {token.description && (
        <Text size="sm" fw={550} lineClamp={3} style={{ overflowWrap: "anywhere" }}>
          {token.description}
        </Text>
      )}
      <Text size="sm" c="dimmed" className="mono">
        {token.tokenPrefix}
      </Text>
    </div>
  );
}

type Used = Pick<
  TokenRowFragment,
  "lastUsedTime" | "lastIp" | "lastUserAgent" | "lastUserAgentHumanReadable"
>;

/** When a token was used last, from where and by which program. */
export function LastUse({ token }: { token: Used }) {
  const { lastUsedTime, lastIp, lastUserAgent, lastUserAgentHumanReadable } = token;
  const places = [lastIp, lastUserAgentHumanReadable].filter(Boolean);
  return (
    <div>
      <Time value={lastUsedTime} empty="Never used" />
      {places.length > 0 && (
        <Tooltip
          label={lastUserAgent}
          disabled={!lastUserAgent || lastUserAgent === lastUserAgentHumanReadable}
          multiline
          maw={420}
        >
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {places.join(" · ")}
          </Text>
        </Tooltip>
      )}
    </div>
  );
}

type Expiring = Pick<
  TokenRowFragment,
  "status" | "expiryTime" | "extendWhenUsed" | "overlapEndTime"
>;

/** When a token expires; a warning where that is soon and no use moves it. */
export function Expiry({ token }: { token: Expiring }) {
  const { expiryTime, extendWhenUsed } = token;
  // It ended otherwise: what is left of the time means nothing any more.
  if (token.status === "REVOKED") return <Time value={null} empty="–" />;
  const isSoon =
    token.status === "ACTIVE" &&
    token.overlapEndTime === null &&
    !extendWhenUsed &&
    expiryTime !== null &&
    Date.parse(expiryTime) - Date.now() < SOON_MS;
  return (
    <div>
      {isSoon ? (
        <Group gap={4} wrap="nowrap" c="var(--mantine-color-yellow-light-color)" fw={550} display="inline-flex">
          <IconClockExclamation size={16} aria-label="Soon:" role="img" />
          <Time value={expiryTime} />
        </Group>
      ) : (
        <Time value={expiryTime} />
      )}
      {extendWhenUsed && (
        <Text size="sm" c="dimmed">
          Extends when used
        </Text>
      )}
    </div>
  );
}

/** When a token was generated, and by whom. */
export function Creation({ token }: { token: Pick<TokenRowFragment, "createTime" | "createdBy"> }) {
  return (
    <div>
      <Time value={token.createTime} />
      <Text size="sm" c="dimmed" lineClamp={1} style={{ wordBreak: "break-all" }}>
        by {token.createdBy?.name ?? "the operator"}
      </Text>
    </div>
  );
}
