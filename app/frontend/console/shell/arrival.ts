import { type RefObject, useEffect, useRef } from "react";
import { useLocation } from "wouter";

/**
 * Takes who went to another page to its beginning: the view, and the focus where that is no longer
 * on the page. Who went back finds the place where they were.
 */
export function useArrival(page: RefObject<HTMLElement | null>) {
  const [pathname] = useLocation();
  const isBack = useRef(false);
  const last = useRef(pathname);

  useEffect(() => {
    const note = () => (isBack.current = true);
    addEventListener("popstate", note);
    return () => removeEventListener("popstate", note);
  }, []);

  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    const isFocusHere = page.current?.contains(document.activeElement) ?? false;
    if (!isFocusHere) {
      page.current?.focus({ preventScroll: true });
      if (!isBack.current) scrollTo(0, 0);
    }
    isBack.current = false;
  }, [pathname]);
}
