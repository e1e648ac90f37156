import { Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";

export interface DetailValues {
  name: string;
  description: string;
}

export function nameProblem(name: string): string | null {
  return name.trim() ? null : "Give it a name.";
}

/** What people say of an application user, as fields of a form. */
export function Details({ form }: { form: UseFormReturnType<DetailValues> }) {
  return (
    <>
      <TextInput
        label="Name"
        description="What it is called in lists and in the audit log."
        withAsterisk
        data-autofocus
        autoComplete="off"
        key={form.key("name")}
        {...form.getInputProps("name")}
      />
      <Textarea
        label="Description"
        description="What it is for, and whom to ask about it."
        autosize
        minRows={2}
        maxRows={8}
        key={form.key("description")}
        {...form.getInputProps("description")}
      />
    </>
  );
}
