import { Button, Center, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconCloudOff, IconLock, IconMoodConfuzed } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { CombinedError } from "urql";

import { explanation, titleOf } from "../api/act";
import { codeOf } from "../api/client";

interface Props {
  error: CombinedError;
  retry: () => void;
  /** Nothing else is on the page. */
  isPage?: boolean;
  /** What else can be done. */
  action?: ReactNode;
}

/** In place of what could not be read: why, and what can be done. */
export function Failure({ error, retry, isPage = false, action }: Props) {
  const code = codeOf(error);
  const isForbidden = code === "FORBIDDEN";
  const isAway = code === "AWAY" || code === "UNAVAILABLE";
  const Icon = isForbidden ? IconLock : isAway ? IconCloudOff : IconMoodConfuzed;
  return (
    <Center mih={isPage ? "100vh" : 280} p="lg" component={isPage ? "main" : "div"}>
      <Stack align="center" gap="sm" maw={480} role="alert">
        <ThemeIcon size={48} radius="xl" variant="light" color={isForbidden ? "gray" : "red"}>
          <Icon size={26} />
        </ThemeIcon>
        <Title order={isPage ? 1 : 2} size="h4" ta="center">
          {isForbidden ? "You may not see this" : titleOf(code)}
        </Title>
        <Text c="dimmed" ta="center" size="sm">
          {isAway ? "The service cannot be reached at the moment." : explanation(error)}
        </Text>
        {!isForbidden && (
          <Button variant="default" onClick={retry}>
            Try again
          </Button>
        )}
        {action}
      </Stack>
    </Center>
  );
}
