import { Anchor, Tooltip } from "@mantine/core";
import { IconBox, IconBuilding, IconSitemap } from "@tabler/icons-react";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { Link } from "wouter";

import { useRead } from "../api/read";
import type { ResourceKind } from "../schema.generated";
import { useMembership, useOrganizationId } from "../session/session";
import {
  GroupNameDocument,
  type PlaceFragment,
  ResourcePathDocument,
  type ResourcePathQuery,
  ResourcesDocument,
} from "./resources.generated";

const MOST = 100;

export const KINDS: Record<ResourceKind, string> = {
  ORGANIZATION: "Organization",
  ORGANIZATIONAL_UNIT: "Organizational unit",
  PROJECT: "Project",
};
const ICONS = {
  ORGANIZATION: IconBuilding,
  ORGANIZATIONAL_UNIT: IconSitemap,
  PROJECT: IconBox,
};

/** What permissions can be granted on. */
export interface Place extends Omit<PlaceFragment, "__typename"> {
  parent?: { name: string } | null;
}

interface Names {
  places: ReadonlyMap<string, Place>;
  /** Every resource of the organization is among them. */
  isComplete: boolean;
  /** Not all are read yet. */
  isReading: boolean;
}

const NamesContext = createContext<Names>({ places: new Map(), isComplete: false, isReading: true });

/** The organization and its first resources by their ids, as far as they are read. */
export function usePlaces(): Names {
  return useContext(NamesContext);
}

interface Props {
  /** The resource of the address, which may not be among the first. */
  on: string;
  /** The caller may read resources. */
  isAdmin: boolean;
  children: ReactNode;
}

/** Reads the names that lists of grants need, beside those lists and not behind them. */
export function NamesProvider({ on, isAdmin, children }: Props) {
  const organizationId = useOrganizationId();
  const organizationName = useMembership()?.organizationName ?? "";
  const first = useRead(
    ResourcesDocument,
    { organizationId, first: MOST, search: null },
    { pause: !isAdmin },
  );
  const path = useRead(
    ResourcePathDocument,
    { id: on },
    { pause: !isAdmin || on === organizationId },
  );
  const names = useMemo(() => {
    const places = new Map<string, Place>();
    const root = { id: organizationId, kind: "ORGANIZATION" as const, name: organizationName };
    for (const each of [
      root,
      ...(first.data?.resources.nodes ?? []),
      ...pathOf(path.data?.resource),
    ]) {
      if (!places.has(each.id)) places.set(each.id, each);
    }
    const isComplete = first.data?.resources.pageInfo.hasNextPage === false;
    return { places, isComplete, isReading: isAdmin && first.isLoading };
  }, [organizationId, organizationName, first.data, first.isLoading, path.data, isAdmin]);
  return <NamesContext value={names}>{children}</NamesContext>;
}

/** A resource and all that it is in, from the inside out. */
function pathOf(resource: ResourcePathQuery["resource"] | undefined): Place[] {
  const path: Place[] = [];
  type Link = PlaceFragment & { parent?: Link | null };
  for (let each = resource as Link | null | undefined; each; each = each.parent) path.push(each);
  return path;
}

/** The name of the organization or of a resource in it, with its kind. */
export function PlaceName({ id }: { id: string }) {
  const { places, isReading } = usePlaces();
  const known = places.get(id);
  const isAdmin = useIsAdmin();
  // Few have so many resources that one of them is read alone.
  const alone = useRead(ResourcePathDocument, { id }, { pause: !isAdmin || isReading || !!known });
  const path = pathOf(alone.data?.resource);
  const place = known ?? path[0];
  if (!place) return <span className="mono">{id}</span>;
  const Icon = ICONS[place.kind];
  const parent = known?.parent ?? path[1];
  return (
    <Tooltip label={parent ? `${KINDS[place.kind]} in ${parent.name}` : KINDS[place.kind]}>
      <span className="place">
        <Icon size={16} stroke={1.7} aria-label={KINDS[place.kind]} />
        {place.name}
      </span>
    </Tooltip>
  );
}

/** Groups by their ids, as far as they are read. */
export const GroupNamesContext = createContext<ReadonlyMap<string, string> | undefined>(undefined);

/** The name of a group within a sentence, as a link to its page. */
export function GroupLink({ id }: { id: string }) {
  const known = useContext(GroupNamesContext);
  const isAdmin = useIsAdmin();
  const { data } = useRead(GroupNameDocument, { id }, { pause: !isAdmin || !known || known.has(id) });
  return (
    <Anchor
      component={Link}
      href={`/groups/${id}`}
      inherit
      underline="always"
      style={{ overflowWrap: "anywhere" }}
    >
      {known?.get(id) ?? data?.group?.name ?? <span className="mono">{id}</span>}
    </Anchor>
  );
}

/** Whether the caller was granted everything; a narrowed token may still have less. */
export function useIsAdmin(): boolean {
  return useMembership()?.permissions.includes("role:organization:admin") ?? false;
}
