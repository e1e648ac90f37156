import { Button, Group, Text } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useState } from "react";
import { useClient } from "urql";

import { explanation } from "../api/act";
import { useConnection } from "../api/connection";
import { useFailedReads } from "../api/failed-reads";
import { ViewerDocument } from "../session/viewer.generated";

const KEPT = "What you see may be out of date; nothing you typed is lost.";

/** Says that the service does not answer, or not as it should, for as long as that is so. */
export function AwayBanner() {
  const isAway = useConnection() === "away";
  const failed = useFailedReads();
  const client = useClient();
  const [isTrying, setTrying] = useState(false);
  const [first] = failed;
  if (!isAway && !first) return null;
  async function retry() {
    if (!isAway) return failed.forEach((each) => each.retry());
    setTrying(true);
    await client.query(ViewerDocument, {}, { requestPolicy: "network-only" }).toPromise();
    setTrying(false);
  }
  return (
    <Group role="alert" className="away" justify="center" gap="md" px="md" py="xs">
      <Group gap="xs" wrap="nowrap">
        <IconCloudOff size={18} aria-hidden />
        <Text size="sm" fw={500}>
          {isAway || !first
            ? `The service does not answer. ${KEPT}`
            : `This page could not be read again: ${explanation(first.error)} ${KEPT}`}
        </Text>
      </Group>
      <Button size="xs" variant="white" color="dark" loading={isTrying} onClick={() => void retry()}>
        Try again
      </Button>
    </Group>
  );
}
