import { Button, Code, Group, Modal, Stack, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";

import { useReturningFocus } from "./returning-focus";

interface Props {
  title: string;
  /** The button's words: a verb and its object. */
  action: string;
  /** What has to be typed first; for what cannot be undone and ends much. */
  typed?: string;
  isBusy: boolean;
  /** It is not known yet what would be done. */
  isDisabled?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before something that cannot be undone; says what it would do. */
export function Confirm(props: Props) {
  const { title, action, typed, isBusy, isDisabled = false, onConfirm, onClose, children } = props;
  useReturningFocus();
  const [text, setText] = useState("");
  const isReady = !isDisabled && (typed === undefined || text.trim() === typed);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (isReady && !isBusy) onConfirm();
  }
  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <form onSubmit={submit}>
        <Stack>
          {children}
          {typed !== undefined && (
            <TextInput
              label={
                <>
                  Type <Code style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>{typed}</Code> to confirm
                </>
              }
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} data-autofocus={typed ? undefined : true}>
              Cancel
            </Button>
            <Button type="submit" color="red" loading={isBusy} disabled={!isReady}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
