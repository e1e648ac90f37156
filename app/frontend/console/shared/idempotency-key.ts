import { useState } from "react";

/** Not `randomUUID`, which browsers lack on pages that came by plain HTTP. */
function make(): string {
  const numbers = crypto.getRandomValues(new Uint32Array(5));
  return Array.from(numbers, (number) => number.toString(36)).join("-");
}

/**
 * A key with which a mutation is safe to repeat until its outcome is known, and how to have
 * another for what comes next.
 */
export function useIdempotencyKey(): [key: string, renew: () => string] {
  const [key, setKey] = useState(make);
  function renew() {
    const next = make();
    setKey(next);
    return next;
  }
  return [key, renew];
}
