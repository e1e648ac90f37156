import { useEffect, useState } from "react";

/**
 * Puts the focus back where it was when this began, once it ends: for a dialog that is mounted
 * open, which the library returns no focus from.
 */
export function useReturningFocus() {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    },
    [before],
  );
}
