import { Alert, Button, Code, Group, Modal, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconCopy } from "@tabler/icons-react";
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";

import { setAtStake } from "../session/at-stake";
import { useViewer } from "../session/session";

export interface Secret {
  /** What was made, as the dialog's title. */
  title: string;
  /** What it is called within a sentence, for example "token". */
  noun: string;
  text: string;
  /** How it is used, or what to do next. */
  hint?: ReactNode;
  /** Puts the focus where the person goes on. */
  onClose?: () => void;
}

const ShowContext = createContext<(secret: Secret) => void>(() => undefined);

/** Returns how to show a text once; it is gone when its dialog closes. */
export function useSecret(): (secret: Secret) => void {
  return useContext(ShowContext);
}

/** Holds the dialog above all pages, so that nothing else on them can close it. */
export function SecretProvider({ children }: { children: ReactNode }) {
  const owner = useViewer()?.memberships.map((each) => each.user.id).join();
  const [shown, setShown] = useState<{ secret: Secret; owner: string | undefined } | null>(null);
  // It came before the service said whose it is.
  if (shown && shown.owner === undefined && owner !== undefined) setShown({ ...shown, owner });
  // Who signs in again as somebody else goes on with the page, and not with another's secret.
  const secret = shown && shown.owner === owner ? shown.secret : null;
  function close() {
    setShown(null);
    secret?.onClose?.();
  }
  return (
    <ShowContext value={(next) => setShown({ secret: next, owner })}>
      {children}
      {secret && <SecretDialog secret={secret} onClose={close} />}
    </ShowContext>
  );
}

/** Shows a text once. It is not lost by a slip: who did not copy it is asked first. */
function SecretDialog({ secret, onClose }: { secret: Secret; onClose: () => void }) {
  const [isCopied, setCopied] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const field = useRef<HTMLElement>(null);

  useEffect(() => {
    if (isCopied) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    const keep = setAtStake(secret.noun);
    return () => {
      removeEventListener("beforeunload", ask);
      keep();
    };
  }, [isCopied, secret.noun]);

  function select() {
    if (field.current) getSelection()?.selectAllChildren(field.current);
  }
  async function copy() {
    try {
      await navigator.clipboard.writeText(secret.text);
    } catch {
      // Without a clipboard, as over plain HTTP: the person copies what is selected.
      select();
      return;
    }
    setCopied(true);
    setAsking(false);
  }
  function close() {
    if (!isCopied) setAsking(true);
    else onClose();
  }

  return (
    <Modal opened onClose={close} title={secret.title} size="lg" closeOnClickOutside={false} zIndex={500}>
      <Stack>
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle />}>
          Copy the {secret.noun} now: it cannot be viewed again. Whoever has it can use it.
        </Alert>
        <Code
          block
          ref={field as React.Ref<HTMLPreElement>}
          className="secret"
          tabIndex={0}
          aria-label={`The ${secret.noun}`}
          onFocus={select}
          onCopy={() => setCopied(getSelection()?.toString().trim() === secret.text)}
        >
          {secret.text}
        </Code>
        {secret.hint && <Text size="sm">{secret.hint}</Text>}
        {isAsking ? (
          <Alert color="red" title={`You did not copy the ${secret.noun}`} role="alert">
            <Text size="sm" mb="sm">
              Close this, and nobody can ever see it again.
            </Text>
            <Group>
              <Button onClick={() => void copy()} leftSection={<IconCopy size={16} />} data-autofocus>
                Copy
              </Button>
              <Button variant="default" onClick={() => setAsking(false)}>
                Go back
              </Button>
              <Button variant="subtle" color="red" onClick={onClose}>
                Close without copying
              </Button>
            </Group>
          </Alert>
        ) : (
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Close
            </Button>
            <Button
              data-autofocus
              onClick={() => void copy()}
              color={isCopied ? "teal" : "iris"}
              leftSection={isCopied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            >
              {isCopied ? "Copied" : "Copy"}
            </Button>
          </Group>
        )}
      </Stack>
    </Modal>
  );
}
