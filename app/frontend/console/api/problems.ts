import type { UseFormReturnType } from "@mantine/form";
import { notifications } from "@mantine/notifications";

interface Problem {
  __typename: string;
  message: string;
  fields?: { path: string; message: string }[];
}

/** Whether a mutation's outcome is one of its errors. */
export function isProblem<Outcome extends { __typename: string }>(
  outcome: Outcome,
): outcome is Extract<Outcome, { message: string }> {
  return "message" in outcome;
}

/**
 * Shows an error where it belongs: each of its fields at the form's, the rest in a notification.
 * `places` tells which of the form's fields has what the API calls otherwise.
 */
export function showProblem<Values>(
  problem: Problem,
  form?: UseFormReturnType<Values>,
  places: Record<string, string> = {},
) {
  const homeless: string[] = [];
  const known = (form?.getValues() ?? {}) as object;
  for (const { path, message } of problem.fields ?? []) {
    // A path leads from the input to an item of a list; the form has a field somewhere on the way.
    const names = [path, ...path.split(/[.[\]]/)].map((name) => places[name] ?? name);
    const place = names.find((name) => name in known);
    // What the API calls a field is not what stands above it, and a field needs no colon.
    const text = message.startsWith(path)
      ? `This${message.slice(path.length)}`.replace(/^This: (this\b)?/, (_, self) => (self ? "This" : ""))
      : message;
    if (form && place) form.setFieldError(place, text);
    else homeless.push(message);
  }
  if (form && problem.__typename === "NameTakenError") {
    form.setFieldError("name", problem.message);
  } else if (!problem.fields) {
    homeless.push(problem.message);
  }
  if (homeless.length > 0) {
    notifications.show({ color: "red", title: "Nothing was changed", message: homeless.join(" ") });
  }
}
