import { useMemo } from "react";

import type { UserState } from "../schema.generated";
import { useFilters } from "../shared/filters";
import type { Order } from "../shared/list";

const DAY_MS = 86_400_000;
const STEP_MS = 600_000;

export const STATES = [
  { value: "ACTIVE", label: "Active" },
  { value: "DEACTIVATED", label: "Deactivated" },
  { value: "DELETED", label: "Deleted" },
];

/** Those that were never used have no last use; each says which of the two it is about. */
export const ACTIVITY = [
  { value: "never", label: "Never used" },
  { value: "30", label: "Last used over 30 days ago" },
  { value: "90", label: "Last used over 90 days ago" },
  { value: "365", label: "Last used over a year ago" },
];

const ORDERS = ["NAME", "LAST_ACTIVITY_TIME", "CREATE_TIME"] as const;

/** Which application users are listed and in which order, kept in the address. */
export function useUserFilters() {
  const { values, set, clear, isFiltered } = useFilters(["search", "state", "activity"]);
  // A list in another order is not a shorter one.
  const { values: ordering, set: setOrdering } = useFilters(["order"]);
  const { search, state, activity } = values;
  const filter = useMemo(
    () => ({
      search: search || null,
      states: isKnown(state) ? [state as UserState] : null,
      ...unusedFor(activity),
    }),
    [search, state, activity],
  );
  const order = orderOf(ordering.order);
  function setOrder({ field, direction }: Order) {
    setOrdering({ order: `${field}.${direction}` });
  }
  return { values, set, clear, isFiltered, filter, order, setOrder };
}

function isKnown(state: string): boolean {
  return STATES.some((each) => each.value === state);
}

function orderOf(text: string) {
  const [name, direction] = text.split(".");
  const field = ORDERS.find((each) => each === name);
  if (!field) return { field: "CREATE_TIME", direction: "DESC" } as const;
  return { field, direction: direction === "ASC" ? "ASC" : "DESC" } as const;
}

/** In steps of some minutes, so that a list that was seen lately is shown while it is read anew. */
function unusedFor(activity: string) {
  if (activity === "never") return { neverActive: true };
  const days = ACTIVITY.some((each) => each.value === activity) ? Number(activity) : 0;
  if (!days) return {};
  const now = Math.floor(Date.now() / STEP_MS) * STEP_MS;
  return { lastActivityBefore: new Date(now - days * DAY_MS).toISOString() };
}
