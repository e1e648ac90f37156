import { Anchor } from "@mantine/core";
import { Link, useLocation } from "wouter";

import { useOrganizationId, useViewer } from "../session/session";

interface Props {
  /** What the address names, whosever it is. */
  thing: { organizationId: string } | null | undefined;
}

/** Leads to what is not here because another of the caller's organizations has it. */
export function Elsewhere({ thing }: Props) {
  const here = useOrganizationId();
  const memberships = useViewer()?.memberships;
  const [address] = useLocation();
  const owner = memberships?.find((each) => each.organizationId === thing?.organizationId);
  if (!owner || owner.organizationId === here) return null;
  return (
    <>
      {" "}
      It belongs to{" "}
      <Anchor
        component={Link}
        href={`~/console/${owner.organizationId}${address}`}
        inherit
        underline="always"
      >
        {owner.organizationName}
      </Anchor>
      .
    </>
  );
}
