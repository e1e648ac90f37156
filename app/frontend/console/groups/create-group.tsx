import { notifications } from "@mantine/notifications";
import { useLocation } from "wouter";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { useOrganizationId } from "../session/session";
import { GroupDialog, type GroupValues, useGroupForm } from "./group-fields";
import { CreateGroupDocument } from "./groups.generated";

interface Props {
  isOpen: boolean;
  onClose: () => void;
}

/** Creates a group, and leads to it. What was typed stays until it is created. */
export function CreateGroup({ isOpen, onClose }: Props) {
  const organizationId = useOrganizationId();
  const [, navigate] = useLocation();
  const [create, isBusy] = useAct(CreateGroupDocument);
  const form = useGroupForm({ name: "", description: "" });

  async function submit({ name, description }: GroupValues) {
    const outcome = await create({
      input: { organizationId, name, description: description || null },
    });
    if (!outcome) return;
    if (isProblem(outcome)) return showProblem(outcome, form);
    form.reset();
    onClose();
    notifications.show({ color: "teal", message: `${outcome.group.name} was created.` });
    navigate(`/groups/${outcome.group.id}`);
  }

  return (
    <GroupDialog
      isOpen={isOpen}
      onClose={onClose}
      title="Create group"
      action="Create"
      form={form}
      isBusy={isBusy}
      onSubmit={(values) => void submit(values)}
    />
  );
}
