import { useSearchParams } from "wouter";

/** The filters of a list, kept in the address; a change leads back to the list's first page. */
export function useFilters<Name extends string>(names: readonly Name[]) {
  const [search, setSearch] = useSearchParams();
  const values = Object.fromEntries(names.map((name) => [name, search.get(name) ?? ""])) as Record<
    Name,
    string
  >;
  function set(changes: Partial<Record<Name, string | null>>) {
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes) as [Name, string | null][]) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        next.delete("after");
        return next;
      },
      { replace: true },
    );
  }
  const isFiltered = names.some((name) => values[name]);
  const clear = () => set(Object.fromEntries(names.map((name) => [name, null] as const)) as Record<Name, null>);
  return { values, set, clear, isFiltered };
}
