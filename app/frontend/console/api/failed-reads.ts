import { useSyncExternalStore } from "react";
import type { CombinedError } from "urql";

/** What was to be read again and could not be, while what was read before is shown. */
export interface FailedRead {
  error: CombinedError;
  retry: () => void;
}

let current: FailedRead[] = [];
const listeners = new Set<() => void>();

function set(next: FailedRead[]) {
  current = next;
  listeners.forEach((listener) => listener());
}

/** Tells of one; returns what takes it back. */
export function tellFailedRead(failed: FailedRead): () => void {
  set([...current, failed]);
  return () => set(current.filter((each) => each !== failed));
}

export function useFailedReads(): FailedRead[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => current,
  );
}
