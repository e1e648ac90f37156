import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

import { useReturningFocus } from "./returning-focus";

interface Props {
  title: string;
  /** The button's words: a verb. */
  action: string;
  isBusy: boolean;
  onAct: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Says what an act does before it is done; for what ends nothing. `Confirm` is for the others. */
export function Ask({ title, action, isBusy, onAct, onClose, children }: Props) {
  useReturningFocus();
  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <Stack>
        <Text size="sm" component="div">
          {children}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={isBusy} onClick={onAct} data-autofocus>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
