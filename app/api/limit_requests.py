"""Requests for a higher limit of application users in GraphQL."""

from enum import Enum
from typing import Annotated, Union

import strawberry
from strawberry import ID

from app import ids, limit_requests, references
from app.access import AppUserReader, AppUserWriter, OrgMember
from app.api.connections import Connection, at_most, connection_of
from app.api.errors import InvalidInputError, LimitRequestPendingError, NotFoundError
from app.api.nodes import ContextInfo, Node
from app.api.scalars import Time
from app.api.users import User, load_user, time_or_none
from app.errors import MISSING_ORGANIZATION
from app.limit_requests import LimitRequest


@strawberry.enum(description="What became of a request for a higher limit.")
class LimitIncreaseRequestState(Enum):
    PENDING = strawberry.enum_value(
        "PENDING", description="The operator of the service has not answered yet."
    )
    GRANTED = strawberry.enum_value(
        "GRANTED", description="The limit became what it asks for, or higher."
    )
    DECLINED = strawberry.enum_value(
        "DECLINED",
        description="The operator set a lower limit than it asks for, or left the limit as it was:"
        " see `answeredLimit`.",
    )


@strawberry.type(
    description="A request to the operator of the service for a higher limit of application users."
)
class LimitIncreaseRequest(Node):
    row: strawberry.Private[LimitRequest]
    application_user_limit: int = strawberry.field(description="The limit that it asks for.")
    reason: str | None = strawberry.field(description="Why it is needed; null if nobody said.")
    state: LimitIncreaseRequestState = strawberry.field(description="What became of it.")
    create_time: Time = strawberry.field(description="When it was made.")
    answer_time: Time | None = strawberry.field(
        description="When the operator answered; null while it is pending."
    )
    answered_limit: int | None = strawberry.field(
        description="What the limit became with the answer; null while it is pending."
    )

    @strawberry.field(
        description="Who asked. Permission: any that this service enforces but"
        " `organization:tokens:verify`, for example `organization:app_users:write`."
    )
    async def created_by(self, info: ContextInfo) -> User:
        reader = info.context.require(OrgMember, self.row.organization_id)
        user = await load_user(info, reader, self.row.created_by)
        if user is None:
            raise RuntimeError("a request that nobody made")
        return user

    @classmethod
    def of(cls, row: LimitRequest) -> "LimitIncreaseRequest":
        """Make the shape of a row."""
        return cls(
            row=row,
            id=ID(ids.member_id("request", row.organization_id, row.request_id)),
            application_user_limit=row.application_user_limit,
            reason=row.reason,
            state=LimitIncreaseRequestState(row.state),
            create_time=Time(row.create_time),
            answer_time=time_or_none(row.answer_time),
            answered_limit=row.answered_limit,
        )


async def find_limit_request(info: ContextInfo, public_id: str) -> LimitIncreaseRequest | None:
    """Return a request by its public id, None where it is missing or foreign."""
    organization_id, request_id = references.member("request", "id", public_id)
    reader = info.context.require_or_none(AppUserReader, organization_id)
    row = await limit_requests.find(info.context.database, reader, request_id) if reader else None
    return LimitIncreaseRequest.of(row) if row else None


async def list_limit_requests(
    info: ContextInfo, reader: AppUserReader, first: int | None, after: str | None
) -> Connection[LimitIncreaseRequest]:
    """Return a page of an organization's requests, the newest first."""
    asked = limit_requests.page_request(at_most(first), after)
    page = await limit_requests.list_page(info.context.database, reader, asked)
    return connection_of(page, LimitIncreaseRequest.of)


@strawberry.input(description="A request for a higher limit of application users.")
class RequestLimitIncreaseInput:
    organization_id: ID = strawberry.field(description="The organization that needs it.")
    application_user_limit: int = strawberry.field(
        description="How many application users it shall be allowed to have: more than now, at most"
        " 1000000."
    )
    reason: str | None = strawberry.field(
        default=None,
        description="Why, for the operator of the service, at most 1000 characters.",
    )


@strawberry.type(description="The request was made; the operator of the service can see it.")
class RequestLimitIncreaseSuccess:
    limit_increase_request: LimitIncreaseRequest = strawberry.field(description="The request.")


RequestLimitIncreaseResult = Annotated[
    Union[RequestLimitIncreaseSuccess, InvalidInputError, NotFoundError, LimitRequestPendingError],
    strawberry.union(
        "RequestLimitIncreaseResult", description="What became of `requestLimitIncrease`."
    ),
]


@strawberry.type
class LimitRequestMutations:
    @strawberry.mutation(
        description="Asks the operator of the service for a higher limit of application users. One"
        " request at a time waits for an answer. Permission: `organization:app_users:write`."
    )
    async def request_limit_increase(
        self,
        info: ContextInfo,
        input: Annotated[
            RequestLimitIncreaseInput, strawberry.argument(description="The request.")
        ],
    ) -> RequestLimitIncreaseResult:
        writer = info.context.require(
            AppUserWriter,
            references.organization("organizationId", input.organization_id),
            MISSING_ORGANIZATION,
        )
        row = await limit_requests.request(
            info.context.database,
            writer,
            application_user_limit=input.application_user_limit,
            reason=input.reason,
        )
        return RequestLimitIncreaseSuccess(limit_increase_request=LimitIncreaseRequest.of(row))
