import { Button, Group, Modal, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { useReturningFocus } from "../shared/returning-focus";
import type { ApplicationUser } from "./application-user";
import { UpdateApplicationUserDocument } from "./application-user.generated";
import { Details, type DetailValues, nameProblem } from "./details";

interface Props {
  user: ApplicationUser;
  onClose: () => void;
}

/** Renames and describes an application user. */
export function EditApplicationUser({ user, onClose }: Props) {
  useReturningFocus();
  const [update, isBusy] = useAct(UpdateApplicationUserDocument);
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { name: user.name, description: user.description ?? "" },
    validate: { name: nameProblem },
  });

  async function submit({ name, description }: DetailValues) {
    if (!form.isDirty()) return onClose();
    // What was left as it was is not sent: somebody else may have changed it meanwhile.
    const outcome = await update({
      input: {
        applicationUserId: user.id,
        ...(form.isDirty("name") && { name }),
        ...(form.isDirty("description") && { description: description || null }),
      },
    });
    if (!outcome) return;
    if (isProblem(outcome)) return showProblem(outcome, form);
    onClose();
    notifications.show({ color: "teal", message: "Your changes are saved." });
  }

  return (
    <Modal opened onClose={onClose} title="Edit application user">
      <form onSubmit={form.onSubmit((values) => void submit(values))} noValidate>
        <Stack>
          <Details form={form} />
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
