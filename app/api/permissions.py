"""Permissions in GraphQL: what was granted, what it comes to, and why."""

from typing import Annotated
from uuid import UUID

import strawberry
from strawberry import ID

from app import ids, inputs, permissions, references
from app.access import OrgMember, OrgReader
from app.api.connections import After, Connection, First, at_most, checked, connection_of
from app.api.nodes import ContextInfo
from app.api.scalars import Time
from app.api.selections import selects
from app.api.users import User, load_user
from app.authority import Ask, Authority, Source
from app.errors import Code
from app.paging import DEFAULT_FIRST
from app.permissions import MISSING_PRINCIPAL, GrantFilter, ListedGrant

PrincipalId = Annotated[
    ID,
    strawberry.argument(
        description="The user, a person or an application user, or the group that is asked about."
    ),
]
ResourceId = Annotated[
    ID,
    strawberry.argument(
        description="The organization (`org_…`), or a resource in it (`resource_…`)."
    ),
]
MOST_EXPLAINED = 100
_GRANTED_BY = (
    "Who granted it; null for the operator of the service. Permission: any that this service"
    " enforces but `organization:tokens:verify`, for example `organization:app_users:write`."
)


@strawberry.type(description="A grant that gives permissions.")
class PermissionSource:
    row: strawberry.Private[Source]
    organization_id: strawberry.Private[UUID]
    granted: str = strawberry.field(
        description="What was granted: a permission, or a role, which gives all that it includes."
    )
    resource_id: ID = strawberry.field(
        description="Where it was granted: on the resource, or on one above it."
    )
    group_id: ID | None = strawberry.field(
        description="The group that it was granted to; null where it was granted to the user or"
        " group that was asked about."
    )
    create_time: Time = strawberry.field(description="When it was granted.")

    @strawberry.field(description=_GRANTED_BY)
    async def created_by(self, info: ContextInfo) -> User | None:
        reader = info.context.require(OrgMember, self.organization_id)
        return await load_user(info, reader, self.row.created_by)

    @classmethod
    def of(cls, organization_id: UUID, row: Source) -> "PermissionSource":
        """Make the shape of a source."""
        return cls(
            row=row,
            organization_id=organization_id,
            granted=row.granted,
            resource_id=ID(ids.resource_id(organization_id, row.resource_id)),
            group_id=ID(ids.member_id("group", organization_id, row.group_id))
            if row.group_id
            else None,
            create_time=Time(row.create_time),
        )


_WITH_GRANTS = frozenset({"sources", "sourceCount"})


@strawberry.type(description="What a user or a group may do on a resource.")
class EffectivePermissions:
    grants: strawberry.Private[list[Source]]
    """In order; empty where none of the fields that tell of them is selected."""
    organization_id: strawberry.Private[UUID]
    permissions: list[str] = strawberry.field(
        description="Roles and permissions, with all that roles include, in alphabetical order."
    )

    @strawberry.field(
        description="The grants that all of it comes from: on the resource and on every level"
        " above, to the user or group itself and to the groups of the user. Direct ones first, each"
        " kind the oldest first. A grant of a role gives what `permissionCatalogue` says that the"
        " role includes; one of a name that left `permissionCatalogue` gives nothing. Where there"
        " are more than these, `explainPermission` has those of one permission."
    )
    def sources(self, first: First = DEFAULT_FIRST) -> list[PermissionSource]:
        wanted = self.grants[: checked(first)]
        return [PermissionSource.of(self.organization_id, source) for source in wanted]

    @strawberry.field(
        description="How many such grants there are in all; `sources` has no more than it is asked"
        " for."
    )
    def source_count(self) -> int:
        return len(self.grants)


@strawberry.type(description="A role or permission that was granted to a user or a group.")
class PermissionGrant:
    row: strawberry.Private[ListedGrant]
    organization_id: strawberry.Private[UUID]
    principal_id: ID = strawberry.field(
        description="To whom: a user (`user_…`) or a group (`group_…`)."
    )
    resource_id: ID = strawberry.field(
        description="On what: the organization (`org_…`) or a resource in it (`resource_…`); it"
        " holds on everything below, too."
    )
    permission: str = strawberry.field(description="What was granted.")
    create_time: Time = strawberry.field(description="When it was granted.")

    @strawberry.field(description=_GRANTED_BY)
    async def created_by(self, info: ContextInfo) -> User | None:
        reader = info.context.require(OrgMember, self.organization_id)
        return await load_user(info, reader, self.row.created_by)

    @classmethod
    def of(cls, organization_id: UUID, row: ListedGrant) -> "PermissionGrant":
        """Make the shape of a row."""
        kind = "group" if row.is_group else "user"
        return cls(
            row=row,
            organization_id=organization_id,
            principal_id=ID(ids.member_id(kind, organization_id, row.principal_id)),
            resource_id=ID(ids.resource_id(organization_id, row.resource_id)),
            permission=row.permission,
            create_time=Time(row.create_time),
        )


