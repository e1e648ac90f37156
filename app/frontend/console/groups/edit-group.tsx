import { notifications } from "@mantine/notifications";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { GroupDialog, type GroupValues, useGroupForm } from "./group-fields";
import { UpdateGroupDocument } from "./groups.generated";

interface Props {
  group: { id: string; name: string; description: string | null };
  onClose: () => void;
}

/** Renames and describes a group. */
export function EditGroup({ group, onClose }: Props) {
  const [update, isBusy] = useAct(UpdateGroupDocument);
  const form = useGroupForm({ name: group.name, description: group.description ?? "" });

  async function submit({ name, description }: GroupValues) {
    const outcome = await update({
      input: { groupId: group.id, name, description: description || null },
    });
    if (!outcome) return;
    if (isProblem(outcome)) return showProblem(outcome, form);
    onClose();
    notifications.show({ color: "teal", message: `${outcome.group.name} was changed.` });
  }

  return (
    <GroupDialog
      isOpen
      onClose={onClose}
      title="Edit group"
      action="Save"
      form={form}
      isBusy={isBusy}
      onSubmit={(values) => void submit(values)}
    />
  );
}
