import { ActionIcon, Button, Collapse, Modal, SimpleGrid, Stack, Text, Tooltip } from "@mantine/core";
import { IconChevronDown, IconRoute } from "@tabler/icons-react";
import { useId, useState } from "react";

import type { SourceFragment } from "./access.generated";
import type { Catalogue } from "./catalogue";
import { PermissionName } from "./permission-name";
import { PermissionSources } from "./permission-sources";

interface Props {
  name: string;
  principalId: string;
  resourceId: string;
  catalogue: Catalogue;
  /** All that reach the resource; undefined where they are too many to be read at once. */
  grants: readonly SourceFragment[] | undefined;
}

/** A permission that somebody holds, with its sources; a role can be opened. */
export function HeldPermission({ name, principalId, resourceId, catalogue, grants }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [explained, setExplained] = useState<string | null>(null);
  const contents = useId();
  const given = catalogue.inOrder(catalogue.givenBy(name));
  return (
    <li className="held-item">
      <Stack gap={6} align="flex-start">
        <PermissionName name={name} catalogue={catalogue} />
        <PermissionSources
          principalId={principalId}
          resourceId={resourceId}
          permission={name}
          catalogue={catalogue}
          grants={grants}
        />
        {given.length > 0 && (
          <Button
            variant="subtle"
            size="compact-sm"
            ml={-8}
            aria-expanded={isOpen}
            aria-controls={contents}
            rightSection={
              <IconChevronDown size={14} style={isOpen ? { transform: "rotate(180deg)" } : {}} />
            }
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? "Hide" : "Show"} the {given.length} that it gives
          </Button>
        )}
      </Stack>
      <Collapse expanded={isOpen} id={contents}>
        {isOpen && (
          <SimpleGrid component="ul" cols={{ base: 1, sm: 2, lg: 3 }} spacing="xs" className="given">
            {given.map((each) => (
              <li key={each}>
                <PermissionName name={each} catalogue={catalogue} />
                <Tooltip label="Where it comes from">
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={`Where ${catalogue.titleOf(each)} comes from`}
                    onClick={() => setExplained(each)}
                  >
                    <IconRoute size={16} />
                  </ActionIcon>
                </Tooltip>
              </li>
            ))}
          </SimpleGrid>
        )}
      </Collapse>
      {explained && (
        <Modal
          opened
          onClose={() => setExplained(null)}
          title={`Where ${catalogue.titleOf(explained)} comes from`}
          size="lg"
        >
          <Stack>
            <Text size="sm">{catalogue.byName.get(explained)?.description}</Text>
            <PermissionSources
              principalId={principalId}
              resourceId={resourceId}
              permission={explained}
              catalogue={catalogue}
              grants={grants}
            />
          </Stack>
        </Modal>
      )}
    </li>
  );
}
