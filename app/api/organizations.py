"""Organizations and the viewer in GraphQL."""

from typing import Annotated

import strawberry
from strawberry import ID

from app import ids, organizations, references, viewer
from app.access import AppUserWriter, OrgMember, Principal
from app.api.nodes import ContextInfo, Node
from app.api.scalars import Time
from app.api.tokens import Token
from app.api.users import User, user_of
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
            info.context.may(AppUserWriter, self.row.organization_id)
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
        " to it. Permission: any that this service enforces, for example"
        " `organization:app_users:write`."
    )
    async def organization(
        self,
        info: ContextInfo,
        id: Annotated[ID, strawberry.argument(description="Its id (`org_…`).")],
    ) -> Organization | None:
        return await find_organization(info, id)


async def find_organization(info: ContextInfo, public_id: str) -> Organization | None:
    """Return an organization by its public id, None where it is missing or foreign."""
    member = info.context.require_or_none(OrgMember, references.organization("id", public_id))
    row = await organizations.find(info.context.database, member) if member else None
    return Organization.of(row) if row else None
