"""Relay connections: what every list has in common."""

from collections.abc import Callable
from typing import Annotated, Generic, TypeVar

import strawberry

from app import inputs
from app.errors import Code
from app.paging import DEFAULT_FIRST, MAX_FIRST, Page

Item = TypeVar("Item")
Row = TypeVar("Row")

LISTS = frozenset(
    {
        "applicationUsers",
        "auditEvents",
        "blockedTokens",
        "cutOffUses",
        "deliveries",
        "groups",
        "heldGroups",
        "heldPermissions",
        "limitIncreaseRequests",
        "liveTokens",
        "members",
        "organizationUsers",
        "permissionGrants",
        "resources",
        "sources",
        "tokenActivity",
        "tokens",
        "webhookEndpoints",
    }
)
"""The fields that take ``first``; a test compares them with the schema."""

First = Annotated[
    int | None,
    strawberry.argument(
        description=f"How many at the most, from 1 to {MAX_FIRST}; {DEFAULT_FIRST} if left out."
    ),
]
After = Annotated[
    str | None,
    strawberry.argument(description="The cursor behind which to go on; from the start without."),
]


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="There is more behind this page.")
    has_previous_page: bool = strawberry.field(description="This page started at a cursor.")
    start_cursor: str | None = strawberry.field(
        description="The cursor of the first item; null on an empty page."
    )
    end_cursor: str | None = strawberry.field(
        description="The cursor to hand to `after` for the next page; null on an empty page."
    )


@strawberry.type(description="An item of a list with its cursor.")
class Edge(Generic[Item]):
    cursor: str = strawberry.field(description="The place behind this item. Opaque.")
    node: Item = strawberry.field(description="The item.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[Item]):
    nodes: list[Item] = strawberry.field(description="The items, in order.")
    cursor: strawberry.Private[Callable[[int], str]]
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")

    @strawberry.field(description="The items with their cursors, in order.")
    def edges(self) -> list[Edge[Item]]:
        return [Edge(cursor=self.cursor(index), node=node) for index, node in enumerate(self.nodes)]


def connection_of(page: Page[Row], shape: Callable[[Row], Item]) -> Connection[Item]:
    """Make the shape of a page out of the shape of a row."""
    return Connection(
        nodes=[shape(row) for row in page.rows], cursor=page.cursor, page_info=page_info(page)
    )


def page_info(page: Page[object]) -> PageInfo:
    """Return the place of a page in its list."""
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=page.cursor(0) if page.rows else None,
        end_cursor=page.cursor(-1) if page.rows else None,
    )


def at_most(first: int | None) -> int:
    """Return what ``first`` asks for; null is the same as leaving it out."""
    return DEFAULT_FIRST if first is None else first


def checked(first: int | None) -> int:
    """Return what ``first`` asks for, of a list that has no pages. Raises InvalidInput."""
    wanted = at_most(first)
    if not 1 <= wanted <= MAX_FIRST:
        raise inputs.invalid("first", Code.OUT_OF_RANGE, f"first is from 1 to {MAX_FIRST}.")
    return wanted
