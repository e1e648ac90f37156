import { Alert, Button, Group, Modal, Select, Stack } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconInfoCircle } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { useRead } from "../api/read";
import { useOrganizationId } from "../session/session";
import {
  AddGroupMembersDocument,
  GroupChoicesDocument,
  type GroupChoicesQuery,
} from "./groups.generated";

type Choice = GroupChoicesQuery["groups"]["nodes"][number];

interface Props {
  isOpen: boolean;
  onClose: () => void;
  principalId: string;
  /** The groups that it is in already. */
  among: string[];
}

/** Puts somebody into a group, found by a search on the server. */
export function AddToGroup({ isOpen, onClose, principalId, among }: Props) {
  const organizationId = useOrganizationId();
  const [add, isBusy] = useAct(AddGroupMembersDocument);
  const [chosen, setChosen] = useState<Choice | null>(null);
  const [typed, setTyped] = useState("");
  const [missing, setMissing] = useState<string | null>(null);
  const [settled] = useDebouncedValue(typed.trim(), 250);
  // The field holds the name of what is chosen until somebody types.
  const search = settled === chosen?.name ? null : settled || null;
  const reading = useRead(GroupChoicesDocument, { organizationId, search }, { pause: !isOpen });
  const found = reading.data?.groups.nodes ?? [];
  const options = chosen && !found.some(({ id }) => id === chosen.id) ? [chosen, ...found] : found;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!chosen) return setMissing("Choose a group.");
    const outcome = await add({ input: { groupId: chosen.id, userIds: [principalId] } });
    if (!outcome) return;
    if (isProblem(outcome)) return showProblem(outcome);
    setChosen(null);
    onClose();
    notifications.show({ color: "teal", message: `Added to ${outcome.group.name}.` });
  }

  return (
    <Modal opened={isOpen} onClose={onClose} title="Add to group" keepMounted={false}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack>
          <Select
            label="Group"
            description="Type a part of its name."
            data={options.map((group) => ({
              value: group.id,
              label: group.name,
              disabled: !group.viewerCanChangeMembers || among.includes(group.id),
            }))}
            value={chosen?.id ?? null}
            onChange={(id) => {
              setMissing(null);
              setChosen(options.find((group) => group.id === id) ?? null);
            }}
            searchable
            // The server has done it already.
            filter={({ options: all }) => all}
            onSearchChange={setTyped}
            renderOption={({ option }) => {
              const group = options.find(({ id }) => id === option.value);
              return (
                <div>
                  {option.label}
                  <div className="note">{group && noteOf(group, among.includes(group.id))}</div>
                </div>
              );
            }}
            nothingFoundMessage={reading.error ? "The search failed" : "No group has this name"}
            error={missing}
            withScrollArea={false}
            classNames={{ options: "choices" }}
            data-autofocus
          />
          {chosen?.holdsPermissions && (
            <Alert color="yellow" icon={<IconInfoCircle />}>
              {chosen.name} holds permissions: whoever is in it holds them at once.
            </Alert>
          )}
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

function noteOf(group: Choice, isMember: boolean): string {
  if (isMember) return "Is in it already";
  if (!group.holdsPermissions) return "Holds no permission";
  return group.viewerCanChangeMembers ? "Holds permissions" : "Organization admins only";
}
