import { Alert, Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { Link, useLocation } from "wouter";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { useOrganizationId } from "../session/session";
import { CreateApplicationUserDocument } from "./users.generated";

interface Props {
  isOpen: boolean;
  onClose: () => void;
}

/** Creates an application user, and leads to it. What was typed stays until it is created. */
export function CreateApplicationUser({ isOpen, onClose }: Props) {
  const organizationId = useOrganizationId();
  const [, navigate] = useLocation();
  const [create, isBusy] = useAct(CreateApplicationUserDocument);
  const [limit, setLimit] = useState<number | null>(null);
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { name: "", description: "" },
    validate: { name: (name) => (name.trim() ? null : "Give it a name.") },
  });

  async function submit({ name, description }: { name: string; description: string }) {
    const outcome = await create({
      input: { organizationId, name, description: description || null },
    });
    if (!outcome) return;
    if (outcome.__typename === "LimitReachedError") return setLimit(outcome.limit);
    if (isProblem(outcome)) return showProblem(outcome, form);
    form.reset();
    onClose();
    notifications.show({ color: "teal", message: `${outcome.applicationUser.name} was created.` });
    navigate(`/application-users/${outcome.applicationUser.id}`);
  }

  return (
    <Modal opened={isOpen} onClose={onClose} title="Create application user" keepMounted={false}>
      <form onSubmit={form.onSubmit((values) => void submit(values))} noValidate>
        <Stack>
          {limit !== null && (
            <Alert color="yellow" title={`Your organization has reached its limit of ${limit}`}>
              <Stack align="flex-start" gap="sm">
                Delete an application user that is not used any more, or ask for a higher limit.
                <Button
                  component={Link}
                  href="/limits?request=true"
                  size="xs"
                  variant="white"
                >
                  Request more
                </Button>
              </Stack>
            </Alert>
          )}
          <TextInput
            label="Name"
            description="What it is called in lists and in the audit log."
            placeholder="terraform-ci"
            withAsterisk
            data-autofocus
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
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy}>
              Create
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
