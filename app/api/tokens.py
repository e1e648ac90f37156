"""Tokens in GraphQL: the thing itself, and one by its id."""

from enum import Enum

import strawberry
from strawberry import ID

from app import ids, references, token_format, tokens, user_agents
from app.access import AppUserReader, AppUserWriter, OrgMember
from app.api.nodes import ContextInfo, Node
from app.api.scalars import Time
from app.api.users import User, load_user, time_or_none, user_of
from app.tokens import Token as TokenRow


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
        description="Whose token it is. Permission: `organization:app_users:write`; none for one's"
        " own."
    )
    async def user(self, info: ContextInfo) -> User:
        own = await info.context.own_user(self.row.organization_id, self.row.user_id)
        if own is not None:
            return user_of(own)
        reader = info.context.require(OrgMember, self.row.organization_id)
        owner = await load_user(info, reader, self.row.user_id)
        if owner is None:
            raise RuntimeError("a token without a user")
        return owner

    @strawberry.field(
        description="Who generated it; null for the operator of the service. Permission:"
        " `organization:app_users:write`."
    )
    async def created_by(self, info: ContextInfo) -> User | None:
        reader = info.context.require(OrgMember, self.row.organization_id)
        return await load_user(info, reader, self.row.created_by)

    @strawberry.field(
        description="Who revoked it first; null if nobody did, or the operator of the service."
        " Permission: `organization:app_users:write`."
    )
    async def revoked_by(self, info: ContextInfo) -> User | None:
        reader = info.context.require(OrgMember, self.row.organization_id)
        return await load_user(info, reader, self.row.revoked_by)

    @strawberry.field(description="The caller may revoke it, and it is not revoked yet.")
    def viewer_can_revoke(self, info: ContextInfo) -> bool:
        return self.row.revoke_time is None and (
            self.is_current or info.context.may(AppUserWriter, self.row.organization_id)
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


async def find_token(info: ContextInfo, public_id: str) -> Token | None:
    """Return a token by its public id, None where it is missing or foreign."""
    organization_id, token_id = references.token("id", public_id)
    reader = info.context.require_or_none(AppUserReader, organization_id)
    row = await tokens.find(info.context.database, reader, token_id) if reader else None
    return Token.of(row, info) if row else None
