import { Center, Text } from "@mantine/core";
import { useEffect } from "react";

import { CHANNEL } from "./oidc";

/** Where the identity provider sends the sign-in window: it hands the code over, and closes. */
export function SignedInPage() {
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.postMessage(location.search.slice(1));
    channel.close();
    // The code leaves the history with its address.
    history.replaceState(null, "", location.pathname);
    window.close();
  }, []);
  return (
    <Center mih="100vh" component="main">
      <Text>You are signed in. You can close this window.</Text>
    </Center>
  );
}
