import { Button, Group, Text } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useState } from "react";
import { useClient } from "urql";

import { useConnection } from "../api/connection";
import { ViewerDocument } from "../session/viewer.generated";

/** Says that the service does not answer, for as long as that is so. */
export function AwayBanner() {
  const connection = useConnection();
  const client = useClient();
  const [isTrying, setTrying] = useState(false);
  if (connection === "answers") return null;
  async function retry() {
    setTrying(true);
    await client.query(ViewerDocument, {}, { requestPolicy: "network-only" }).toPromise();
    setTrying(false);
  }
  return (
    <Group role="alert" className="away" justify="center" gap="md" px="md" py="xs">
      <Group gap="xs" wrap="nowrap">
        <IconCloudOff size={18} aria-hidden />
        <Text size="sm" fw={500}>
          The service does not answer. What you see may be out of date; nothing you typed is lost.
        </Text>
      </Group>
      <Button size="xs" variant="white" color="dark" loading={isTrying} onClick={() => void retry()}>
        Try again
      </Button>
    </Group>
  );
}
