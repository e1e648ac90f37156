import { useMemo } from "react";

import { useRead } from "../api/read";
import { PermissionCatalogueDocument, type PermissionCatalogueQuery } from "./access.generated";

export type Entry = PermissionCatalogueQuery["permissionCatalogue"][number];

/** What the role that includes everything says. */
const EVERYTHING = "*";

/** The roles and permissions that there are. */
export class Catalogue {
  readonly byName: ReadonlyMap<string, Entry>;

  constructor(readonly entries: readonly Entry[]) {
    this.byName = new Map(entries.map((entry) => [entry.name, entry]));
  }

  /** Its title; its name where it has none or left the catalogue. */
  titleOf(name: string): string {
    return this.byName.get(name)?.title ?? name;
  }

  /** All that a role gives, with the roles in it opened; nothing for a permission. */
  givenBy(name: string): ReadonlySet<string> {
    const given = new Set<string>();
    const waiting = [name];
    for (const each of waiting) {
      for (const included of this.byName.get(each)?.includes ?? []) {
        const names = included === EVERYTHING ? this.entries.map((entry) => entry.name) : [included];
        for (const one of names) {
          if (one === name || given.has(one)) continue;
          given.add(one);
          waiting.push(one);
        }
      }
    }
    return given;
  }

  /** The grants each of which gives a permission, in their order. */
  giving<Grant extends { granted: string }>(permission: string, grants: readonly Grant[]): Grant[] {
    return grants.filter(
      ({ granted }) => granted === permission || this.givenBy(granted).has(permission),
    );
  }

  /** Those that no other of them gives, roles first: each was granted as it stands there. */
  outermost(names: readonly string[]): string[] {
    const given = new Set(names.flatMap((name) => [...this.givenBy(name)]));
    return this.inOrder(names.filter((name) => !given.has(name)));
  }

  /** In the catalogue's order, which has roles first; what left it stands at the end. */
  inOrder(names: Iterable<string>): string[] {
    const places = new Map(this.entries.map((entry, place) => [entry.name, place]));
    const rank = (name: string) => places.get(name) ?? this.entries.length;
    return [...names].sort((a, b) => rank(a) - rank(b));
  }

  /** All that a grant of these gives, themselves included. */
  opened(names: Iterable<string>): ReadonlySet<string> {
    return new Set([...names].flatMap((name) => [name, ...this.givenBy(name)]));
  }
}

/** The catalogue; undefined until it is read. */
export function useCatalogue(): Catalogue | undefined {
  const { data } = useRead(PermissionCatalogueDocument, {});
  return useMemo(() => data && new Catalogue(data.permissionCatalogue), [data]);
}
