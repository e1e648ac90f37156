import { Alert, Button, Checkbox, Divider, PasswordInput, Stack } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { type FormEvent, useEffect, useRef, useState } from "react";

import { cleanToken, type Credential, signIn } from "./credential";
import { type Provider, readConfiguration, signInWithProvider } from "./oidc";

const PATIENCE_MS = 1_000;

const REFUSED = "This token is not accepted: it is mistyped, expired or revoked.";
const UNKNOWN =
  "The identity provider knows you, but you are not let in here: ask an administrator to add you," +
  " or sign in anew if that was a while ago.";

/** Takes a token, or gets one from the identity provider where this service has one. */
export function SignInForm({ refused }: { refused: Credential | undefined }) {
  const [text, setText] = useState("");
  const [keep, setKeep] = useState(refused?.isKept ?? false);
  // One that was good before is at its end; there is nothing wrong with what was given.
  const wrong = refused?.isAccepted ? undefined : refused;
  const [problem, setProblem] = useState(wrong && REFUSED);
  const provider = useProvider();
  // What the provider gave and the service refuses is no mistake in the field below.
  const isOfProvider = Boolean(provider && wrong?.isIdentity);
  const mistake = isOfProvider && problem === REFUSED ? undefined : problem;
  const field = useRef<HTMLInputElement>(null);

  function submit(event: FormEvent) {
    event.preventDefault();
    const token = cleanToken(text);
    if (token) return signIn(token, { keep });
    setProblem("Paste an access token first.");
    field.current?.focus();
  }

  // Drawn at once with all that it has: nothing moves under a pointer.
  if (provider === undefined) return <Stack mih={230} aria-busy />;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {provider && (
          <>
            <ProviderButton
              provider={provider}
              before={isOfProvider ? UNKNOWN : ""}
              onToken={(token) => signIn(token, { keep })}
            />
            <Divider label="or with an access token" />
          </>
        )}
        <PasswordInput
          ref={field}
          label="Access token"
          description="Of an administrator, or of who may manage application users."
          placeholder="appu_…"
          value={text}
          error={mistake}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setProblem(undefined);
          }}
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          data-1p-ignore
          data-lpignore="true"
          autoFocus={!provider || Boolean(mistake)}
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

interface ProviderProps {
  provider: Provider;
  /** What went wrong the last time. */
  before: string;
  onToken: (token: string) => void;
}

/** Signs in with the identity provider, in a window of its own, and says why that failed. */
function ProviderButton({ provider, before, onToken }: ProviderProps) {
  const [waiting, setWaiting] = useState<AbortController | null>(null);
  const [problem, setProblem] = useState(before);
  const name = new URL(provider.issuer).host;

  // Who signed in otherwise meanwhile is not replaced by whom the window names later.
  useEffect(() => () => waiting?.abort(), [waiting]);

  async function start() {
    const controller = new AbortController();
    setWaiting(controller);
    setProblem("");
    try {
      onToken(await signInWithProvider(provider, controller.signal));
    } catch (error) {
      // Nobody can tell that the window was closed: who closed it says so here.
      if (!controller.signal.aborted) setProblem((error as Error).message);
    } finally {
      setWaiting(null);
    }
  }

  return (
    <>
      {problem && (
        <Alert color="red" icon={<IconAlertCircle />} role="alert">
          {problem}
        </Alert>
      )}
      {waiting ? (
        <Alert title={`Go on in the window of ${name}`} role="status">
          <Stack gap="xs" align="flex-start">
            You come back by yourself when you have signed in there.
            <Button size="xs" variant="default" onClick={() => waiting.abort()} autoFocus>
              Cancel
            </Button>
          </Stack>
        </Alert>
      ) : (
        <Button size="md" onClick={() => void start()} autoFocus data-autofocus>
          Sign in with {name}
        </Button>
      )}
    </>
  );
}

/** The service's identity provider; null where it has none, undefined until that is known. */
function useProvider(): Provider | null | undefined {
  const [provider, setProvider] = useState<Provider | null>();
  useEffect(() => {
    const late = setTimeout(() => setProvider((known) => known ?? null), PATIENCE_MS);
    void readConfiguration().then(setProvider);
    return () => clearTimeout(late);
  }, []);
  return provider;
}
