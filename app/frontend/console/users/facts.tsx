import { Anchor } from "@mantine/core";
import { Link } from "wouter";

import { Copyable } from "../shared/copyable";
import { Facts } from "../shared/facts";
import { Time } from "../shared/time";
import type { ApplicationUser } from "./application-user";
import { Count } from "./count";

interface Props {
  id: string;
  user: ApplicationUser | undefined;
}

/** What is known of an application user beside its name; an outline without it. */
export function ApplicationUserFacts({ id, user }: Props) {
  return (
    <Facts
      isLoading={!user}
      facts={[
        ["Last activity", user && <Time value={user.lastActivityTime} />],
        ["Active tokens", user && <Count count={user.liveTokenCount} />],
        ["Created", user && <Created user={user} />, 250],
        ["ID", <Copyable key="id" text={id} label="Copy the ID" />],
        [
          "E-mail (nothing sent there arrives)",
          user && <Copyable text={user.email} label="Copy the e-mail" />,
          505,
        ],
      ]}
    />
  );
}

function Created({ user }: { user: ApplicationUser }) {
  return (
    <>
      <Time value={user.createTime} /> by <Creator user={user.createdBy} />
    </>
  );
}

function Creator({ user }: { user: ApplicationUser["createdBy"] }) {
  if (!user) return "the operator of the service";
  if (user.state === "DELETED") return user.name;
  const list = user.isApplicationUser ? "application-users" : "people";
  return (
    <Anchor component={Link} href={`/${list}/${user.id}`} inherit>
      {user.name}
    </Anchor>
  );
}
