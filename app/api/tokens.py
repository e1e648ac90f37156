"""Tokens in GraphQL: the thing, lists of them, and the acts."""

from collections.abc import Sequence
from enum import Enum
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry import ID

from app import ids, inputs, token_format, tokens, user_agents
from app.access import OrgReader
from app.api.connections import After, Connection, First, page_info
from app.api.context import TokensOfUser
from app.api.nodes import DIRECTIONS, ContextInfo, Node, OrderDirection
from app.api.scalars import Time
from app.api.users import User, load_user, time_or_none, user_of
from app.errors import Code
from app.paging import DEFAULT_FIRST, Page, PageRequest
from app.tokens import Token as TokenRow
from app.tokens import TokenFilter, TokenOrder


@strawberry.enum(description="Whether a token is accepted, by the clock of the database.")
class TokenStatus(Enum):
    ACTIVE = strawberry.enum_value("ACTIVE", description="It is accepted.")
    EXPIRED = strawberry.enum_value("EXPIRED", description="Its time is over, for good.")
    REVOKED = strawberry.enum_value("REVOKED", description="It was ended, for good.")
    DEACTIVATED = strawberry.enum_value(
        "DEACTIVATED", description="Its user is deactivated; it comes back with its user."
    )


@strawberry.type(
    description="An access token, without its text: that is shown once, in the answer of"
    " `generateToken`. All but the description is fixed for life."
)
class Token(Node):
    row: strawberry.Private[TokenRow]
    token_prefix: str = strawberry.field(
        description="The first characters of the token, safe to show and log; unique."
    )
    description: str | None = strawberry.field(description="What it is for.")
    status: TokenStatus = strawberry.field(description="Whether it is accepted.")
    max_age_seconds: int | None = strawberry.field(
        description="How long it lives, in seconds; null for ever."
    )
    extend_when_used: bool = strawberry.field(
        description="Each use moves the expiry to `maxAgeSeconds` after it."
    )
    ip_allowlist: list[str] | None = strawberry.field(
        description="The networks that it is accepted from; null for anywhere."
    )
    scopes: list[str] | None = strawberry.field(
        description="What it may be used for, as `<resource>:<read or write>`; null for everything"
        " that its user may do."
    )
    create_time: Time = strawberry.field(description="When it was generated.")
    expiry_time: Time | None = strawberry.field(
        description="When it stops being accepted; null for never."
    )
    revoke_time: Time | None = strawberry.field(
        description="When it was revoked, the first time; null if it was not."
    )
    is_current: bool = strawberry.field(description="This very request was made with it.")
    last_used_time: Time | None = strawberry.field(
        description="Its last use that was not refused; null if never. Uses from one address and"
        " program that follow each other, by default within a minute, may count as one."
    )
    last_ip: str | None = strawberry.field(
        description="The IPv4 or IPv6 address of that use; null if never used or not known."
    )
    last_user_agent: str | None = strawberry.field(
        description="The User-Agent of that use, at most 512 characters; null if there was none."
    )

    @strawberry.field(description="That User-Agent for people, for example `Firefox 128 on Linux`.")
    def last_user_agent_human_readable(self) -> str | None:
        return user_agents.human_readable(self.row.last_user_agent)

    @strawberry.field(
        description="Whose token it is. Permission: `role:organization:admin`; none for one's own."
    )
    async def user(self, info: ContextInfo) -> User:
        own = await info.context.own_user(self.row.organization_id, self.row.user_id)
        if own is not None:
            return user_of(own)
        reader = info.context.require_org_reader(self.row.organization_id)
        owner = await load_user(info, reader, self.row.user_id)
        if owner is None:
            raise RuntimeError("a token without a user")
        return owner

    @strawberry.field(
        description="Who generated it; null for the operator of the service. Permission:"
        " `role:organization:admin`."
    )
    async def created_by(self, info: ContextInfo) -> User | None:
        reader = info.context.require_org_reader(self.row.organization_id)
        return await load_user(info, reader, self.row.created_by)

    @strawberry.field(
        description="Who revoked it first; null if nobody did, or the operator of the service."
        " Permission: `role:organization:admin`."
    )
    async def revoked_by(self, info: ContextInfo) -> User | None:
        reader = info.context.require_org_reader(self.row.organization_id)
        return await load_user(info, reader, self.row.revoked_by)

    @strawberry.field(description="The caller may revoke it, and it is not revoked yet.")
    def viewer_can_revoke(self, info: ContextInfo) -> bool:
        return self.row.revoke_time is None and (
            self.is_current or info.context.may_change(self.row.organization_id)
        )

    @classmethod
    def of(cls, row: TokenRow, info: ContextInfo) -> "Token":
        """Make the shape of a row."""
        return cls(
            row=row,
            id=ID(ids.member_id("token", row.organization_id, row.token_id)),
            token_prefix=token_format.prefix_of(row.token_id),
            description=row.description,
            status=TokenStatus(row.status),
            max_age_seconds=row.max_age_seconds,
            extend_when_used=row.extend_when_used,
            ip_allowlist=row.ip_allowlist,
            scopes=row.scopes,
            create_time=Time(row.create_time),
            expiry_time=time_or_none(row.expiry_time),
            revoke_time=time_or_none(row.revoke_time),
            is_current=info.context.is_current(row.token_id),
            last_used_time=time_or_none(row.last_used_time),
            last_ip=row.last_ip,
            last_user_agent=row.last_user_agent,
        )


