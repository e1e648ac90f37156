import { Center, Text } from "@mantine/core";
import { useEffect, useState } from "react";

import { CHANNEL } from "./oidc";

/** Where the identity provider sends the sign-in window: it hands the code over, and closes. */
export function SignedInPage() {
  const [isDeclined] = useState(() => new URLSearchParams(location.search).has("error"));
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
      <Text>
        {isDeclined ? "You were not signed in." : "This is done."} You can close this window.
      </Text>
    </Center>
  );
}
