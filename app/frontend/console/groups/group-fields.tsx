import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";

export interface GroupValues {
  name: string;
  description: string;
}

/** A form for what can be said about a group. */
export function useGroupForm(initialValues: GroupValues) {
  return useForm<GroupValues>({
    mode: "uncontrolled",
    initialValues,
    validate: { name: (name) => (name.trim() ? null : "Give it a name.") },
  });
}

interface Props {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** The button's word. */
  action: string;
  form: UseFormReturnType<GroupValues>;
  isBusy: boolean;
  onSubmit: (values: GroupValues) => void;
}

/** The dialog in which a group is created or edited. */
export function GroupDialog({ isOpen, onClose, title, action, form, isBusy, onSubmit }: Props) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} keepMounted={false}>
      <form onSubmit={form.onSubmit(onSubmit)} noValidate>
        <Stack>
          <TextInput
            label="Name"
            description="For example after the task that its members share."
            withAsterisk
            data-autofocus
            key={form.key("name")}
            {...form.getInputProps("name")}
          />
          <Textarea
            label="Description"
            description="What it is for, and who belongs in it."
            autosize
            minRows={2}
            maxRows={8}
            key={form.key("description")}
            {...form.getInputProps("description")}
          />
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
    </Modal>
  );
}
