"""Resources in GraphQL: organizational units and projects, one of them, and lists."""

from collections.abc import Sequence
from enum import Enum
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry import ID

from app import ids, inputs, references, resources
from app.access import OrgAdmin, OrgReader
from app.api.connections import After, Connection, First, at_most, connection_of
from app.api.nodes import DIRECTIONS, ContextInfo, Node, OrderDirection
from app.api.scalars import Time
from app.api.users import User, load_user
from app.errors import Code
from app.paging import DEFAULT_FIRST
from app.resources import Resource as ResourceRow
from app.resources import ResourceFilter, ResourceOrder


@strawberry.enum(description="What kinds of resource there are, from the widest to the narrowest.")
class ResourceKind(Enum):
    ORGANIZATION = strawberry.enum_value(
        "ORGANIZATION", description="The organization itself, the root of its resources."
    )
    ORGANIZATIONAL_UNIT = strawberry.enum_value(
        "ORGANIZATIONAL_UNIT", description="A part of the organization; other units may be in it."
    )
    PROJECT = strawberry.enum_value("PROJECT", description="A project; nothing is below it.")


@strawberry.type(
    description="An organizational unit or a project: what permissions can be granted on beside the"
    " organization. A grant reaches everything below."
)
class Resource(Node):
    row: strawberry.Private[ResourceRow]
    kind: ResourceKind = strawberry.field(description="Which kind; it never changes.")
    name: str = strawberry.field(description="What people call it.")
    create_time: Time = strawberry.field(description="When it was created.")

    @strawberry.field(
        description="The organizational unit that it is in; null directly below the organization."
        " Permission: `role:organization:admin`."
    )
    async def parent(self, info: ContextInfo) -> "Resource | None":
        reader = info.context.require(OrgReader, self.row.organization_id)
        return await load_resource(info, reader, self.row.parent_id)

    @strawberry.field(
        description="Who created it; null for the operator of the service. Permission:"
        " `role:organization:admin`."
    )
    async def created_by(self, info: ContextInfo) -> User | None:
        reader = info.context.require(OrgReader, self.row.organization_id)
        return await load_user(info, reader, self.row.created_by)

    @strawberry.field(description="The caller may rename and move it.")
    def viewer_can_update(self, info: ContextInfo) -> bool:
        return info.context.may(OrgAdmin, self.row.organization_id)

    @strawberry.field(description="The caller may delete it, once nothing is below it.")
    def viewer_can_delete(self, info: ContextInfo) -> bool:
        return info.context.may(OrgAdmin, self.row.organization_id)

    @classmethod
    def of(cls, row: ResourceRow) -> "Resource":
        """Make the shape of a row."""
        return cls(
            row=row,
            id=ID(ids.resource_id(row.organization_id, row.resource_id)),
            kind=ResourceKind(row.kind),
            name=row.name,
            create_time=Time(row.create_time),
        )


async def load_resource(
    info: ContextInfo, reader: OrgReader, resource_id: UUID | None
) -> Resource | None:
    """Return a unit or project, None for the organization. All of a request share a statement."""
    if resource_id is None or resource_id == reader.organization_id:
        return None
    row = await info.context.loaders.resources.load((reader, resource_id))
    return Resource.of(row) if row else None


@strawberry.enum(description="What resources can be ordered by.")
class ResourceOrderField(Enum):
    CREATE_TIME = strawberry.enum_value("CREATE_TIME", description="When it was created.")
    NAME = strawberry.enum_value("NAME", description="Its name, upper and lower case alike.")


_ORDERS: dict[ResourceOrderField, ResourceOrder] = {
    ResourceOrderField.CREATE_TIME: "create_time",
    ResourceOrderField.NAME: "name_key",
}


@strawberry.input(name="ResourceOrder", description="How to order resources.")
class ResourceOrderInput:
    field: ResourceOrderField = strawberry.field(description="What to order by.")
    direction: OrderDirection = strawberry.field(
        default=OrderDirection.DESC, description="Which end comes first."
    )


@strawberry.input(name="ResourceFilter", description="Which resources to list.")
class ResourceFilterInput:
    parent_id: ID | None = strawberry.field(
        default=None,
        description="Directly in this organizational unit, or directly below the organization where"
        " it is the organization's id. Without it, on every level.",
    )
    kinds: list[ResourceKind] | None = strawberry.field(
        default=None,
        description="Of one of these kinds. The organization itself is not in the list.",
    )
    search: str | None = strawberry.field(
        default=None, description="With this text in the name, upper and lower case alike."
    )


@strawberry.type
class ResourceQueries:
    @strawberry.field(
        description="An organizational unit or a project; null where there is none and where the"
        " caller does not belong to its organization. Permission: `role:organization:admin`."
    )
    async def resource(
        self,
        info: ContextInfo,
        id: Annotated[ID, strawberry.argument(description="Its id (`resource_…`).")],
    ) -> Resource | None:
        return await find_resource(info, id)

    @strawberry.field(
        description="The organizational units and projects of an organization, the newest first."
        " Permission: `role:organization:admin`."
    )
    async def resources(
        self,
        info: ContextInfo,
        organization_id: Annotated[ID, strawberry.argument(description="The organization.")],
        first: First = DEFAULT_FIRST,
        after: After = None,
        filter: Annotated[
            ResourceFilterInput | None, strawberry.argument(description="Which to list.")
        ] = None,
        order_by: Annotated[
            ResourceOrderInput | None, strawberry.argument(description="In which order.")
        ] = None,
    ) -> Connection[Resource]:
        reader = info.context.require(
            OrgReader, references.organization("organizationId", organization_id)
        )
        by = order_by or ResourceOrderInput(field=ResourceOrderField.CREATE_TIME)
        asked = resources.page_request(
            _ORDERS[by.field], DIRECTIONS[by.direction], at_most(first), after
        )
        page = await resources.list_page(
            info.context.database, reader, _keep(reader, filter), asked
        )
        return connection_of(page, Resource.of)


async def find_resource(info: ContextInfo, public_id: str) -> Resource | None:
    """Return a unit or project. Raises InvalidInput, Unauthenticated and Forbidden."""
    organization_id, wanted = references.member("resource", "id", public_id)
    reader = info.context.require_or_none(OrgReader, organization_id)
    return await load_resource(info, reader, wanted) if reader else None


def _keep(reader: OrgReader, wanted: ResourceFilterInput | None) -> ResourceFilter:
    if wanted is None:
        return ResourceFilter()
    parent_id: UUID | None = None
    if wanted.parent_id is not None:
        owner, parent_id = references.resource("filter.parentId", wanted.parent_id)
        if owner != reader.organization_id:
            # Answered like a unit that does not exist: with nothing in it.
            parent_id = UUID(int=0)
    search = inputs.search("filter.search", wanted.search)
    return ResourceFilter(
        parent_id=parent_id,
        kinds=_kinds(wanted.kinds),
        search=inputs.name_key(search) if search else None,
    )


def _kinds(wanted: Sequence[ResourceKind] | None) -> tuple[resources.ResourceKind, ...]:
    if wanted is None:
        return ("ORGANIZATIONAL_UNIT", "PROJECT")
    if not wanted:
        raise inputs.invalid(
            "filter.kinds", Code.TOO_SHORT, "filter.kinds cannot be empty; leave it out instead."
        )
    names = {kind.name for kind in wanted}
    return tuple(kind for kind in resources.KINDS if kind in names)
