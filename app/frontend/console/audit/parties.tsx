import { Anchor, Text } from "@mantine/core";
import { Link } from "wouter";

import { UserLink } from "../shared/user-link";
import type { AuditActorKind, AuditTargetKind } from "../schema.generated";
import { KINDS } from "./words";

interface Somebody {
  id: string;
  name: string;
  isApplicationUser: boolean;
}

/** Who acted. */
export function Actor({ event }: { event: { actorKind: AuditActorKind; actor: Somebody | null } }) {
  if (event.actor) return <UserLink user={event.actor} isInText />;
  const who = { OPERATOR: "The operator", SERVICE: "The service", USER: "Somebody unknown" };
  return <Text inherit>{who[event.actorKind]}</Text>;
}

interface Aimed {
  targetKind: AuditTargetKind | null;
  targetId: string;
  principalId: string | null;
  targetUser: Somebody | null;
}

/** What an event was about: the user by name, other things by their kind, and the way there. */
export function Target({ event }: { event: Aimed }) {
  const { targetKind, targetUser } = event;
  const kind = targetKind ? KINDS[targetKind] : "Something";
  const href = addressOf(event);
  const label = href ? (
    <Anchor component={Link} href={href} underline="always" inherit>
      {kind}
    </Anchor>
  ) : (
    kind
  );
  const isUser = targetKind === "APPLICATION_USER" || targetKind === "ORGANIZATION_USER";
  if (!targetUser) return label;
  if (isUser) return <UserLink user={targetUser} isInText />;
  return (
    <span>
      {label} · <UserLink user={targetUser} isInText />
    </span>
  );
}

function addressOf({ targetKind, targetId, targetUser }: Aimed): string | null {
  switch (targetKind) {
    case "TOKEN":
      return targetUser?.isApplicationUser
        ? `/application-users/${targetUser.id}/tokens/${targetId}`
        : null;
    case "GROUP":
      return `/groups/${targetId}`;
    case "WEBHOOK_ENDPOINT":
      return `/webhooks/${targetId}`;
    case "LIMIT_REQUEST":
      return "/limits";
    default:
      return null;
  }
}
