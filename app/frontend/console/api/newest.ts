import { type Exchange, makeOperation, type Operation } from "@urql/core";
import { filter, map, pipe, tap } from "wonka";

/**
 * Keeps answers in the order of what happened. The cache has what it knows read again behind a
 * mutation, and overlooks what is just being read: that is asked for again, too, and of several
 * answers to a question only the one to the newest is let through.
 */
export const newestExchange: Exchange =
  ({ client, forward }) =>
  (operations$) => {
    const newest = new Map<number, number>();
    const open = new Map<number, Operation>();
    let count = 0;

    function ask(operation: Operation): Operation {
      if (operation.kind === "teardown") open.delete(operation.key);
      if (operation.kind !== "query") return operation;
      count += 1;
      newest.set(operation.key, count);
      open.set(operation.key, operation);
      return makeOperation("query", operation, { ...operation.context, question: count });
    }
    return pipe(
      operations$,
      map(ask),
      forward,
      filter(({ operation }) => {
        const question: unknown = operation.context["question"];
        return question === undefined || question === newest.get(operation.key);
      }),
      tap(({ operation }) => {
        if (operation.kind === "query") open.delete(operation.key);
        if (operation.kind !== "mutation") return;
        for (const each of open.values()) {
          const context = { ...each.context, requestPolicy: "network-only" as const };
          client.reexecuteOperation(makeOperation("query", each, context));
        }
      }),
    );
  };
