import { Text } from "@mantine/core";
import type { ReactNode } from "react";

import { StateBadge } from "../shared/state-badge";
import { Time } from "../shared/time";
import type { TokenRowFragment } from "./tokens.generated";

/** What tells whether a token works, and why not. */
export type Stated = Pick<
  TokenRowFragment,
  | "status"
  | "blockedByPolicy"
  | "supersedeTime"
  | "overlapEndTime"
  | "revokeTime"
  | "revokedBy"
  | "expiryTime"
  | "user"
  | "viewerCanActivate"
>;

/** The token is deactivated itself, not only with its application user. */
export function isUnused(token: Stated): boolean {
  return token.status === "DEACTIVATED" && (token.viewerCanActivate || token.user.state === "ACTIVE");
}

/** The token is accepted beside its successor. */
export function isInOverlap(token: Stated): boolean {
  return token.status === "ACTIVE" && token.supersedeTime !== null;
}

/** Whether a token works, in a word. */
export function TokenBadge({ token }: { token: Stated }) {
  const { state, title } = described(token);
  return <StateBadge state={state}>{title}</StateBadge>;
}

/** Whether a token works, and below it why not or until when. */
export function TokenState({ token }: { token: Stated }) {
  const { why } = described(token);
  return (
    <div>
      <TokenBadge token={token} />
      {why && (
        <Text size="sm" c="dimmed" mt={2} component="div">
          {why}
        </Text>
      )}
    </div>
  );
}

function described(token: Stated): { state: string; title: string; why?: ReactNode } {
  const { status } = token;
  if (status === "REVOKED") {
    return { state: status, title: "Revoked", why: <Time value={token.revokeTime} /> };
  }
  if (status === "EXPIRED" && token.supersedeTime !== null) {
    return { state: status, title: "Rotated", why: <>Ended <Time value={token.overlapEndTime} /></> };
  }
  if (status === "EXPIRED") {
    return { state: status, title: "Expired", why: <Time value={token.expiryTime} /> };
  }
  if (isUnused(token)) return { state: status, title: "Deactivated", why: "Unused for too long" };
  if (status === "DEACTIVATED") {
    return { state: status, title: "Deactivated", why: "With its application user" };
  }
  if (token.blockedByPolicy) {
    return { state: "REFUSED", title: "Blocked", why: "By the policy" };
  }
  if (isInOverlap(token)) {
    return {
      state: "PENDING",
      title: "Rotated",
      why: <>Ends <Time value={token.overlapEndTime} /></>,
    };
  }
  return { state: status, title: "Active" };
}
