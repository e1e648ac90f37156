import { Alert, Button, Group, Modal, MultiSelect, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconInfoCircle } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { useRead } from "../api/read";
import { useOrganizationId } from "../session/session";
import { AddGroupMembersDocument, UserChoicesDocument } from "./groups.generated";

interface Choice {
  id: string;
  name: string;
  isApplicationUser: boolean;
}

interface Props {
  isOpen: boolean;
  onClose: () => void;
  group: { id: string; name: string; holdsPermissions: boolean };
}

/** Puts people and application users into a group, found by a search on the server. */
export function AddMembers({ isOpen, onClose, group }: Props) {
  const organizationId = useOrganizationId();
  const [add, isBusy] = useAct(AddGroupMembersDocument);
  const [chosen, setChosen] = useState<Choice[]>([]);
  const [typed, setTyped] = useState("");
  const [missing, setMissing] = useState<string | null>(null);
  const [search] = useDebouncedValue(typed.trim(), 250);
  const reading = useRead(
    UserChoicesDocument,
    { organizationId, search: search || null },
    { pause: !isOpen },
  );
  const found: Choice[] = reading.data?.organizationUsers.nodes ?? [];
  const options = [...new Map([...chosen, ...found].map((each) => [each.id, each])).values()];

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (chosen.length === 0) return setMissing("Choose somebody to add.");
    const outcome = await add({
      input: { groupId: group.id, userIds: chosen.map((each) => each.id) },
    });
    if (!outcome) return;
    if (outcome.__typename === "NotFoundError") {
      return setMissing("One of them was deleted meanwhile. Take them out, and try again.");
    }
    if (isProblem(outcome)) return showProblem(outcome);
    setChosen([]);
    onClose();
    const count = outcome.addedCount;
    notifications.show({
      color: "teal",
      message:
        count === 0
          ? "All of them were in it already."
          : `${count} ${count === 1 ? "member was" : "members were"} added to ${outcome.group.name}.`,
    });
  }

  return (
    <Modal opened={isOpen} onClose={onClose} title="Add members" size="lg" keepMounted={false}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack>
          <MultiSelect
            label="People and application users"
            description="Type a part of a name."
            data={[
              { group: "People", items: itemsOf(options, false) },
              { group: "Application users", items: itemsOf(options, true) },
            ].filter(({ items }) => items.length > 0)}
            value={chosen.map((each) => each.id)}
            onChange={(ids) => {
              setMissing(null);
              setChosen(options.filter((each) => ids.includes(each.id)));
            }}
            searchable
            hidePickedOptions
            // The server has done it already.
            filter={({ options: all }) => all}
            onSearchChange={setTyped}
            nothingFoundMessage={reading.error ? "The search failed" : "Nobody has this name"}
            error={missing}
            withScrollArea={false}
            classNames={{ options: "choices" }}
            data-autofocus
          />
          {group.holdsPermissions && (
            <Alert color="yellow" icon={<IconInfoCircle />}>
              This group holds permissions: whoever is added holds them at once.
            </Alert>
          )}
          <Text size="sm" c="dimmed">
            Who is in it already stays as they are.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy}>
              Add
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function itemsOf(choices: Choice[], isApplicationUser: boolean) {
  return choices
    .filter((each) => each.isApplicationUser === isApplicationUser)
    .map((each) => ({ value: each.id, label: each.name }));
}
