import { Badge, Checkbox, Group, Input, Stack, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useId, useState } from "react";

import type { Entry } from "./catalogue";

interface Props {
  /** What can be granted on the level. */
  entries: Entry[];
  picked: string[];
  /** What is granted there already. */
  held: string[];
  error: string | null;
  onChange: (picked: string[]) => void;
}

/** Chooses roles and permissions, with what each allows. */
export function PermissionPicker({ entries, picked, held, error, onChange }: Props) {
  const [search, setSearch] = useState("");
  const matching = entries.filter((entry) => matches(entry, search));
  const sections = [
    { title: "Roles", entries: matching.filter((entry) => entry.isRole) },
    { title: "Permissions", entries: matching.filter((entry) => !entry.isRole) },
  ].filter((section) => section.entries.length > 0);

  function toggle(name: string) {
    onChange(picked.includes(name) ? picked.filter((each) => each !== name) : [...picked, name]);
  }

  return (
    <div>
      <TextInput
        label="Roles and permissions"
        description="Search by name or by what it allows."
        type="search"
        leftSection={<IconSearch size={16} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        // Enter in a search is no decision about what is granted.
        onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
        error={error !== null}
        data-autofocus
      />
      <div className="picker" role="group" aria-label="Roles and permissions">
        {sections.map((section) => (
          <PickerSection key={section.title} title={section.title}>
            {section.entries.map((entry) => (
              <Checkbox
                key={entry.name}
                checked={picked.includes(entry.name) || held.includes(entry.name)}
                disabled={held.includes(entry.name)}
                onChange={() => toggle(entry.name)}
                label={
                  <Group gap={8}>
                    <Text span inherit fw={550}>
                      {entry.title ?? entry.name}
                    </Text>
                    {entry.isEnforcedHere && (
                      <Badge variant="light" color="gray" radius="sm" size="sm" tt="none">
                        Enforced here
                      </Badge>
                    )}
                    {held.includes(entry.name) && (
                      <Badge variant="light" color="teal" radius="sm" size="sm" tt="none">
                        Granted already
                      </Badge>
                    )}
                  </Group>
                }
                description={
                  <>
                    {entry.description} <span className="mono">{entry.name}</span>
                  </>
                }
              />
            ))}
          </PickerSection>
        ))}
        {sections.length === 0 && (
          <Text size="sm" c="dimmed" ta="center" p="lg">
            Nothing that can be granted on this level has this in its name or description.
          </Text>
        )}
      </div>
      {error && <Input.Error mt={4}>{error}</Input.Error>}
      <Text size="xs" c="dimmed" mt={6}>
        What is enforced here, this service asks for itself. The rest is for the platform that your
        organization verifies tokens with.
      </Text>
    </div>
  );
}

function PickerSection({ title, children }: { title: string; children: React.ReactNode }) {
  const id = useId();
  return (
    <Stack gap="sm" p="sm" role="group" aria-labelledby={id}>
      <Text size="xs" fw={600} c="dimmed" id={id}>
        {title}
      </Text>
      {children}
    </Stack>
  );
}

function matches(entry: Entry, search: string): boolean {
  const text = `${entry.name} ${entry.title ?? ""} ${entry.description}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
