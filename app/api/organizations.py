"""Organizations and the viewer in GraphQL."""

from typing import Annotated

import strawberry
from strawberry import ID

from app import ids, organizations, references, viewer
from app.access import (
    AppUserReader,
    AppUserWriter,
    AuditReader,
    GroupWriter,
    OrgAdmin,
    OrgMember,
    Principal,
    UserWriter,
)
from app.api.connections import After, Connection, First
from app.api.limit_requests import LimitIncreaseRequest, list_limit_requests
from app.api.nodes import ContextInfo, Node
from app.api.scalars import Time
from app.api.tokens import Token
from app.api.users import User, user_of
from app.organizations import Organization as OrganizationRow
from app.paging import DEFAULT_FIRST


@strawberry.type(description="What owns application users and tokens; nothing crosses its border.")
class Organization(Node):
    row: strawberry.Private[OrganizationRow]
    name: str = strawberry.field(description="What people call it.")
    create_time: Time = strawberry.field(description="When it was created.")
    application_user_limit: int = strawberry.field(
        description="How many application users it may have; `requestLimitIncrease` asks for more."
    )
    application_user_count: int = strawberry.field(
        description="How many it has, deactivated ones included and deleted ones not."
    )

    @strawberry.field(
        description="The caller may create an application user now: it has the permission, and the"
        " limit is not reached."
    )
    def viewer_can_create_application_user(self, info: ContextInfo) -> bool:
        return self.row.application_user_count < self.row.application_user_limit and (
            info.context.may(AppUserWriter, self.row.organization_id)
        )

    @strawberry.field(
        description="The requests for a higher limit, the newest first. Permission:"
        " `organization:app_users:write`."
    )
    async def limit_increase_requests(
        self, info: ContextInfo, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[LimitIncreaseRequest]:
        reader = info.context.require(AppUserReader, self.row.organization_id)
        return await list_limit_requests(info, reader, first, after)

    @strawberry.field(
        description="The caller may ask for a higher limit of application users, unless a request"
        " is pending."
    )
    def viewer_can_request_limit_increase(self, info: ContextInfo) -> bool:
        return info.context.may(AppUserWriter, self.row.organization_id)

    @strawberry.field(
        description="The caller may add people who sign in with an identity provider."
    )
    def viewer_can_add_organization_user(self, info: ContextInfo) -> bool:
        return info.context.may(UserWriter, self.row.organization_id)

    @strawberry.field(description="The caller may create a group.")
    def viewer_can_create_group(self, info: ContextInfo) -> bool:
        return info.context.may(GroupWriter, self.row.organization_id)

    @strawberry.field(
        description="The caller, an administrator, may grant and revoke permissions, and change"
        " organizational units and projects."
    )
    def viewer_can_grant_permissions(self, info: ContextInfo) -> bool:
        return info.context.may(OrgAdmin, self.row.organization_id)

    @strawberry.field(description="The caller may read the audit trail.")
    def viewer_can_read_audit_events(self, info: ContextInfo) -> bool:
        return info.context.may(AuditReader, self.row.organization_id)

    @strawberry.field(description="The caller, an administrator, may set the policy.")
    def viewer_can_set_policy(self, info: ContextInfo) -> bool:
        return info.context.may(OrgAdmin, self.row.organization_id)

    @strawberry.field(description="The caller, an administrator, may change webhook endpoints.")
    def viewer_can_manage_webhooks(self, info: ContextInfo) -> bool:
        return info.context.may(OrgAdmin, self.row.organization_id)

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
                organization_id=ID(ids.organization_id(place.user.organization_id)),
                organization_name=place.user.organization_name,
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
        " to it. Permission: any that this service enforces but"
        " `organization:tokens:verify`, for example `organization:app_users:write`."
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
