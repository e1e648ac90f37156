import { useSyncExternalStore } from "react";

/**
 * The credential of this tab. It lives in memory; where the person wished so, the tab's own
 * storage has it too, which the browser clears when the tab closes.
 */
export interface Credential {
  /** What is sent as bearer token: an access token, or a JWT of the identity provider. */
  readonly text: string;
  readonly isIdentity: boolean;
  /** The tab's storage has it, too; the person's choice. */
  readonly isKept: boolean;
  /** The service refused it; what the person was at stays until they sign in again. */
  readonly isRefused: boolean;
  /** The service let it in at least once. */
  readonly isAccepted: boolean;
  /** It was given on this page; what the tab's storage had was most likely let in before. */
  readonly isNew: boolean;
  /** Which sign-in of this page it is from: the same text may be given again. */
  readonly number: number;
}

const KEY = "application-users:credential";

let number = 0;
let current: Credential | null = fromTab();
const listeners = new Set<() => void>();

function fromTab(): Credential | null {
  const kept = stored(() => sessionStorage.getItem(KEY));
  return kept ? { ...made(kept, true), isNew: false } : null;
}

/** A browser that is told to store nothing throws; the credential is in memory alone then. */
function stored<Value>(action: () => Value): Value | null {
  try {
    return action();
  } catch {
    return null;
  }
}

function made(text: string, isKept: boolean): Credential {
  number += 1;
  const isIdentity = text.split(".").length === 3;
  return { text, isIdentity, isKept, isRefused: false, isAccepted: false, isNew: true, number };
}

function set(next: Credential | null) {
  current = next;
  listeners.forEach((listener) => listener());
}

export function credential(): Credential | null {
  return current;
}

export function signIn(text: string, options: { keep: boolean }) {
  stored(() => {
    if (options.keep) sessionStorage.setItem(KEY, text);
    else sessionStorage.removeItem(KEY);
  });
  set(made(text, options.keep));
}

export function signOut() {
  stored(() => sessionStorage.removeItem(KEY));
  set(null);
}

/** Hear that the service refused a credential; one that was replaced meanwhile does not matter. */
export function refused(text: string) {
  if (current?.text !== text || current.isRefused) return;
  stored(() => sessionStorage.removeItem(KEY));
  set({ ...current, isRefused: true });
}

/** Hear that the service let a credential in. */
export function accepted(text: string) {
  if (current?.text !== text || current.isAccepted) return;
  set({ ...current, isAccepted: true });
}

export function useCredential(): Credential | null {
  return useSyncExternalStore(subscribe, credential);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** A pasted text as the token that a header can carry; "Bearer" in front is left out. */
export function cleanToken(text: string): string {
  return text.replace(/^\s*Bearer\s+/i, "").replace(/[^\x21-\x7e]/g, "");
}
