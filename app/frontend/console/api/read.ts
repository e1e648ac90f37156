import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { type AnyVariables, type CombinedError, useQuery } from "urql";
import { useEffect, useMemo, useRef } from "react";

import { isPassing } from "./client";
import { useConnection } from "./connection";

/** Every query is read again behind every mutation: it is named by both. */
export const ANYTHING = ["Anything"];

export interface Reading<Data> {
  /** What was read last; of other variables while `isStale`. */
  data: Data | undefined;
  /** Why there is nothing to show. Not where that passes and there is something: a banner says so. */
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
  const last = useRef<{ data: Data; key: string } | undefined>(undefined);
  const key = JSON.stringify(variables);
  if (result.data && !result.error && !result.stale && !result.fetching) {
    last.current = { data: result.data, key };
  }
  const isPassingError = Boolean(result.error && isPassing(result.error));
  const connection = useConnection();
  useEffect(() => {
    // The service is back: what could not be read meanwhile is read, without being asked for.
    if (connection === "answers" && isPassingError) execute({ requestPolicy: "network-only" });
  }, [connection]);
  const isLastOfThese = last.current?.key === key;
  const fresh = result.error ? undefined : result.data;
  const isKept = result.error ? isPassingError : result.fetching;
  const data = fresh ?? (isKept || isLastOfThese ? last.current?.data : undefined);
  const error = data && isPassingError ? undefined : result.error;
  return {
    data: error ? undefined : data,
    error,
    isLoading: !data && !error,
    isStale: data !== undefined && result.fetching,
    refetch: () => execute({ requestPolicy: "network-only" }),
  };
}
