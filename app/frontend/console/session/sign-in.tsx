import { Alert, Anchor, Button, Group, Modal, Paper, Stack, Text, Title } from "@mantine/core";
import { useEffect, useState } from "react";

import { useReturningFocus } from "../shared/returning-focus";
import { Logo } from "../shell/logo";
import { atStake } from "./at-stake";
import { type Credential, credential, signOut } from "./credential";
import { SignInForm } from "./sign-in-form";

// Dialogs listen for Escape at the window, those behind the front one, too: heard before theirs,
// so that none closes behind the back of who signs in again.
addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Escape" && credential()?.isRefused) event.stopImmediatePropagation();
  },
  { capture: true },
);

/** The first thing that somebody without a credential sees, at whatever address. */
export function SignInPage({ refused }: { refused?: Credential }) {
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
            <SignInForm refused={refused} />
          </Stack>
        </Paper>
        <Text size="sm" c="dimmed" ta="center">
          Prefer to query? <Anchor href="/graphql" underline="always">Open GraphiQL</Anchor>
        </Text>
      </Stack>
    </main>
  );
}

/** In front of what the person was at, which stays as it is. */
export function SignInAgain({ refused }: { refused: Credential }) {
  useReturningFocus();
  const [lost, setLost] = useState<string | null>(null);
  function leave() {
    const noun = atStake();
    if (noun) setLost(noun);
    else signOut();
  }
  return (
    <Modal
      opened
      onClose={leave}
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
        <SignInForm refused={refused} />
        {lost ? (
          <Alert color="red" title={`You did not copy the ${lost}`} role="alert">
            <Text size="sm" mb="sm">
              Sign in, and you see it again. Sign out, and nobody ever can.
            </Text>
            <Group>
              <Button variant="default" onClick={() => setLost(null)} autoFocus>
                Go back
              </Button>
              <Button variant="subtle" color="red" onClick={signOut}>
                Sign out without copying
              </Button>
            </Group>
          </Alert>
        ) : (
          <Button variant="subtle" color="gray" onClick={leave}>
            Sign out instead
          </Button>
        )}
      </Stack>
    </Modal>
  );
}
