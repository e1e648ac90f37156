import { Button, Center } from "@mantine/core";
import { IconBuildingOff } from "@tabler/icons-react";
import { Redirect } from "wouter";

import { signOut } from "../session/credential";
import { Opening } from "../session/opening";
import { useViewer } from "../session/session";
import { Nothing } from "../shared/nothing";

/** Leads to the application users of the caller's first organization. */
export function Home() {
  const viewer = useViewer();
  if (!viewer) return <Opening />;
  const [first] = viewer.memberships;
  if (first) return <Redirect to={`/${first.organizationId}/application-users`} replace />;
  return (
    <Center mih="100vh" component="main">
      <Nothing
        icon={IconBuildingOff}
        title="You belong to no organization"
        isPage
        action={<Button onClick={signOut}>Sign out</Button>}
      >
        You are signed in, but nobody added you to an organization yet. Ask an administrator to.
      </Nothing>
    </Center>
  );
}
