"""Pages of grants: each filter reads a range of an index of its own, in the order of that."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from db.keyset import FIRST_ID, FIRST_TEXT
from db.pool import Connection

GrantOrder: TypeAlias = Literal["principal", "resource_of_principal", "resource", "permission"]


@dataclass(frozen=True, slots=True)
class ListedGrant:
    """A row of ``permission_grant`` with when and by whom."""

    principal_id: UUID
    is_group: bool
    resource_id: UUID
    permission: str
    create_time: datetime
    created_by: UUID | None


@dataclass(frozen=True, slots=True)
class GrantFilter:
    """What a list keeps; None keeps everything."""

    principal_id: UUID | None = None
    resource_id: UUID | None = None
    permission: str | None = None

    @property
    def order(self) -> GrantOrder:
        """The order whose index holds what is kept in as short a range as there is."""
        if self.principal_id is not None:
            return "resource_of_principal"
        if self.resource_id is not None:
            return "resource"
        return "principal" if self.permission is None else "permission"


@dataclass(frozen=True, slots=True)
class GrantPosition:
    """A place between two grants: behind this one, which may be gone."""

    principal_id: UUID = FIRST_ID
    resource_id: UUID = FIRST_ID
    permission: str = FIRST_TEXT


_TYPES = {"principal_id": "uuid", "resource_id": "uuid", "permission": "text"}
# What an order goes by; what its filter fixes is left out, so that the rest bounds the range.
_KEYS: dict[GrantOrder, tuple[str, ...]] = {
    "principal": ("principal_id", "resource_id", "permission"),
    "resource_of_principal": ("resource_id", "permission"),
    "resource": ("permission", "principal_id"),
    "permission": ("principal_id", "resource_id"),
}
_FIXED: dict[GrantOrder, str] = {
    "principal": "true",
    "resource_of_principal": "g.principal_id = $2",
    "resource": "g.resource_id = $3",
    "permission": "g.permission = $4",
}


def _list_sql(order: GrantOrder) -> str:
    keys = _KEYS[order]
    columns = ", ".join(f"g.{key}" for key in keys)
    after = ", ".join(f"${number}::{_TYPES[key]}" for number, key in enumerate(keys, 6))
    # coalesce: see db.token_pages.
    return f"""
SELECT g.principal_id, g.is_group, g.resource_id, g.permission, g.create_time, g.created_by
  FROM permission_grant g
 WHERE g.organization_id = $1
   AND {_FIXED[order]}
   AND coalesce(
           ($2::uuid IS NULL OR g.principal_id = $2)
           AND ($3::uuid IS NULL OR g.resource_id = $3)
           AND ($4::text IS NULL OR g.permission = $4),
           false)
   AND ({columns}) > ({after})
 ORDER BY {columns}
 LIMIT $5
"""


LIST_SQL: dict[GrantOrder, str] = {order: _list_sql(order) for order in _KEYS}


async def list_page(
    connection: Connection,
    organization_id: UUID,
    keep: GrantFilter,
    after: GrantPosition,
    limit: int,
) -> list[ListedGrant]:
    """Return the next ``limit`` grants behind a position, in the order of the filter."""
    rows = await connection.fetch(
        LIST_SQL[keep.order],
        organization_id,
        keep.principal_id,
        keep.resource_id,
        keep.permission,
        limit,
        *(getattr(after, key) for key in _KEYS[keep.order]),
    )
    return [ListedGrant(*row) for row in rows]
