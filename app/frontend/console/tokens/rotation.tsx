import { Alert, Anchor, Button, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconArrowRight, IconCircleCheck } from "@tabler/icons-react";
import { Link } from "wouter";

import type { TokenActs } from "./token-acts";
import { LastUse, TokenName } from "./token-cells";
import { isInOverlap, TokenState } from "./token-state";
import type { TokenQuery, TokenRowFragment } from "./tokens.generated";

interface Props {
  token: NonNullable<TokenQuery["token"]>;
  acts: TokenActs;
}

/** Where a token stands in its line, and whether a change-over can be finished. */
export function Rotation({ token, acts }: Props) {
  return (
    <>
      {token.predecessor && <ChangeOver old={token.predecessor} next={token} here={token.id} acts={acts} />}
      {token.successor && <ChangeOver old={token} next={token.successor} here={token.id} acts={acts} />}
    </>
  );
}

interface ChangeOverProps {
  old: TokenRowFragment;
  next: TokenRowFragment;
  /** The token whose page this is. */
  here: string;
  acts: TokenActs;
}

function ChangeOver({ old, next, here, acts }: ChangeOverProps) {
  const id = `rotation-${old.id}`;
  return (
    <Stack className="surface" p={{ base: "md", sm: "lg" }} component="section" aria-labelledby={id}>
      <Title order={2} size="h4" id={id}>
        {here === old.id ? "Rotated to a successor" : "Rotated from another token"}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
        <Side title="Old token" token={old} isHere={here === old.id} />
        <Side title="New token" token={next} isHere={here === next.id} />
      </SimpleGrid>
      <Evidence old={old} next={next} here={here} acts={acts} />
    </Stack>
  );
}

function Side({ title, token, isHere }: { title: string; token: TokenRowFragment; isHere: boolean }) {
  return (
    <Stack gap={6}>
      <Text size="sm" c="dimmed">
        {title}
        {isHere && ", this one"}
      </Text>
      {isHere ? (
        <TokenName token={{ ...token, description: null }} />
      ) : (
        <Anchor
          component={Link}
          href={`/application-users/${token.user.id}/tokens/${token.id}`}
          className="mono"
        >
          {token.tokenPrefix}
        </Anchor>
      )}
      <TokenState token={token} />
      <Text size="sm" component="div">
        <Text span inherit c="dimmed">
          {token.lastUsedTime ? "Last use" : "No use yet"}
        </Text>
        {token.lastUsedTime && <LastUse token={token} />}
      </Text>
    </Stack>
  );
}

/** Whether the old token can be ended, by who used it since. */
function Evidence({ old, next, here, acts }: ChangeOverProps) {
  if (!isInOverlap(old)) {
    return (
      <Text size="sm" c="dimmed">
        {old.usedSinceRotation
          ? "The old token was still used after the rotation, before it ended."
          : "Nobody used the old token after the rotation."}
      </Text>
    );
  }
  const isStillUsed = old.usedSinceRotation === true;
  const title = isStillUsed
    ? "Somebody still uses the old token"
    : next.lastUsedTime
      ? "Nobody used the old token since the rotation, and the new one is in use"
      : "Nobody used either token since the rotation";
  return (
    <Alert
      color={isStillUsed ? "yellow" : next.lastUsedTime ? "teal" : "gray"}
      icon={isStillUsed ? <IconAlertTriangle /> : <IconCircleCheck />}
      title={title}
    >
      <Stack gap="sm" align="flex-start">
        {isStillUsed
          ? "Whoever did not change over is cut off when the overlap ends. Its activity tells who that is."
          : "What works once a week or a month may still have the old one. If nothing does, the overlap can end."}
        <Group gap="sm">
          {old.viewerCanRevoke && (
            <Button
              size="xs"
              variant="default"
              onClick={(event) => acts.begin("revoke", old, event.currentTarget)}
            >
              End the overlap now
            </Button>
          )}
          {here !== old.id && (
            <Button
              size="xs"
              variant="subtle"
              component={Link}
              href={`/application-users/${old.user.id}/tokens/${old.id}`}
              rightSection={<IconArrowRight size={14} />}
            >
              Activity of the old token
            </Button>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}