@strawberry.enum(description="What tokens can be ordered by.")
class TokenOrderField(Enum):
    CREATE_TIME = strawberry.enum_value("CREATE_TIME", description="When it was generated.")
    LAST_USED_TIME = strawberry.enum_value(
        "LAST_USED_TIME",
        description="Its last use; never comes before every time. Slower than CREATE_TIME in an"
        " organization with very many tokens.",
    )


_ORDERS: dict[TokenOrderField, TokenOrder] = {
    TokenOrderField.CREATE_TIME: "create_time",
    TokenOrderField.LAST_USED_TIME: "last_used_time",
}


@strawberry.input(name="TokenOrder", description="How to order tokens.")
class TokenOrderInput:
    field: TokenOrderField = strawberry.field(description="What to order by.")
    direction: OrderDirection = strawberry.field(
        default=OrderDirection.DESC, description="Which end comes first."
    )


@strawberry.input(name="TokenFilter", description="Which tokens to list; all without a field.")
class TokenFilterInput:
    statuses: list[TokenStatus] | None = strawberry.field(
        default=None, description="In one of these statuses."
    )
    search: str | None = strawberry.field(
        default=None,
        description="With this text in the description, upper and lower case alike; or a token's"
        " prefix, to find the one that it belongs to.",
    )
    created_after: Time | None = strawberry.field(
        default=None, description="Generated at this time or later."
    )
    created_before: Time | None = strawberry.field(
        default=None, description="Generated before this time."
    )
    expires_after: Time | None = strawberry.field(
        default=None, description="Expiring at this time or later; leaves out those that never do."
    )
    expires_before: Time | None = strawberry.field(
        default=None, description="Expiring before this time, or expired."
    )
    last_used_after: Time | None = strawberry.field(
        default=None, description="Last used at this time or later."
    )
    last_used_before: Time | None = strawberry.field(
        default=None, description="Last used before this time; leaves out those that never were."
    )
    never_used: bool | None = strawberry.field(
        default=None, description="True keeps those that were never used, false the others."
    )


@strawberry.type
class TokenQueries:
    @strawberry.field(
        description="The tokens of an organization, the newest first: those of its application"
        " users and of its people, in whatever status. Permission: `role:organization:admin`."
    )
    async def tokens(
        self,
        info: ContextInfo,
        organization_id: Annotated[ID, strawberry.argument(description="The organization.")],
        application_user_id: Annotated[
            ID | None, strawberry.argument(description="Only the tokens of this application user.")
        ] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        filter: Annotated[
            TokenFilterInput | None, strawberry.argument(description="Which to list.")
        ] = None,
        order_by: Annotated[
            TokenOrderInput | None, strawberry.argument(description="In which order.")
        ] = None,
    ) -> Connection[Token]:
        reader = info.context.require_org_reader(
            inputs.organization_id("organizationId", organization_id)
        )
        if application_user_id is not None:
            owner_organization, owner = inputs.user_id("applicationUserId", application_user_id)
            if owner_organization != reader.organization_id:
                # Answered like a user that does not exist: with no token.
                owner = UUID(int=0)
            return await tokens_of_user(info, reader, owner, first, after, filter, order_by)
        page = await tokens.list_page(
            info.context.database, reader, _keep(filter), _asked(first, after, order_by)
        )
        return connection_of(page, info)


async def tokens_of_user(
    info: ContextInfo,
    reader: OrgReader,
    user_id: UUID,
    first: int | None,
    after: str | None,
    keep: TokenFilterInput | None,
    order_by: TokenOrderInput | None,
) -> Connection[Token]:
    """Return a page of one user's tokens; all users of a request share a statement."""
    wanted = TokensOfUser(reader, user_id, _keep(keep), _asked(first, after, order_by))
    return connection_of(await info.context.tokens_of_users.load(wanted), info)


def connection_of(page: Page[TokenRow], info: ContextInfo) -> Connection[Token]:
    """Make the shape of a page of tokens."""
    return Connection(
        nodes=[Token.of(row, info) for row in page.rows],
        cursor=page.cursor,
        page_info=page_info(page),
    )


def _asked(
    first: int | None, after: str | None, order_by: TokenOrderInput | None
) -> PageRequest[TokenOrder]:
    return tokens.page_request(
        _ORDERS[order_by.field] if order_by else "create_time",
        DIRECTIONS[order_by.direction] if order_by else "DESC",
        DEFAULT_FIRST if first is None else first,
        after,
    )


def _keep(wanted: TokenFilterInput | None) -> TokenFilter:
    if wanted is None:
        return TokenFilter()
    search = inputs.search("filter.search", wanted.search)
    return TokenFilter(
        statuses=_statuses(wanted.statuses),
        search=search,
        token_id=token_format.id_of_prefix(search) if search else None,
        created_after=wanted.created_after,
        created_before=wanted.created_before,
        expires_after=wanted.expires_after,
        expires_before=wanted.expires_before,
        used_after=wanted.last_used_after,
        used_before=wanted.last_used_before,
        never_used=wanted.never_used,
    )


def _statuses(wanted: Sequence[TokenStatus] | None) -> tuple[tokens.TokenStatus, ...] | None:
    if wanted is None:
        return None
    if not wanted:
        raise inputs.invalid(
            "filter.statuses",
            Code.TOO_SHORT,
            "filter.statuses cannot be empty; leave it out instead.",
        )
    return tuple(status.name for status in wanted)
