import { Anchor, Text } from "@mantine/core";
import { Link } from "wouter";

interface Props {
  /** A person or an application user; null for the operator of the service. */
  user: { id: string; name: string; isApplicationUser: boolean } | null;
  fw?: number;
  /** Within a sentence, where colour alone does not tell a link. */
  isInText?: boolean;
}

/** The name of a user, as a link to its page. */
export function UserLink({ user, fw, isInText = false }: Props) {
  if (!user) {
    return (
      <Text span inherit>
        the operator of the service
      </Text>
    );
  }
  const place = user.isApplicationUser ? "application-users" : "people";
  return (
    <Anchor
      component={Link}
      href={`/${place}/${user.id}`}
      inherit
      underline={isInText ? "always" : "hover"}
      {...(fw && { fw })}
      style={{ overflowWrap: "anywhere" }}
    >
      {user.name}
    </Anchor>
  );
}
