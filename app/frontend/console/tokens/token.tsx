import { Button, Group, Skeleton } from "@mantine/core";
import { IconBan, IconKey, IconPencil, IconPlayerPlay, IconRefresh } from "@tabler/icons-react";
import { Link, useParams } from "wouter";

import { Activity } from "../activity/activity";
import { codeOf } from "../api/client";
import { useRead } from "../api/read";
import { useOwn } from "../session/session";
import { Elsewhere } from "../shared/elsewhere";
import { Failure } from "../shared/failure";
import { Nothing } from "../shared/nothing";
import { Page } from "../shared/page";
import { Rotation } from "./rotation";
import { type TokenActs, useTokenActs } from "./token-acts";
import { TokenFacts } from "./token-facts";
import { isUnused, TokenBadge } from "./token-state";
import { TokenDocument, type TokenRowFragment } from "./tokens.generated";

/** Everything about one token, but its text. */
export default function TokenPage() {
  const { userId, tokenId } = useParams<{ userId: string; tokenId: string }>();
  const reading = useRead(TokenDocument, { tokenId });
  const acts = useTokenActs();
  const token = useOwn(reading.data?.token);
  const user = token?.user;
  // What is no id at all is refused, not looked for.
  const isUnknown = reading.error ? codeOf(reading.error) === "BAD_REQUEST" : reading.data && !token;
  const users = { title: "Application users", href: "/application-users" };
  const owner = user?.isApplicationUser === false
    ? { title: user.name, href: `/people/${user.id}` }
    : { title: user?.name ?? "Application user", href: `/application-users/${user?.id ?? userId}` };
  return (
    <Page
      title={token?.tokenPrefix ?? "Token"}
      description={token?.description}
      badge={token && <TokenBadge token={token} />}
      above={[users, owner]}
      actions={token && <Actions token={token} acts={acts} />}
    >
      {reading.error && !isUnknown && <Failure error={reading.error} retry={reading.refetch} />}
      {reading.isLoading && <Skeleton h={320} />}
      {isUnknown && (
        <div className="surface">
          <Nothing
            icon={IconKey}
            title="There is no such token here"
            action={
              <Button component={Link} href={owner.href} variant="default">
                To its application user
              </Button>
            }
          >
            The address may be mistyped, or the token is another organization’s.
            <Elsewhere thing={reading.data?.token} />
          </Nothing>
        </div>
      )}
      {reading.data && token && (
        <>
          <Rotation token={token} acts={acts} />
          <TokenFacts token={token} scopes={reading.data.availableScopes} />
          <Activity applicationUserId={token.user.id} tokenId={token.id} />
        </>
      )}
      {acts.dialog}
    </Page>
  );
}

function Actions({ token, acts }: { token: TokenRowFragment; acts: TokenActs }) {
  return (
    <Group gap="sm">
      <Button
        variant="default"
        leftSection={<IconPencil size={16} />}
        onClick={(event) => acts.begin("describe", token, event.currentTarget)}
      >
        Edit description
      </Button>
      {isUnused(token) && token.viewerCanActivate && (
        <Button leftSection={<IconPlayerPlay size={16} />} onClick={() => acts.activate(token)}>
          Activate
        </Button>
      )}
      {token.viewerCanRotate && (
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} />}
          onClick={(event) => acts.begin("rotate", token, event.currentTarget)}
        >
          Rotate
        </Button>
      )}
      {token.viewerCanRevoke && (
        <Button
          variant="light"
          color="red"
          leftSection={<IconBan size={16} />}
          onClick={(event) => acts.begin("revoke", token, event.currentTarget)}
        >
          Revoke
        </Button>
      )}
    </Group>
  );
}
