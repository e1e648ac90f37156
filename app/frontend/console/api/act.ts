import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { type AnyVariables, type CombinedError, useClient } from "urql";

import { codeOf } from "./client";
import { ANYTHING } from "./read";

/** The member of the result union that a mutation's only field was answered with. */
type Outcome<Data> = Exclude<Data[Exclude<keyof Data, "__typename">], undefined>;

/**
 * Returns how to send a mutation, and whether one is under way. It resolves to the union's member,
 * or to null where there is none; the person was told why then, and nothing is known to be done.
 */
export function useAct<Data, Variables extends AnyVariables>(
  mutation: TypedDocumentNode<Data, Variables>,
): [act: (variables: Variables) => Promise<Outcome<Data> | null>, isBusy: boolean] {
  const client = useClient();
  const [running, setRunning] = useState(0);
  async function act(variables: Variables): Promise<Outcome<Data> | null> {
    setRunning((count) => count + 1);
    try {
      const context = { additionalTypenames: ANYTHING };
      const result = await client.mutation(mutation, variables, context).toPromise();
      const outcome = Object.entries(result.data ?? {}).find(([name]) => name !== "__typename");
      if (outcome?.[1]) return outcome[1] as Outcome<Data>;
      if (result.error) tell(result.error);
      return null;
    } finally {
      setRunning((count) => count - 1);
    }
  }
  return [act, running > 0];
}

/** Say why a request was not answered with data. */
export function tell(error: CombinedError) {
  const code = codeOf(error);
  // The person is asked to sign in again.
  if (code === "UNAUTHENTICATED") return;
  notifications.show({ color: "red", title: titleOf(code), message: explanation(error) });
}

export function titleOf(code: string): string {
  switch (code) {
    case "FORBIDDEN":
      return "You may not do this";
    case "RATE_LIMITED":
      return "Too many requests";
    case "AWAY":
    case "UNAVAILABLE":
      return "The service does not answer";
    default:
      return "That did not work";
  }
}

export function explanation(error: CombinedError): string {
  const [first] = error.graphQLErrors;
  const requestId = first?.extensions?.["requestId"];
  if (first) return requestId ? `${first.message} Request ${String(requestId)}.` : first.message;
  return "Nothing is known to have changed. Check your connection, and try again.";
}
