import type { AuditAction, AuditTargetKind } from "../schema.generated";

/** What was done, as a sentence about somebody begins: "Ada … generated a token". */
export const ACTIONS: Record<AuditAction, string> = {
  ORGANIZATION_CREATE: "Created the organization",
  APPLICATION_USER_CREATE: "Created an application user",
  APPLICATION_USER_UPDATE: "Changed an application user",
  APPLICATION_USER_DELETE: "Deleted an application user",
  TOKEN_GENERATE: "Generated a token",
  TOKEN_UPDATE: "Described a token",
  TOKEN_ROTATE: "Rotated a token",
  TOKEN_REVOKE: "Revoked a token",
  FOUND_TOKEN_REVOKE: "Revoked a leaked token",
  TOKEN_DEACTIVATE: "Deactivated an unused token",
  TOKEN_ACTIVATE: "Activated a token",
  TOKEN_EXPIRE_SOON: "Warned that a token expires soon",
  TOKEN_AUTHENTICATE: "Used a token",
  SUPERSEDED_TOKEN_AUTHENTICATE: "Used a token that was rotated",
  USER_ADD: "Added a person",
  USER_UPDATE: "Changed a person",
  USER_REMOVE: "Removed a person",
  GROUP_CREATE: "Created a group",
  GROUP_UPDATE: "Changed a group",
  GROUP_DELETE: "Deleted a group",
  GROUP_MEMBER_ADD: "Added a member to a group",
  GROUP_MEMBER_REMOVE: "Took a member out of a group",
  RESOURCE_CREATE: "Created a unit or project",
  RESOURCE_UPDATE: "Changed a unit or project",
  RESOURCE_DELETE: "Deleted a unit or project",
  PERMISSION_GRANT: "Granted permissions",
  PERMISSION_REVOKE: "Revoked permissions",
  POLICY_SET: "Set the policy",
  LIMIT_REQUEST: "Asked for a higher limit",
  LIMIT_SET: "Set the limit",
  LIMIT_ANSWER: "Answered a request for a higher limit",
  WEBHOOK_CREATE: "Created a webhook",
  WEBHOOK_UPDATE: "Changed a webhook",
  WEBHOOK_DELETE: "Deleted a webhook",
  ACCESS_REQUEST: "Asked for what is not allowed",
  ORGANIZATION_RESTORE: "Ended again what a restored backup had brought back",
};

export const KINDS: Record<AuditTargetKind, string> = {
  ORGANIZATION: "Organization",
  APPLICATION_USER: "Application user",
  ORGANIZATION_USER: "Person",
  TOKEN: "Token",
  GROUP: "Group",
  ORGANIZATIONAL_UNIT: "Unit",
  PROJECT: "Project",
  WEBHOOK_ENDPOINT: "Webhook",
  LIMIT_REQUEST: "Limit request",
};

/** Why a token was refused, of `AuditEvent.reason`; other reasons are sentences already. */
const REASONS: Record<string, string> = {
  REVOKED: "The token is revoked.",
  EXPIRED: "The token has expired.",
  SUPERSEDED: "The token was rotated, and its overlap is over.",
  USER_DEACTIVATED: "Its application user is deactivated.",
  UNUSED: "The token is deactivated for disuse.",
  POLICY: "The organization's policy does not allow it.",
  NETWORK: "It came from outside the allowed networks.",
};

export function reasonText(reason: string): string {
  return REASONS[reason] ?? reason;
}

/** What was done; the name of an action that this release does not know. */
export function actionText(event: { action: AuditAction | null; actionName: string }): string {
  return event.action ? ACTIONS[event.action] : event.actionName;
}
