"""The history of uses in GraphQL: its list, and what an allowlist would have cut off."""

from typing import Annotated
from uuid import UUID

import strawberry
from strawberry import ID

from app import ids, references, token_uses, user_agents
from app.access import AppUserReader
from app.api.connections import After, Connection, First, at_most, connection_of
from app.api.nodes import ContextInfo
from app.api.scalars import Count, Day, Time
from app.api.tokens import Token
from app.api.users import User, load_user
from app.paging import DEFAULT_FIRST, Page, PageRequest
from app.token_uses import AllowlistPreview as Preview
from app.token_uses import RecordedUse, UseFilter

_NOBODY = UUID(int=0)
"""What an id of another organization stands for: it is answered like one that does not exist."""


@strawberry.type(
    description="Uses of a token from one address by one program on one day. They were let through;"
    " refused ones are in `auditEvents`."
)
class TokenUse:
    row: strawberry.Private[RecordedUse]
    reader: strawberry.Private[AppUserReader]
    token_id: ID = strawberry.field(description="The token that was used.")
    user_id: ID = strawberry.field(description="Whose it is.")
    date: Day = strawberry.field(description="The day, from midnight to midnight in UTC.")
    ip: str | None = strawberry.field(
        description="The IPv4 or IPv6 address that it was used from; null if not known, as where a"
        " service that asks about tokens does not tell it."
    )
    user_agent: str | None = strawberry.field(
        description="The User-Agent of the program, at most 512 characters; null if there was none."
    )
    is_other: bool = strawberry.field(
        description="More addresses and programs used the token on this day than are told apart;"
        " this is all the others, without an address or a User-Agent."
    )
    use_count: Count = strawberry.field(description="How many uses there were, one or more.")
    first_use_time: Time = strawberry.field(description="The first of them.")
    last_use_time: Time = strawberry.field(description="The latest of them; it may be the first.")

    @strawberry.field(description="That User-Agent for people, for example `Firefox 128 on Linux`.")
    def user_agent_human_readable(self) -> str | None:
        return user_agents.human_readable(self.row.user_agent)

    @strawberry.field(
        description="The token that was used. Permission: `organization:app_users:write`."
    )
    async def token(self, info: ContextInfo) -> Token:
        row = await info.context.loaders.tokens.load((self.reader, self.row.token_id))
        if row is None:
            raise RuntimeError("a use of no token")
        return Token.of(row, info)

    @strawberry.field(description="Whose it is. Permission: `organization:app_users:write`.")
    async def user(self, info: ContextInfo) -> User:
        owner = await load_user(info, self.reader, self.row.user_id)
        if owner is None:
            raise RuntimeError("a token without a user")
        return owner

    @classmethod
    def of(cls, row: RecordedUse, reader: AppUserReader) -> "TokenUse":
        """Make the shape of a row."""
        return cls(
            row=row,
            reader=reader,
            token_id=ID(ids.member_id("token", row.organization_id, row.token_id)),
            user_id=ID(ids.member_id("user", row.organization_id, row.user_id)),
            date=Day(row.use_date),
            ip=row.ip,
            user_agent=row.user_agent or None,
            is_other=row.is_other,
            use_count=Count(row.use_count),
            first_use_time=Time(row.first_use_time),
            last_use_time=Time(row.last_use_time),
        )


