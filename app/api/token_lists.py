"""Lists of tokens in GraphQL: of an organization, of one user."""

from collections.abc import Sequence
from enum import Enum
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry import ID

from app import inputs, references, token_format, tokens
from app.access import AppUserReader
from app.api.connections import After, Connection, First, at_most, connection_of
from app.api.nodes import DIRECTIONS, ContextInfo, OrderDirection
from app.api.scalars import Time
from app.api.tokens import Token, TokenStatus, find_token
from app.errors import Code
from app.paging import DEFAULT_FIRST, Page, PageRequest
from app.tokens import Token as TokenRow
from app.tokens import TokenFilter, TokenOrder


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
        default=None,
        description="Expiring at this time or later; leaves out those that never do. A rotated"
        " token expires with its overlap.",
    )
    expires_before: Time | None = strawberry.field(
        default=None,
        description="Expiring before this time, or expired. A rotated token expires with its"
        " overlap.",
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
        description="A token; null where there is none, where the caller does not belong to its"
        " organization, and where it is a person's and the caller is no administrator. Permission:"
        " `organization:app_users:write`."
    )
    async def token(
        self,
        info: ContextInfo,
        id: Annotated[ID, strawberry.argument(description="Its id (`token_…`); not its text.")],
    ) -> Token | None:
        return await find_token(info, id)

    @strawberry.field(
        description="The tokens of an organization, the newest first: those of its application"
        " users, in whatever status, and those of its people for an administrator. Permission:"
        " `organization:app_users:write`."
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
        reader = info.context.require(
            AppUserReader, references.organization("organizationId", organization_id)
        )
        if application_user_id is not None:
            owner_organization, owner = references.user("applicationUserId", application_user_id)
            if owner_organization != reader.organization_id:
                # Answered like a user that does not exist: with no token.
                owner = UUID(int=0)
            return await tokens_of_user(info, reader, owner, first, after, filter, order_by)
        page = await tokens.list_page(
            info.context.database, reader, _keep(filter), _asked(first, after, order_by)
        )
        return _connection(page, info)


async def tokens_of_user(
    info: ContextInfo,
    reader: AppUserReader,
    user_id: UUID,
    first: int | None,
    after: str | None,
    keep: TokenFilterInput | None,
    order_by: TokenOrderInput | None,
) -> Connection[Token]:
    """Return a page of one user's tokens; all users of a request share a statement."""
    shared = (reader, _keep(keep), _asked(first, after, order_by))
    page = await info.context.loaders.tokens_of_users.load((shared, user_id))
    return _connection(page, info)


def _connection(page: Page[TokenRow], info: ContextInfo) -> Connection[Token]:
    return connection_of(page, lambda row: Token.of(row, info))


def _asked(
    first: int | None, after: str | None, order_by: TokenOrderInput | None
) -> PageRequest[TokenOrder]:
    by = order_by or TokenOrderInput(field=TokenOrderField.CREATE_TIME)
    return tokens.page_request(_ORDERS[by.field], DIRECTIONS[by.direction], at_most(first), after)


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
