import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { type AnyVariables, type Client, type CombinedError, useClient, useQuery } from "urql";
import { useEffect, useMemo, useRef } from "react";

import { isMishap, isPassing } from "./client";
import { useConnection } from "./connection";
import { tellFailedRead } from "./failed-reads";

/** Every query is read again behind every mutation: it is named by both. */
export const ANYTHING = ["Anything"];

export interface Reading<Data> {
  /** What was read last; of other variables while `isStale`. */
  data: Data | undefined;
  /** Why there is nothing to show; a banner says what failed where something still is. */
  error: CombinedError | undefined;
  /** There is nothing to show yet. */
  isLoading: boolean;
  /** What is shown is being replaced. */
  isStale: boolean;
  refetch: () => void;
}

/** Reads from the API, again after each mutation, and keeps what is shown until there is better. */
export function useRead<Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  options: { pause?: boolean } = {},
): Reading<Data> {
  const context = useMemo(() => ({ additionalTypenames: ANYTHING }), []);
  const [result, execute] = useQuery<Data, Variables>({
    query,
    variables,
    context,
    pause: options.pause ?? false,
  } as Parameters<typeof useQuery<Data, Variables>>[0]);
  const client = useClient();
  const last = useRef<{ data: Data; key: string; client: Client } | undefined>(undefined);
  const key = JSON.stringify(variables);
  if (result.data && !result.error && !result.stale && !result.fetching) {
    last.current = { data: result.data, key, client };
  }
  const isPassingError = Boolean(result.error && isPassing(result.error));
  const connection = useConnection();
  useEffect(() => {
    // The service is back: what could not be read meanwhile is read, without being asked for.
    if (connection === "answers" && isPassingError) execute({ requestPolicy: "network-only" });
  }, [connection]);
  const isLastOfThese = last.current?.key === key;
  // What another person read stays with them where nobody knows what this one may see.
  const isMishapOfThese = Boolean(
    result.error && isMishap(result.error) && isLastOfThese && last.current?.client === client,
  );
  useEffect(() => {
    if (!isMishapOfThese || !result.error) return;
    return tellFailedRead({
      error: result.error,
      retry: () => execute({ requestPolicy: "network-only" }),
    });
  }, [isMishapOfThese, result.error, execute]);
  const fresh = result.error ? undefined : result.data;
  const isKept = result.error ? isPassingError : result.fetching;
  const data = fresh ?? (isKept || isLastOfThese ? last.current?.data : undefined);
  const error = data && (isPassingError || isMishapOfThese) ? undefined : result.error;
  return {
    data: error ? undefined : data,
    error,
    isLoading: !data && !error,
    isStale: data !== undefined && result.fetching,
    refetch: () => execute({ requestPolicy: "network-only" }),
  };
}
