import { ACTIONS } from "../audit/words";
import type { AuditAction } from "../schema.generated";

/** Words of their own where only one outcome is told of. */
const WORDS: Record<AuditAction, string> = {
  ...ACTIONS,
  TOKEN_AUTHENTICATE: "Used a token, and was refused",
};

/** What an action is about, by how its name begins; the first that fits. */
const GROUPS: [title: string, beginnings: string[]][] = [
  ["Application users", ["APPLICATION_USER_"]],
  ["Tokens", ["TOKEN_", "FOUND_TOKEN_", "SUPERSEDED_TOKEN_"]],
  ["People", ["USER_"]],
  ["Groups", ["GROUP_"]],
  ["Permissions", ["PERMISSION_", "ACCESS_"]],
  ["Organization", [""]],
];

/** All actions as a field of choices takes them. */
export const CHOICES = GROUPS.map(([group]) => ({
  group,
  items: Object.entries(WORDS)
    .filter(([action]) => groupOf(action) === group)
    .map(([value, label]) => ({ value, label })),
}));

function groupOf(action: string): string | undefined {
  return GROUPS.find(([, beginnings]) => beginnings.some((each) => action.startsWith(each)))?.[0];
}

/** What an endpoint is told of; the API's name of what this release does not know. */
export function toldText(action: AuditAction | null, name: string): string {
  return action ? WORDS[action] : name;
}

/** How many actions an endpoint is told of. */
export function actionCount(actions: readonly string[] | null): string {
  if (actions === null) return "All actions";
  return actions.length === 1 ? "1 action" : `${actions.length} actions`;
}
