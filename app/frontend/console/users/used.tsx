import { Anchor, Tooltip } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "wouter";

import type { Organization } from "../session/session";

/** How much of the limit is used, for example "8 of 50"; leads to the limit. */
export function Used({ organization }: { organization: Organization | undefined }) {
  if (!organization) return null;
  const count = organization.applicationUserCount.toLocaleString("en");
  const limit = organization.applicationUserLimit.toLocaleString("en");
  const isFull = organization.applicationUserCount >= organization.applicationUserLimit;
  const said = isFull ? "The limit is reached" : `Your organization may have ${limit}`;
  return (
    <Tooltip label={said}>
      <Anchor
        component={Link}
        href="/limits"
        size="sm"
        c={isFull ? "var(--mantine-color-yellow-light-color)" : "dimmed"}
        className="digits"
        style={{ display: "inline-flex", alignItems: "center", gap: 4 }}
        aria-label={`${count} of ${limit} application users. ${said}`}
      >
        {isFull && <IconAlertTriangle size={15} aria-hidden />}
        {count} of {limit}
      </Anchor>
    </Tooltip>
  );
}
