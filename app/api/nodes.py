"""What every thing with an id has in common, and how resolvers name their context."""

from enum import Enum
from typing import TypeAlias

import strawberry
from strawberry.types import Info

from app.api.context import Context
from app.paging import Direction

ContextInfo: TypeAlias = Info[Context, None]


@strawberry.interface(description="A thing with an id that never changes and is never given again.")
class Node:
    id: strawberry.ID = strawberry.field(
        description="Opaque; letters, digits and one underscore, with a readable prefix."
    )


@strawberry.enum(description="Which end of an order comes first.")
class OrderDirection(Enum):
    ASC = strawberry.enum_value("ASC", description="The earliest, or the first in the alphabet.")
    DESC = strawberry.enum_value("DESC", description="The latest, or the last in the alphabet.")


DIRECTIONS: dict[OrderDirection, Direction] = {
    OrderDirection.ASC: "ASC",
    OrderDirection.DESC: "DESC",
}
