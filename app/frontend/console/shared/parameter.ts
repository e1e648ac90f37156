import { useSearchParams } from "wouter";

/** One parameter of the address, such as what a drawer shows; the rest of the address stays. */
export function useParameter(name: string): [string | null, (value: string | null) => void] {
  const [search, setSearch] = useSearchParams();
  function set(value: string | null) {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    // The pages before this one are in the state.
    setSearch(next, { replace: true, state: history.state as unknown });
  }
  return [search.get(name), set];
}