@strawberry.type(
    description="What a token would have lost if it had been bound to networks all along, by the"
    " uses that are on record. A use within the last seconds may be missing."
)
class AllowlistPreview:
    preview: strawberry.Private[Preview]
    use_count: Count = strawberry.field(
        description="How many uses of the token are on record; 0 says nothing about who uses it."
    )
    cut_off_use_count: Count = strawberry.field(
        description="How many of them came from outside the networks, or from an unknown address: a"
        " token with an `ipAllowlist` is refused without one."
    )
    unknown_use_count: Count = strawberry.field(
        description="How many of them nobody can tell about, because more addresses used it on a"
        " day than are told apart (`isOther`). They are not among those that are cut off."
    )

    is_complete: bool = strawberry.field(
        description="Whether all uses on record were looked at. False where `tokenActivity` has"
        f" {token_uses.MOST_PREVIEWED:,} rows of the token or more: of so many, the latest were."
    )

    @strawberry.field(
        description="Those that are cut off, as `tokenActivity` lists uses. Permission:"
        " `organization:app_users:write`."
    )
    async def cut_off_uses(
        self, info: ContextInfo, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[TokenUse]:
        reader = self.preview.reader
        page = await token_uses.list_cut_off(
            info.context.database, reader, self.preview, _asked(first, after)
        )
        return _connection(page, reader)


@strawberry.type
class TokenUseQueries:
    @strawberry.field(
        description="Where the tokens of an organization were used from, by which programs and how"
        " often: for each token, address, program and day, the one that was first used latest at"
        " the front. Tokens of application users, and those of people for an administrator; the"
        " token of this request, whoever's it is. Uses are written every few seconds, and do not"
        " show before. The history goes back as far as the operator of the service has it kept."
        " Permission: `organization:app_users:write`."
    )
    async def token_activity(
        self,
        info: ContextInfo,
        organization_id: Annotated[ID, strawberry.argument(description="The organization.")],
        application_user_id: Annotated[
            ID | None,
            strawberry.argument(description="Only uses of the tokens of this application user."),
        ] = None,
        token_id: Annotated[
            ID | None,
            strawberry.argument(
                description="Only uses of this token (`token_…`); none where it is not the"
                " application user's, if that is given too."
            ),
        ] = None,
        since: Annotated[
            Time | None,
            strawberry.argument(
                description="Only rows whose latest use was at this time or later; their first use"
                " may have been before."
            ),
        ] = None,
        until: Annotated[
            Time | None,
            strawberry.argument(
                description="Only rows whose first use was before this time; their latest use may"
                " have been after."
            ),
        ] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Connection[TokenUse]:
        reader = info.context.require(
            AppUserReader, references.organization("organizationId", organization_id)
        )
        user, token = whose(reader, application_user_id, token_id)
        keep = UseFilter(user, token, since, until)
        page = await token_uses.list_page(info.context.database, reader, keep, _asked(first, after))
        return _connection(page, reader)

    @strawberry.field(
        description="What an `ipAllowlist` would have cut off, by the uses of a token that are on"
        " record, so that a token to take its place can be bound to the right networks. Null where"
        " there is no such token, where the caller does not belong to its organization, and where"
        " it is a person's and the caller is no administrator. Permission:"
        " `organization:app_users:write`."
    )
    async def allowlist_preview(
        self,
        info: ContextInfo,
        token_id: Annotated[
            ID, strawberry.argument(description="The token whose uses are looked at (`token_…`).")
        ],
        ip_allowlist: Annotated[
            list[str],
            strawberry.argument(
                description="1 to 100 IPv4 or IPv6 networks or addresses, as `generateToken` takes"
                " them."
            ),
        ],
    ) -> AllowlistPreview | None:
        organization_id, wanted = references.token("tokenId", token_id)
        reader = info.context.require_or_none(AppUserReader, organization_id)
        if reader is None:
            return None
        found = await token_uses.preview_allowlist(
            info.context.database, reader, wanted, ip_allowlist
        )
        if found is None:
            return None
        return AllowlistPreview(
            preview=found,
            use_count=Count(found.counts.use_count),
            cut_off_use_count=Count(found.counts.cut_off_use_count),
            unknown_use_count=Count(found.counts.unknown_use_count),
            is_complete=found.is_complete,
        )


def whose(
    reader: AppUserReader, application_user_id: str | None, token_id: str | None
) -> tuple[UUID | None, UUID | None]:
    """Return the user and the token whose uses are asked for. Raises InvalidInput."""
    user = token = None
    if application_user_id is not None:
        user = references.user("applicationUserId", application_user_id)
    if token_id is not None:
        token = references.token("tokenId", token_id)
    return _own(reader, user), _own(reader, token)


def _own(reader: AppUserReader, found: tuple[UUID, UUID] | None) -> UUID | None:
    """Return what an id names, nobody where it is another organization's."""
    if found is None:
        return None
    organization_id, value = found
    return value if organization_id == reader.organization_id else _NOBODY


def _asked(first: int | None, after: str | None) -> PageRequest[str]:
    return token_uses.page_request(at_most(first), after)


def _connection(page: Page[RecordedUse], reader: AppUserReader) -> Connection[TokenUse]:
    return connection_of(page, lambda row: TokenUse.of(row, reader))
