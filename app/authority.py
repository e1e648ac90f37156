"""What a principal may do on a resource, and which grants say so.

Grants are cumulative: direct ones and those of groups, on the resource and on every level above
it, with roles opened. There is no deny. What a token cuts off is not here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.access import OrgReader, Principal
from app.catalogue import Catalogue
from app.errors import NotFound
from app.permissions import MISSING_PRINCIPAL
from app.resources import MISSING as MISSING_RESOURCE
from db import authority as rows
from db.authority import Ask, Found
from db.pool import Database

__all__ = ["Ask", "Authority", "Source", "find", "find_own"]


@dataclass(frozen=True, slots=True)
class Source:
    """A grant that reaches a principal on a resource: its own or a group's, there or above."""

    granted: str
    resource_id: UUID
    group_id: UUID | None
    """The group that it was granted to; None where it was granted to the principal itself."""
    create_time: datetime
    created_by: UUID | None


@dataclass(frozen=True, slots=True)
class Authority:
    """What a principal holds on a resource."""

    granted: frozenset[str]
    """The names of all grants that reach it."""
    sources: tuple[Source, ...]
    """These grants, where the question asked for them."""

    def permissions(self, catalogue: Catalogue) -> frozenset[str]:
        """Return every role and permission that is given, roles opened to the bottom."""
        return catalogue.expand(self.granted)

    def in_order(self) -> list[Source]:
        """Return all of these grants: direct ones first, then the oldest."""
        return sorted(self.sources, key=_direct_first)

    def giving(self, catalogue: Catalogue, permission: str) -> list[Source]:
        """Return the grants each of which gives a permission: direct ones first, then the oldest.

        A name that the catalogue does not have, perhaps any more, is given by grants of it alone.
        """
        givers = catalogue.givers(permission) | {permission}
        return sorted(
            (source for source in self.sources if source.granted in givers), key=_direct_first
        )


async def find(
    database: Database, reader: OrgReader, asks: Sequence[Ask]
) -> list[Authority | NotFound]:
    """Return what each question comes to, a failure where its principal or resource is missing.

    All of them are one statement.
    """
    return await _find(database, reader.organization_id, asks)


async def find_own(
    database: Database, principal: Principal, organization_id: UUID, asks: Sequence[Ask]
) -> list[Authority | NotFound]:
    """Return what the principal itself holds in one of its organizations.

    Raises ValueError for a question about anybody else.
    """
    own = principal.memberships[organization_id].user_id
    if any((ask.principal_id, ask.is_group) != (own, False) for ask in asks):
        raise ValueError("only who asks may be asked about without a proof")
    return await _find(database, organization_id, asks)


async def _find(
    database: Database, organization_id: UUID, asks: Sequence[Ask]
) -> list[Authority | NotFound]:
    async with database.tenant(organization_id) as connection:
        answers = await rows.find(connection, organization_id, asks)
    return [_authority(ask, found) for ask, found in zip(asks, answers, strict=True)]


def _authority(ask: Ask, found: Sequence[Found]) -> Authority | NotFound:
    if not found[0].has_principal:
        return NotFound(MISSING_PRINCIPAL)
    if not found[0].has_resource:
        return NotFound(MISSING_RESOURCE)
    granted = frozenset(row.permission for row in found if row.permission is not None)
    return Authority(granted, tuple(source for row in found for source in _sources(ask, row)))


def _sources(ask: Ask, row: Found) -> list[Source]:
    if row.permission is None:
        return []
    return [
        Source(
            row.permission,
            resource_id,
            None if principal_id == ask.principal_id else principal_id,
            create_time,
            created_by,
        )
        for principal_id, resource_id, create_time, created_by in zip(
            row.principal_ids or (),
            row.resource_ids or (),
            row.create_times or (),
            row.created_by or (),
            strict=True,
        )
    ]


def _direct_first(source: Source) -> tuple[object, ...]:
    is_through_group = source.group_id is not None
    where = (source.granted, source.resource_id, source.group_id)
    return (is_through_group, source.create_time, *where)
