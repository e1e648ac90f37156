import { useSyncExternalStore } from "react";

/** Whether the service answers. One answer is enough to know that it is back. */
export type Connection = "answers" | "away";

let current: Connection = "answers";
const listeners = new Set<() => void>();

export function setConnection(next: Connection) {
  if (next === current) return;
  current = next;
  listeners.forEach((listener) => listener());
}

export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => current,
  );
}
