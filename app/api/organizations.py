"""Organizations and the viewer in GraphQL, and any thing by its id."""

from typing import Annotated

import strawberry
from strawberry import ID

from app import ids, inputs, organizations, tokens, viewer
from app.access import Principal
from app.api.application_users import find_user
from app.api.nodes import ContextInfo, Node
from app.api.scalars import Time
from app.api.tokens import Token
from app.api.users import User, user_of
from app.errors import Code
from app.organizations import Organization as OrganizationRow


@strawberry.type(description="What owns application users and tokens; nothing crosses its border.")
class Organization(Node):
    row: strawberry.Private[OrganizationRow]
    name: str = strawberry.field(description="What people call it.")
    create_time: Time = strawberry.field(description="When it was created.")
    application_user_limit: int = strawberry.field(
        description="How many application users it may have; the operator of the service can raise"
        " it."
    )
    application_user_count: int = strawberry.field(
        description="How many it has, deactivated ones included and deleted ones not."
    )

    @strawberry.field(
        description="The caller may create an application user now: it is an administrator, and the"
        " limit is not reached."
    )
    def viewer_can_create_application_user(self, info: ContextInfo) -> bool:
        return self.row.application_user_count < self.row.application_user_limit and (
            info.context.may_change(self.row.organization_id)
        )

    @classmethod
    def of(cls, row: OrganizationRow) -> "Organization":
        """Make the shape of a row."""
        return cls(
            row=row,
            id=ID(ids.organization_id(row.organization_id)),
            name=row.name,
            create_time=Time(row.create_time),
            application_user_limit=row.application_user_limit,
            application_user_count=row.application_user_count,
        )


@strawberry.type(description="The caller's place in one organization.")
class ViewerMembership:
    organization_id: ID = strawberry.field(description="The organization.")
    organization_name: str = strawberry.field(description="What people call the organization.")
    user: User = strawberry.field(description="The caller as a user of the organization.")
    permissions: list[str] = strawberry.field(
        description="What the caller was granted on the organization, in order; the scopes of its"
        " token may cut it down."
    )


@strawberry.type(description="Who makes this request.")
class Viewer:
    principal: strawberry.Private[Principal]

    @strawberry.field(
        description="One for each organization that the caller belongs to; exactly one with an"
        " access token."
    )
    async def memberships(self, info: ContextInfo) -> list[ViewerMembership]:
        return [
            ViewerMembership(
                organization_id=ID(ids.organization_id(place.organization.organization_id)),
                organization_name=place.organization.name,
                user=user_of(place.user),
                permissions=sorted(place.membership.permissions),
            )
            for place in await viewer.memberships(info.context.database, self.principal)
        ]

    @strawberry.field(
        description="The access token of this request; null for a person who signed in with the"
        " identity provider."
    )
    async def token(self, info: ContextInfo) -> Token | None:
        row = await viewer.token(info.context.database, self.principal)
        return Token.of(row, info) if row else None


@strawberry.type
class OrganizationQueries:
    @strawberry.field(
        description="Who makes this request. Permission: none beyond a valid credential."
    )
    def viewer(self, info: ContextInfo) -> Viewer:
        return Viewer(principal=info.context.require_principal())

    @strawberry.field(
        description="An organization; null where there is none and where the caller does not belong"
        " to it. Permission: `role:organization:admin`."
    )
    async def organization(
        self,
        info: ContextInfo,
        id: Annotated[ID, strawberry.argument(description="Its id (`org_…`).")],
    ) -> Organization | None:
        return await _organization(info, id)

    @strawberry.field(
        description="Anything by its id: an organization, a user or a token; null where there is"
        " none, where it is a deleted user, and where the caller does not belong to its"
        " organization. Permission: `role:organization:admin`."
    )
    async def node(
        self,
        info: ContextInfo,
        id: Annotated[ID, strawberry.argument(description="An id (`org_…`, `user_…`, `token_…`).")],
    ) -> Node | None:
        match ids.kind_of(id):
            case "org":
                return await _organization(info, id)
            case "user":
                return await find_user(info, "id", id)
            case "token":
                return await _token(info, id)
            case None:
                raise inputs.invalid(
                    "id", Code.INVALID_ID, "id is not an id (org_…, user_… or token_…)."
                )


async def _organization(info: ContextInfo, public_id: str) -> Organization | None:
    reader = info.context.org_reader_or_none(inputs.organization_id("id", public_id))
    row = await organizations.find(info.context.database, reader) if reader else None
    return Organization.of(row) if row else None


async def _token(info: ContextInfo, public_id: str) -> Token | None:
    organization_id, token_id = inputs.token_id("id", public_id)
    reader = info.context.org_reader_or_none(organization_id)
    row = await tokens.find(info.context.database, reader, token_id) if reader else None
    return Token.of(row, info) if row else None
