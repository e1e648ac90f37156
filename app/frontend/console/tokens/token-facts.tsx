import { Badge, Group, List, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

import { Copyable } from "../shared/copyable";
import { durationText } from "../shared/duration-field";
import { Time } from "../shared/time";
import { Creation, Expiry, LastUse } from "./token-cells";
import { isUnused } from "./token-state";
import type { TokenQuery } from "./tokens.generated";

interface Props {
  token: NonNullable<TokenQuery["token"]>;
  scopes: TokenQuery["availableScopes"];
}

/** What is fixed for a token's life, and what became of it. */
export function TokenFacts({ token, scopes }: Props) {
  return (
    <Stack className="surface" p={{ base: "md", sm: "lg" }} component="section" aria-labelledby="facts">
      <Title order={2} size="h4" id="facts">
        Details
      </Title>
      <dl className="facts">
        <Fact term="Status">{statusText(token)}</Fact>
        <Fact term="Last used">
          <LastUse token={token} />
        </Fact>
        <Fact term="Expires">
          <Expiry token={token} />
        </Fact>
        <Fact term="Session duration">
          {token.maxAgeSeconds === null ? "No end" : durationText(token.maxAgeSeconds)}
          {token.extendWhenUsed && ", extended when used"}
        </Fact>
        <Fact term="Created">
          <Creation token={token} />
        </Fact>
        {token.supersedeTime && (
          <>
            <Fact term="Rotated">
              <Time value={token.supersedeTime} />
            </Fact>
            <Fact term="End of the overlap">
              <Time value={token.overlapEndTime} />
            </Fact>
          </>
        )}
        {token.revokeTime && (
          <Fact term="Revoked">
            <Time value={token.revokeTime} />
            <Text size="sm" c="dimmed">
              by {token.revokedBy?.name ?? "the service or its operator"}
            </Text>
          </Fact>
        )}
        <Fact term="Allowed networks">
          {token.ipAllowlist ? (
            <Group gap={6}>
              {token.ipAllowlist.map((network) => (
                <Badge key={network} className="mono" variant="light" color="gray" radius="sm" tt="none" fw={500}>
                  {network}
                </Badge>
              ))}
            </Group>
          ) : (
            "Anywhere"
          )}
        </Fact>
        <Fact term="Scopes">
          {token.scopes ? (
            <List size="sm" spacing={4} listStyleType="none">
              {token.scopes.map((name) => (
                <List.Item key={name}>
                  <span className="mono">{name}</span>
                  <Text size="sm" c="dimmed">
                    {scopes.find((scope) => scope.name === name)?.description}
                  </Text>
                </List.Item>
              ))}
            </List>
          ) : (
            "Everything its user may do"
          )}
        </Fact>
        <Fact term="Permission ceiling">
          <Ceiling permissions={token.permissionCeiling} />
        </Fact>
        <Fact term="Token id">
          <Copyable text={token.id} label="Copy the token’s id" />
        </Fact>
        {token.familyId !== token.id && (
          <Fact term="First of its line">
            <span className="mono">{token.familyId}</span>
          </Fact>
        )}
      </dl>
    </Stack>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Ceiling({ permissions }: { permissions: string[] | null }) {
  if (permissions === null) return "None: it carries what its user is granted, at any time";
  if (permissions.length === 0) {
    return "It never carries a permission, whatever its user is granted: who generated it was not an administrator";
  }
  return (
    <>
      Whatever its user is granted later, it carries no more than:
      <List size="sm" mt={4} listStyleType="none">
        {permissions.map((permission) => (
          <List.Item key={permission}>
            <span className="mono">{permission}</span>
          </List.Item>
        ))}
      </List>
    </>
  );
}

function statusText(token: Props["token"]): string {
  if (token.status === "REVOKED") return "Revoked, for good";
  if (token.status === "EXPIRED") {
    return token.supersedeTime ? "Rotated, and its overlap is over" : "Expired, for good";
  }
  if (isUnused(token)) {
    return "Deactivated, because nobody used it for as long as the organization’s policy says; it can be activated";
  }
  if (token.status === "DEACTIVATED") return "Refused while its application user is deactivated";
  if (token.blockedByPolicy) {
    return "Blocked by the organization’s policy; it works again when the policy lets it";
  }
  if (token.supersedeTime) return "Active beside its successor, until the overlap ends";
  return token.isCurrent ? "Active; you are signed in with it" : "Active";
}
