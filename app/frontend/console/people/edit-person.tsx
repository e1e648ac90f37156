import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { type PersonFieldsFragment, UpdateOrganizationUserDocument } from "./people.generated";

interface Props {
  person: PersonFieldsFragment;
  onClose: () => void;
}

/** Gives a person another name. */
export function EditPerson({ person, onClose }: Props) {
  const [update, isBusy] = useAct(UpdateOrganizationUserDocument);
  const form = useForm({
    initialValues: { name: person.name },
    validate: { name: (name) => (name.trim() ? null : "Say what they are called.") },
  });
  async function submit({ name }: { name: string }) {
    const outcome = await update({ input: { organizationUserId: person.id, name } });
    if (!outcome) return;
    if (isProblem(outcome)) return showProblem(outcome, form);
    onClose();
    notifications.show({ color: "teal", message: "The name was saved." });
  }
  return (
    <Modal opened onClose={onClose} title="Edit person">
      <form onSubmit={form.onSubmit((values) => void submit(values))} noValidate>
        <Stack>
          <TextInput
            label="Name"
            withAsterisk
            data-autofocus
            autoComplete="off"
            {...form.getInputProps("name")}
          />
          <TextInput
            label="E-mail address"
            description="It cannot change. To give somebody another, remove and add them."
            value={person.email}
            readOnly
            variant="filled"
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
