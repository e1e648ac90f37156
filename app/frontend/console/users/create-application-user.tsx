import { Alert, Button, Group, Modal, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { Link, useLocation } from "wouter";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { useOrganization, useOrganizationId } from "../session/session";
import { Details, type DetailValues, nameProblem } from "./details";
import { CreateApplicationUserDocument } from "./users.generated";

interface Props {
  isOpen: boolean;
  onClose: () => void;
}

/** Creates an application user, and leads to it. What was typed stays until it is created. */
export function CreateApplicationUser({ isOpen, onClose }: Props) {
  const organizationId = useOrganizationId();
  const organization = useOrganization();
  const [, navigate] = useLocation();
  const [create, isBusy] = useAct(CreateApplicationUserDocument);
  const [refusedAt, setRefusedAt] = useState<number | null>(null);
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { name: "", description: "" },
    validate: { name: nameProblem },
  });
  const limit = organization?.applicationUserLimit;
  const isFull = organization && organization.applicationUserCount >= organization.applicationUserLimit;
  // Others create, too: the organization as it was read may be behind what the service said.
  const reached = isFull ? limit : refusedAt;

  async function submit({ name, description }: DetailValues) {
    setRefusedAt(null);
    const outcome = await create({
      input: { organizationId, name, description: description || null },
    });
    if (!outcome) return;
    if (outcome.__typename === "LimitReachedError") return setRefusedAt(outcome.limit);
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
          {reached != null && (
            <LimitReached
              limit={reached}
              canRequest={organization?.viewerCanRequestLimitIncrease ?? false}
            />
          )}
          <Details form={form} />
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

function LimitReached({ limit, canRequest }: { limit: number; canRequest: boolean }) {
  return (
    <Alert
      color="yellow"
      role="alert"
      title={`Your organization has reached its limit of ${limit.toLocaleString("en")}`}
    >
      <Stack align="flex-start" gap="sm">
        Delete an application user that is not used any more, or ask for a higher limit.
        <Button
          component={Link}
          href={canRequest ? "/limits?request=true" : "/limits"}
          size="xs"
          variant="default"
        >
          {canRequest ? "Request more" : "See the limit"}
        </Button>
      </Stack>
    </Alert>
  );
}
