import { Alert, Button, Group, Modal, Stack } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { RemoveOrganizationUserDocument } from "./people.generated";

interface Props {
  person: { id: string; name: string };
  isOpen: boolean;
  onClose: () => void;
  /** They are gone, and can be added again. */
  onRemoved: () => void;
}

/** Says that a person was added, and that the text of their token was lost with the answer. */
export function LostToken({ person, isOpen, onClose, onRemoved }: Props) {
  const [remove, isBusy] = useAct(RemoveOrganizationUserDocument);
  async function again() {
    const outcome = await remove({ input: { organizationUserId: person.id } });
    if (!outcome) return;
    if (isProblem(outcome) && outcome.__typename !== "NotFoundError") return showProblem(outcome);
    onRemoved();
  }
  return (
    <Modal opened={isOpen} onClose={onClose} title="The first answer was lost" size="lg">
      <Stack>
        <Alert color="yellow" icon={<IconAlertTriangle />}>
          {person.name} was added, but the answer with the token did not reach you. Its text is kept
          nowhere and cannot be shown. Remove {person.name} and add them again to get another: they
          hold no permission yet, so nothing else is lost.
        </Alert>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave it as it is
          </Button>
          <Button onClick={() => void again()} loading={isBusy} data-autofocus>
            Remove and add again
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
