"""Lists that come in pages."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

Node_co = TypeVar("Node_co", covariant=True)
Item = TypeVar("Item")


class Place(Protocol):
    """Where a page ends."""

    @property
    def has_next_page(self) -> bool:
        """Return whether there is more."""
        ...

    @property
    def end_cursor(self) -> str | None:
        """Return what the next page begins behind."""
        ...


class Page(Protocol[Node_co]):
    """A page of a list."""

    @property
    def nodes(self) -> Sequence[Node_co]:
        """Return its items."""
        ...

    @property
    def page_info(self) -> Place:
        """Return where it ends."""
        ...


async def every(page: Callable[[str | None], Awaitable[Page[Item]]]) -> AsyncGenerator[Item]:
    """Yield the items of all pages, each page fetched when it is needed.

    ``page`` fetches the one behind a cursor: ``lambda after: client.tokens(org, after=after)``.
    """
    after: str | None = None
    while True:
        found = await page(after)
        for node in found.nodes:
            yield node
        if not found.page_info.has_next_page:
            return
        after = found.page_info.end_cursor
