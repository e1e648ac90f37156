import { cacheExchange, Client, type CombinedError, fetchExchange, mapExchange } from "@urql/core";

import { accepted, refused } from "../session/credential";
import { setConnection } from "./connection";
import { newestExchange } from "./newest";

const ENDPOINT = "/graphql";
const PATIENCE_MS = 20_000;

/** A client for one sign-in: what it remembers is one caller's. */
export function createClient(text: string): Client {
  return new Client({
    url: ENDPOINT,
    preferGetMethod: false,
    requestPolicy: "cache-and-network",
    fetch: (input, init) => send(text, input, init),
    exchanges: [
      cacheExchange,
      mapExchange({
        onResult(result) {
          const code = result.error && codeOf(result.error);
          if (code === "UNAUTHENTICATED") refused(text);
          else if (code === "AWAY" || code === "UNAVAILABLE") setConnection("away");
          else {
            setConnection("answers");
            if (result.data) accepted(text);
          }
        },
      }),
      newestExchange,
      fetchExchange,
    ],
  });
}

async function send(text: string, input: RequestInfo | URL, init?: RequestInit) {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const headers = new Headers(init?.headers);
  headers.set("Accept", "application/graphql-response+json, application/json;q=0.9");
  headers.set("Authorization", `Bearer ${text}`);
  return fetch(input, {
    ...init,
    headers,
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
    signal: init?.signal ? AbortSignal.any([init.signal, patience]) : patience,
  });
}

/** The service's word for what failed; AWAY where there was no answer that could have one. */
export function codeOf(error: CombinedError): string {
  const code = error.graphQLErrors[0]?.extensions?.["code"];
  if (typeof code === "string") return code;
  const status = (error.response as Response | undefined)?.status;
  if (status === 401) return "UNAUTHENTICATED";
  if (status === 429) return "RATE_LIMITED";
  return error.networkError ? "AWAY" : "INTERNAL";
}

/** Whether the person's page should stay as it is: they can sign in again, or try again. */
export function isPassing(error: CombinedError): boolean {
  return ["UNAUTHENTICATED", "AWAY", "UNAVAILABLE"].includes(codeOf(error));
}

/** Whether the service answered, and yet said nothing of what was asked for. */
export function isMishap(error: CombinedError): boolean {
  return ["INTERNAL", "RATE_LIMITED"].includes(codeOf(error));
}
