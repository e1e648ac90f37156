import { Button, Group, MultiSelect, Radio, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { useState } from "react";

import type { AuditAction } from "../schema.generated";
import { CHOICES } from "./actions";

export interface WebhookValues {
  url: string;
  description: string;
  toldOf: "all" | "some";
  actions: AuditAction[];
}

/** Returns the form of an endpoint; a choice of actions stays while all are chosen. */
export function useWebhookForm(initialValues: WebhookValues): UseFormReturnType<WebhookValues> {
  return useForm<WebhookValues>({
    initialValues,
    validate: {
      url: (url) => (url.trim() ? null : "Say where events are sent."),
      actions: (actions, { toldOf }) =>
        toldOf === "some" && actions.length === 0 ? "Choose at least one action." : null,
    },
  });
}

/** The form's values as the API takes them. */
export function fieldsOf({ url, description, toldOf, actions }: WebhookValues) {
  return {
    url: url.trim(),
    description: description || null,
    actions: toldOf === "all" ? null : actions,
  };
}

interface Props {
  form: UseFormReturnType<WebhookValues>;
  /** The button's words. */
  action: string;
  isBusy: boolean;
  onSubmit: (values: WebhookValues) => void;
  onClose: () => void;
}

/** Where an endpoint is, and what it is told of. */
export function WebhookForm({ form, action, isBusy, onSubmit, onClose }: Props) {
  const [search, setSearch] = useState("");
  return (
    <form onSubmit={form.onSubmit(onSubmit)} noValidate>
      <Stack>
        <TextInput
          label="Address"
          description="An https:// address. It has to be public, unless the operator of this service allowed others."
          placeholder="https://hooks.example.com/events"
          withAsterisk
          type="url"
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps("url")}
        />
        <Textarea
          label="Description"
          description="What listens there, and whom to ask about it."
          autosize
          minRows={2}
          maxRows={8}
          {...form.getInputProps("description")}
        />
        <Radio.Group label="Events" {...form.getInputProps("toldOf")}>
          <Stack gap="sm" mt="xs">
            <Radio
              value="all"
              label="All actions"
              description="Those of later releases, too."
            />
            <Radio value="some" label="Chosen actions" />
          </Stack>
        </Radio.Group>
        {form.values.toldOf === "some" && (
          <MultiSelect
            label="Actions"
            description="Type to find one."
            data={CHOICES}
            searchable
            searchValue={search}
            onSearchChange={setSearch}
            clearable
            hidePickedOptions
            nothingFoundMessage="No action is called so"
            maxDropdownHeight={260}
            clearButtonProps={{ "aria-label": "Clear the actions" }}
            {...form.getInputProps("actions")}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