@strawberry.input(description="Which grants to list; those that every field keeps.")
class PermissionGrantFilter:
    principal_id: ID | None = strawberry.field(
        default=None,
        description="To this user or group itself; what a user has through groups is theirs.",
    )
    resource_id: ID | None = strawberry.field(
        default=None, description="On this organization or resource itself, not above or below."
    )
    permission: str | None = strawberry.field(
        default=None, description="Of this role or permission itself, not of what includes it."
    )


@strawberry.type
class PermissionQueries:
    @strawberry.field(
        description="What a user or a group may do on a resource: all that it was granted there and"
        " on every level above, directly and through groups, with roles opened. Grants add up;"
        " nothing takes one back. The scopes and the ceiling of a token, and the organization's"
        " policy, cut down what a request may do with it. Permission: `role:organization:admin`;"
        " none to ask about oneself."
    )
    async def effective_permissions(
        self, info: ContextInfo, principal_id: PrincipalId, resource_id: ResourceId
    ) -> EffectivePermissions:
        organization_id, found = await _authority(
            info, principal_id, resource_id, with_grants=selects(info, _WITH_GRANTS)
        )
        return EffectivePermissions(
            grants=found.in_order(),
            organization_id=organization_id,
            permissions=sorted(found.permissions(info.context.catalogue)),
        )

    @strawberry.field(
        description="The grants that give a user or a group a permission on a resource: direct"
        f" ones first, each kind the oldest first, at most {MOST_EXPLAINED}; empty where nothing"
        " gives it. Of a name that left"
        " `permissionCatalogue` and is still granted, the grants of it, which give nothing."
        " Permission: `role:organization:admin`; none to ask about oneself."
    )
    async def explain_permission(
        self,
        info: ContextInfo,
        principal_id: PrincipalId,
        resource_id: ResourceId,
        permission: Annotated[
            str,
            strawberry.argument(
                description="A role or permission of `permissionCatalogue`, or one that was granted"
                " before it left it."
            ),
        ],
    ) -> list[PermissionSource]:
        catalogue = info.context.catalogue
        organization_id, found = await _authority(info, principal_id, resource_id, with_grants=True)
        sources = found.giving(catalogue, permission)
        # Whatever the catalogue says, what is granted can be asked for, and be taken away.
        if not sources and permission not in catalogue.entries:
            raise inputs.invalid(
                "permission",
                Code.UNKNOWN_VALUE,
                "permission is no role or permission; permissionCatalogue lists them.",
            )
        return [PermissionSource.of(organization_id, source) for source in sources[:MOST_EXPLAINED]]

    @strawberry.field(
        description="What was granted in an organization, in a lasting order without meaning."
        " Permission: `role:organization:admin`."
    )
    async def permission_grants(
        self,
        info: ContextInfo,
        organization_id: Annotated[ID, strawberry.argument(description="The organization.")],
        first: First = DEFAULT_FIRST,
        after: After = None,
        filter: Annotated[
            PermissionGrantFilter | None, strawberry.argument(description="Which to list.")
        ] = None,
    ) -> Connection[PermissionGrant]:
        reader = info.context.require(
            OrgReader, references.organization("organizationId", organization_id)
        )
        keep = _keep(reader.organization_id, filter or PermissionGrantFilter())
        asked = permissions.page_request(keep, at_most(first), after)
        page = await permissions.list_page(info.context.database, reader, keep, asked)
        return connection_of(page, lambda row: PermissionGrant.of(reader.organization_id, row))


async def _authority(
    info: ContextInfo, principal: str, resource: str, *, with_grants: bool
) -> tuple[UUID, Authority]:
    """Return the organization and what its user or group holds; all of a request at once.

    Raises InvalidInput, NotFound, and Forbidden for who asks about others without permission.
    """
    organization_id, principal_id, is_group = references.principal("principalId", principal)
    resource_id = _within(organization_id, references.resource("resourceId", resource))
    context = info.context
    own = context.require_principal().memberships.get(organization_id)
    reader = None
    # An administrator's questions are of one kind, so that they share a statement.
    is_own = own is not None and own.user_id == principal_id and not is_group
    if not is_own or context.may(OrgReader, organization_id):
        reader = context.require(OrgReader, organization_id, MISSING_PRINCIPAL)
    ask = Ask(principal_id, is_group, resource_id, with_grants)
    shared = (reader, organization_id)
    return organization_id, await context.loaders.authorities.load((shared, ask))


def _keep(organization_id: UUID, given: PermissionGrantFilter) -> GrantFilter:
    principal_id = resource_id = None
    if given.principal_id is not None:
        where, value, _ = references.principal("filter.principalId", given.principal_id)
        principal_id = _within(organization_id, (where, value))
    if given.resource_id is not None:
        found = references.resource("filter.resourceId", given.resource_id)
        resource_id = _within(organization_id, found)
    # Not only what the catalogue has: what was taken out of it may still be granted to somebody.
    permission = inputs.search("filter.permission", given.permission)
    return GrantFilter(
        principal_id,
        resource_id,
        (permission or "") if given.permission is not None else None,
    )


def _within(organization_id: UUID, found: tuple[UUID, UUID]) -> UUID:
    """Return what an id names; another organization's is answered like one that is missing."""
    where, value = found
    return value if where == organization_id else UUID(int=0)
