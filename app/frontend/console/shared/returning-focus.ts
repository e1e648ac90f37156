import { useEffect, useState } from "react";

/**
 * Puts the focus back where it was when this began, once it ends: for a dialog that is mounted
 * open, which the library returns no focus from. Where nothing had it, as behind a button that
 * waits for its answer, it goes to the dialog that is in front then.
 */
export function useReturningFocus() {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      const hadIt = before !== document.body && before?.isConnected;
      const next = hadIt ? before : [...document.querySelectorAll("[role=dialog]")].at(-1);
      if (next instanceof HTMLElement) next.focus({ preventScroll: true });
    },
    [before],
  );
}
