"""Tokens in GraphQL: the thing itself, and one by its id."""

from enum import Enum

import strawberry
from strawberry import ID

from app import ids, minting, references, token_format, tokens, user_agents
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
        "DEACTIVATED",
        description="Its user is deactivated, and it comes back with its user; or it was unused for"
        " longer than the organization's policy allows, and `activateToken` brings it back.",
    )


@strawberry.type(
    description="An access token, without its text: that is shown once, in the answer of"
    " `generateToken` or `rotateToken`. All but the description is fixed for life."
)
class Token(Node):
    row: strawberry.Private[TokenRow]
    inside: strawberry.Private[bool | None] = None
    """It can do nothing that the token of this request cannot; None until that is asked."""
    token_prefix: str = strawberry.field(
        description="The first characters of the token, safe to show and log; unique."
    )
    description: str | None = strawberry.field(description="What it is for.")
    status: TokenStatus = strawberry.field(description="Whether it is accepted.")
    max_age_seconds: int | None = strawberry.field(
        description="How long it lives, in seconds; null for ever."
    )
    extend_when_used: bool = strawberry.field(
        description="Each use moves the expiry to `maxAgeSeconds` after it; one in the last second"
        " comes too late."
    )

    @strawberry.field(description="The organization that it belongs to.")
    def organization_id(self) -> ID:
        return ID(ids.organization_id(self.row.organization_id))

    @strawberry.field(description="The networks that it is accepted from; null for anywhere.")
    def ip_allowlist(self) -> list[str] | None:
        return self.row.ip_allowlist

    @strawberry.field(
        description="What it may be used for, as `<resource>:<read or write>`; null for everything"
        " that its user may do."
    )
    def scopes(self) -> list[str] | None:
        return self.row.scopes

    @strawberry.field(
        description="What the permissions of its user are cut down to, whatever the user is granted"
        " later; null where nothing is cut. Empty for a token that was minted by somebody who was"
        " not administrator: it never carries a permission."
    )
    def permission_ceiling(self) -> list[str] | None:
        return self.row.permission_ceiling

    create_time: Time = strawberry.field(description="When it was generated.")
    expiry_time: Time | None = strawberry.field(
        description="When it expires; null for never. A token that was rotated stops being accepted"
        " at its `overlapEndTime`, if that is earlier."
    )
    revoke_time: Time | None = strawberry.field(
        description="When it was revoked, the first time; null if it was not."
    )
    family_id: ID = strawberry.field(
        description="The id of the first token of its line: each rotation adds a successor to the"
        " line. Its own id where it was generated, not rotated from another."
    )
    supersede_time: Time | None = strawberry.field(
        description="When it was rotated, and so has a successor; null if it was not."
    )
    overlap_end_time: Time | None = strawberry.field(
        description="Until when it is accepted beside its successor; null if it was not rotated."
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
        description="Whose token it is. Permission: any that this service enforces but"
        " `organization:tokens:verify`; none for one's own."
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
        description="Who generated it; null for the operator of the service. Permission: any that"
        " this service enforces but `organization:tokens:verify`."
    )
    async def created_by(self, info: ContextInfo) -> User | None:
        reader = info.context.require(OrgMember, self.row.organization_id)
        return await load_user(info, reader, self.row.created_by)

    @strawberry.field(
        description="Who revoked it first; null if nobody did, or the operator of the service, or"
        " the service itself as the policy says. The token's own user where somebody presented the"
        " token to end it, at `/revoke` or as its finder. Permission: any that this service"
        " enforces but `organization:tokens:verify`."
    )
    async def revoked_by(self, info: ContextInfo) -> User | None:
        reader = info.context.require(OrgMember, self.row.organization_id)
        return await load_user(info, reader, self.row.revoked_by)

    @strawberry.field(
        description="The organization's policy refuses it wherever it is used from: it lives longer"
        " than allowed, or its `ipAllowlist` has nothing in common with the allowed networks. It is"
        " accepted again as soon as the policy lets it; `status` does not say so."
    )
    async def blocked_by_policy(self, info: ContextInfo) -> bool:
        return await self._is_blocked(info)

    @strawberry.field(
        description="The token that it was rotated from; null if it was generated. Permission:"
        " `organization:app_users:write`."
    )
    async def predecessor(self, info: ContextInfo) -> "Token | None":
        if self.row.predecessor_id is None:
            return None
        reader = info.context.require(AppUserReader, self.row.organization_id)
        found = await info.context.loaders.tokens.load((reader, self.row.predecessor_id))
        return Token.of(found, info) if found else None

    @strawberry.field(
        description="The token that it was rotated to; null if it was not. Permission:"
        " `organization:app_users:write`."
    )
    async def successor(self, info: ContextInfo) -> "Token | None":
        if self.row.supersede_time is None:
            return None
        reader = info.context.require(AppUserReader, self.row.organization_id)
        found = await info.context.loaders.successors.load((reader, self.row.token_id))
        return Token.of(found, info) if found else None

    @strawberry.field(
        description="Somebody used it after it was rotated, and so still depends on it; null if it"
        " was not rotated. Where it stays false, the change-over can be finished with"
        " `revokeToken`. A use shows within seconds."
    )
    def used_since_rotation(self) -> bool | None:
        if self.row.supersede_time is None:
            return None
        used = self.row.last_used_time
        return used is not None and used > self.row.supersede_time

    @strawberry.field(description="The caller may revoke it, and it is not revoked yet.")
    def viewer_can_revoke(self, info: ContextInfo) -> bool:
        row = self.row
        if row.revoke_time is not None:
            return False
        if self.is_current:
            return True
        if not info.context.may(AppUserWriter, row.organization_id):
            return False
        return tokens.is_visible(info.context.require(AppUserWriter, row.organization_id), row)

    @strawberry.field(
        description="The caller may rotate it now: it is accepted, was not rotated before, is an"
        " application user's, and can do nothing that the token of this request cannot."
    )
    async def viewer_can_rotate(self, info: ContextInfo) -> bool:
        row = self.row
        if row.status != "ACTIVE" or row.supersede_time or not row.is_application_user:
            return False
        if not await info.context.passes_guard(AppUserWriter, row.organization_id, row.user_id):
            return False
        return self._is_inside(info) and not await self._is_blocked(info)

    @strawberry.field(
        description="The caller may take back that it was deactivated because nobody used it: it"
        " can do nothing that the token of this request cannot."
    )
    async def viewer_can_activate(self, info: ContextInfo) -> bool:
        row = self.row
        if row.status != "DEACTIVATED" or row.deactivate_time is None:
            return False
        if not await info.context.passes_guard(AppUserWriter, row.organization_id, row.user_id):
            return False
        return self._is_inside(info)

    def _is_inside(self, info: ContextInfo) -> bool:
        # Looked at once: a document may ask under many names, and the lists may be long.
        if self.inside is None:
            writer = info.context.require(AppUserWriter, self.row.organization_id)
            self.inside = minting.is_inside(writer, self.row)
        return self.inside

    async def _is_blocked(self, info: ContextInfo) -> bool:
        asked = (self.row.organization_id, self.row.token_id)
        return bool(await info.context.loaders.blocked_tokens.load(asked))

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
            create_time=Time(row.create_time),
            expiry_time=time_or_none(row.expiry_time),
            revoke_time=time_or_none(row.revoke_time),
            family_id=ID(
                ids.member_id("token", row.organization_id, row.family_id or row.token_id)
            ),
            supersede_time=time_or_none(row.supersede_time),
            overlap_end_time=time_or_none(row.overlap_end_time),
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
