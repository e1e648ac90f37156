import { Button, Center } from "@mantine/core";
import { IconMapOff, IconMoodConfuzed } from "@tabler/icons-react";
import { Link } from "wouter";

import { Nothing } from "../shared/nothing";

/** In place of an address that leads nowhere, or of the part of a page that it would be. */
export function Unknown({ isPage = true }: { isPage?: boolean }) {
  return (
    <Nothing
      icon={IconMapOff}
      title="There is no such page"
      isPage={isPage}
      action={
        <Button component={Link} href="~/console" variant="default">
          Go to the start
        </Button>
      }
    >
      The address may be mistyped, or what was here is gone.
    </Nothing>
  );
}

/** In place of a page that failed; what stands around it goes on. */
export function BrokenPage() {
  return (
    <Nothing
      icon={IconMoodConfuzed}
      title="This page failed"
      isPage
      action={<Button onClick={() => location.reload()}>Load it again</Button>}
    >
      That is a mistake of ours; nothing that you saved is lost. Behind an update of the service,
      loading the page again is enough.
    </Nothing>
  );
}

/** In place of everything. */
export function Broken() {
  return (
    <Center mih="60vh" component="main">
      <BrokenPage />
    </Center>
  );
}
