import {
  Alert,
  Anchor,
  Button,
  Checkbox,
  Divider,
  Modal,
  Paper,
  PasswordInput,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { type FormEvent, useEffect, useState } from "react";

import { Logo } from "../shell/logo";
import { cleanToken, signIn, signOut } from "./credential";
import { type Provider, readConfiguration, signInWithProvider } from "./oidc";

/** The first thing that somebody without a credential sees, at whatever address. */
export function SignInPage({ isRefused = false }: { isRefused?: boolean }) {
  useEffect(() => {
    document.title = "Sign in · application-users";
  }, []);
  return (
    <main className="sign-in">
      <Stack w="100%" maw={420} gap="lg">
        <Logo size={40} />
        <Paper className="surface" p={{ base: "lg", xs: "xl" }} shadow="sm">
          <Stack gap="md">
            <div>
              <Title order={1} size="h2">
                Sign in
              </Title>
              <Text c="dimmed" size="sm" mt={4}>
                Manage the application users and tokens of your organization.
              </Text>
            </div>
            <Form isRefused={isRefused} />
          </Stack>
        </Paper>
        <Text size="sm" c="dimmed" ta="center">
          Prefer to query? <Anchor href="/graphql">Open GraphiQL</Anchor>
        </Text>
      </Stack>
    </main>
  );
}

/** In front of what the person was at, which stays as it is. */
export function SignInAgain() {
  return (
    <Modal
      opened
      onClose={signOut}
      title="Sign in again"
      closeButtonProps={{ "aria-label": "Sign out" }}
      closeOnClickOutside={false}
      closeOnEscape={false}
      zIndex={1000}
    >
      <Stack>
        <Text size="sm">
          Your credential expired or was revoked. What you typed is kept: sign in to go on where you
          were.
        </Text>
        <Form />
        <Button variant="subtle" color="gray" onClick={signOut}>
          Sign out instead
        </Button>
      </Stack>
    </Modal>
  );
}

function Form({ isRefused = false }: { isRefused?: boolean }) {
  const [text, setText] = useState("");
  const [keep, setKeep] = useState(false);
  const [problem, setProblem] = useState(
    isRefused ? "This token is not accepted: it is mistyped, expired or revoked." : "",
  );
  const [provider, setProvider] = useState<Provider | null>(null);
  const [waiting, setWaiting] = useState<AbortController | null>(null);

  useEffect(() => {
    void readConfiguration().then(setProvider);
  }, []);

  function submit(event: FormEvent) {
    event.preventDefault();
    const token = cleanToken(text);
    if (token) signIn(token, { isIdentity: token.split(".").length === 3, keep });
    else setProblem("Paste an access token first.");
  }

  async function useProvider(chosen: Provider) {
    const controller = new AbortController();
    setWaiting(controller);
    setProblem("");
    try {
      const token = await signInWithProvider(chosen, controller.signal);
      signIn(token, { isIdentity: true, keep });
    } catch (error) {
      // Nobody can tell that the window was closed: who closed it says so here.
      if (controller.signal.aborted) return;
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setWaiting(null);
    }
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {provider && (
          <>
            <Button
              size="md"
              loading={waiting !== null}
              onClick={() => void useProvider(provider)}
              data-autofocus
            >
              Sign in with {new URL(provider.issuer).host}
            </Button>
            {waiting && (
              <Button variant="subtle" color="gray" onClick={() => waiting.abort()}>
                Cancel: I closed the window
              </Button>
            )}
            <Divider label="or with an access token" />
          </>
        )}
        {problem && (
          <Alert color="red" icon={<IconAlertCircle />} role="alert">
            {problem}
          </Alert>
        )}
        <PasswordInput
          label="Access token"
          description="Of an administrator, or of who may manage application users."
          placeholder="appu_…"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          data-1p-ignore
          data-lpignore="true"
          data-autofocus={provider ? undefined : true}
          visibilityToggleButtonProps={{ "aria-label": "Show the token", tabIndex: 0 }}
        />
        <Checkbox
          label="Keep until this tab closes"
          description="Otherwise it is forgotten when this page is reloaded."
          checked={keep}
          onChange={(event) => setKeep(event.currentTarget.checked)}
        />
        <Button type="submit" size="md" variant={provider ? "default" : "filled"}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
