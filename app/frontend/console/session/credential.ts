import { useSyncExternalStore } from "react";

/**
 * The credential of this tab. It lives in memory; where the person wished so, the tab's own
 * storage has it too, which the browser clears when the tab closes.
 */
export interface Credential {
  /** What is sent as bearer token: an access token, or a JWT of the identity provider. */
  readonly text: string;
  readonly isIdentity: boolean;
  /** The service refused it; what the person was at stays until they sign in again. */
  readonly isRefused: boolean;
}

const KEY = "application-users:credential";

let current: Credential | null = fromTab();
const listeners = new Set<() => void>();

function fromTab(): Credential | null {
  const kept = sessionStorage.getItem(KEY);
  return kept === null ? null : { text: kept, isIdentity: kept.split(".").length === 3, isRefused: false };
}

function set(next: Credential | null) {
  current = next;
  listeners.forEach((listener) => listener());
}

export function credential(): Credential | null {
  return current;
}

export function signIn(text: string, options: { isIdentity: boolean; keep: boolean }) {
  if (options.keep) sessionStorage.setItem(KEY, text);
  else sessionStorage.removeItem(KEY);
  set({ text, isIdentity: options.isIdentity, isRefused: false });
}

export function signOut() {
  sessionStorage.removeItem(KEY);
  set(null);
}

/** Hear that the service refused a credential; one that was replaced meanwhile does not matter. */
export function refused(text: string) {
  if (current?.text !== text || current.isRefused) return;
  sessionStorage.removeItem(KEY);
  set({ ...current, isRefused: true });
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
