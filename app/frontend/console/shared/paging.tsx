import { Button, Group } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconChevronsLeft } from "@tabler/icons-react";
import { useSearchParams } from "wouter";
import { useHistoryState } from "wouter/use-browser-location";

interface PageInfo {
  hasNextPage: boolean;
  endCursor: string | null;
}

/** Where the list on this page stands: in the address, so that a link leads to the same page. */
export function usePaging(name = "after") {
  const [search, setSearch] = useSearchParams();
  const before = useHistoryState<{ before?: (string | null)[] } | null>()?.before;
  const after = search.get(name);

  function go(cursor: string | null, cursors: (string | null)[] | undefined) {
    const next = new URLSearchParams(search);
    if (cursor) next.set(name, cursor);
    else next.delete(name);
    setSearch(next, { state: { before: cursors } });
  }
  return {
    after,
    next: (cursor: string | null) => go(cursor, [...(before ?? []), after]),
    /** Without a way back, as behind a link: to the start. */
    previous: () => go(before?.at(-1) ?? null, before?.slice(0, -1)),
    first: () => go(null, undefined),
    canGoBack: Boolean(before?.length),
  };
}

interface Props {
  paging: ReturnType<typeof usePaging>;
  pageInfo: PageInfo | undefined;
  isBusy: boolean;
}

/** Buttons to the pages beside this one; nothing where there are none. */
export function Pager({ paging, pageInfo, isBusy }: Props) {
  if (!paging.after && !pageInfo?.hasNextPage) return null;
  return (
    <Group justify="flex-end" gap="xs" p="sm" component="nav" aria-label="Pages">
      {paging.after && !paging.canGoBack && (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconChevronsLeft size={16} />}
          onClick={paging.first}
        >
          First page
        </Button>
      )}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconChevronLeft size={16} />}
        disabled={!paging.canGoBack}
        onClick={paging.previous}
      >
        Previous
      </Button>
      <Button
        variant="default"
        size="xs"
        rightSection={<IconChevronRight size={16} />}
        disabled={!pageInfo?.hasNextPage || isBusy}
        onClick={() => paging.next(pageInfo?.endCursor ?? null)}
      >
        Next
      </Button>
    </Group>
  );
}
