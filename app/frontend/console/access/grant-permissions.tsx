import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import type { ResourceKind } from "../schema.generated";
import { useOrganizationId } from "../session/session";
import { GrantPermissionsDocument } from "./access.generated";
import type { Catalogue } from "./catalogue";
import type { DirectGrant } from "./direct-grants";
import { PlaceName } from "./names";
import { PermissionPicker } from "./permission-picker";
import { ResourcePicker } from "./resource-picker";

const ADMIN = "role:organization:admin";
const MOST_NAMED = 4;

interface Props {
  isOpen: boolean;
  onClose: () => void;
  principalId: string;
  catalogue: Catalogue | undefined;
  /** What was granted to it already. */
  held: DirectGrant[];
}

/** Grants roles and permissions. What was chosen stays until they are granted. */
export function GrantPermissions({ isOpen, onClose, principalId, catalogue, held }: Props) {
  const organizationId = useOrganizationId();
  const [grant, isBusy] = useAct(GrantPermissionsDocument);
  const [place, setPlace] = useState<{ id: string; kind: ResourceKind }>();
  const [picked, setPicked] = useState<string[]>([]);
  const [missing, setMissing] = useState<string | null>(null);
  const { id: resourceId, kind } = place ?? { id: organizationId, kind: "ORGANIZATION" as const };
  const here = held.filter((each) => each.resourceId === resourceId).map((each) => each.permission);
  const entries = (catalogue?.entries ?? []).filter(({ levels }) => levels.includes(kind));
  // What was picked for another level waits there.
  const chosen = picked.filter(
    (name) => !here.includes(name) && entries.some((entry) => entry.name === name),
  );

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (chosen.length === 0) return setMissing("Choose at least one role or permission.");
    const outcome = await grant({ input: { principalId, resourceId, permissions: chosen } });
    if (!outcome) return;
    if (isProblem(outcome)) return showProblem(outcome);
    setPicked([]);
    setPlace(undefined);
    onClose();
    const [first, ...others] = outcome.granted.map((name) => catalogue?.titleOf(name) ?? name);
    const more = others.length > 0 ? ` and ${others.length} more` : "";
    notifications.show({
      color: "teal",
      message: first ? `${first}${more} granted.` : "Nothing changed: that was granted already.",
    });
  }

  return (
    <Modal opened={isOpen} onClose={onClose} title="Grant permissions" size="xl" keepMounted={false}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack>
          <ResourcePicker
            label="On"
            description="A grant reaches everything below."
            value={resourceId}
            onChange={(id, { kind: level }) => setPlace({ id, kind: level })}
          />
          <PermissionPicker
            entries={entries}
            picked={picked}
            held={here}
            error={chosen.length === 0 ? missing : null}
            onChange={setPicked}
          />
          <Preview chosen={chosen} resourceId={resourceId} catalogue={catalogue} />
          {chosen.includes(ADMIN) && (
            <Alert color="yellow" icon={<IconAlertTriangle />}>
              Organization admin may do everything here, granting included. Give it to few.
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy}>
              Grant
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface PreviewProps {
  chosen: string[];
  resourceId: string;
  catalogue: Catalogue | undefined;
}

/** What would be given, with roles opened. */
function Preview({ chosen, resourceId, catalogue }: PreviewProps) {
  const titles = chosen.map((name) => catalogue?.titleOf(name) ?? name);
  const given = [...(catalogue?.opened(chosen) ?? [])].filter(
    (name) => !catalogue?.byName.get(name)?.isRole,
  );
  return (
    <Text size="sm" c="dimmed" aria-live="polite" mih={40} component="div">
      {chosen.length === 0 ? (
        "Nothing is chosen yet."
      ) : (
        <>
          Gives{" "}
          {titles.length > MOST_NAMED
            ? `these ${titles.length} roles and permissions`
            : new Intl.ListFormat("en").format(titles)}{" "}
          on <PlaceName id={resourceId} /> at once
          {given.length > chosen.length && `: ${given.length} permissions in all`}.{" "}
          Tokens that were made by somebody other than an administrator gain nothing.
        </>
      )}
    </Text>
  );
}
