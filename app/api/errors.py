"""What a mutation's result union says where nothing was changed: the types.

``app.api.failures`` makes them of what services raise.
"""

from enum import Enum

import strawberry
from strawberry import ID

from app.api.scalars import Time


@strawberry.enum(description="What is wrong with an input field, for programs.")
class InvalidInputCode(Enum):
    REQUIRED = strawberry.enum_value("REQUIRED", description="It cannot be null.")
    TOO_SHORT = strawberry.enum_value("TOO_SHORT", description="It is empty.")
    TOO_LONG = strawberry.enum_value("TOO_LONG", description="It has too many characters or items.")
    INVALID_CHARACTER = strawberry.enum_value(
        "INVALID_CHARACTER", description="It holds a character that is not allowed there."
    )
    INVALID_ID = strawberry.enum_value(
        "INVALID_ID", description="It has not the shape of such a thing's id."
    )
    INVALID_CURSOR = strawberry.enum_value(
        "INVALID_CURSOR", description="It is not a cursor of this list in this order."
    )
    INVALID_NETWORK = strawberry.enum_value(
        "INVALID_NETWORK",
        description="It is not an IPv4 or IPv6 address or network, or has host bits set.",
    )
    OUT_OF_RANGE = strawberry.enum_value(
        "OUT_OF_RANGE", description="It is smaller or larger than allowed."
    )
    UNKNOWN_VALUE = strawberry.enum_value(
        "UNKNOWN_VALUE", description="It is none of the known values."
    )
    DUPLICATE_VALUE = strawberry.enum_value(
        "DUPLICATE_VALUE", description="It is in the list already."
    )
    NOT_ALLOWED = strawberry.enum_value(
        "NOT_ALLOWED", description="It is not possible in this state or with these other fields."
    )
    EXCEEDS_CALLER = strawberry.enum_value(
        "EXCEEDS_CALLER", description="It is more than the token of this request has itself."
    )


@strawberry.interface(description="Why a mutation changed nothing.")
class Error:
    message: str = strawberry.field(description="The reason, for people; its wording may change.")


@strawberry.type(description="One input field that breaks a rule.")
class FieldError:
    path: str = strawberry.field(
        description="Where it is below `input`, for example `ipAllowlist[3]`."
    )
    code: InvalidInputCode = strawberry.field(description="What is wrong with it, for programs.")
    message: str = strawberry.field(description="What is wrong with it, for people.")


@strawberry.type(description="The input breaks a rule; nothing was changed.")
class InvalidInputError(Error):
    fields: list[FieldError] = strawberry.field(
        description="Every problem that was found, one or more."
    )


@strawberry.type(
    description="There is no such thing, or it belongs to an organization that the caller does not"
    " belong to: the two are answered alike."
)
class NotFoundError(Error):
    pass


@strawberry.type(
    description="Another thing of the same kind has the name: an application user or a group of the"
    " organization, an organizational unit or a project with the same parent; upper and lower case"
    " count as the same. The names of deleted ones are free."
)
class NameTakenError(Error):
    pass


@strawberry.type(
    description="The organization has as many application users as it may have. Ask for a higher"
    " limit with `requestLimitIncrease`."
)
class LimitReachedError(Error):
    limit: int = strawberry.field(description="The most application users it may have.")


@strawberry.type(
    description="The `idempotencyKey` was used before with other input; nothing was made."
)
class IdempotencyConflictError(Error):
    pass


@strawberry.type(
    description="The change would leave the organization without an administrator: an active person"
    " that holds `role:organization:admin` on it, directly or through a group. Nothing was changed."
)
class LastAdministratorError(Error):
    pass


@strawberry.enum(description="Why a policy blocks a token of an application user.")
class PolicyBlockReason(Enum):
    EXPIRY_REQUIRED = strawberry.enum_value(
        "EXPIRY_REQUIRED", description="It never expires, and the policy asks for an expiry."
    )
    LIFETIME = strawberry.enum_value(
        "LIFETIME",
        description="Its `maxAgeSeconds` is longer than the policy allows, it has none, or it was"
        " created longer ago than that, however often it was extended.",
    )
    NETWORK = strawberry.enum_value(
        "NETWORK",
        description="Its last use came from outside the allowed networks, or its `ipAllowlist` has"
        " nothing in common with them. Of the token of this request, its address counts.",
    )


@strawberry.type(
    description="The policy would block the token of this very request; nothing was changed. A"
    " person who is signed in is never blocked."
)
class PolicyLocksOutCallerError(Error):
    reasons: list[PolicyBlockReason] = strawberry.field(
        description="Why it would be blocked, one or more."
    )
    address: str | None = strawberry.field(
        description="The address that this request came from; null if it is not known."
    )
    blocked_token_count: int = strawberry.field(
        description="How many live tokens the policy would block, as `previewOrganizationPolicy`"
        " counts them."
    )
    deactivated_token_count: int = strawberry.field(
        description="How many unused tokens the next sweep would deactivate."
    )
    revoked_token_count: int = strawberry.field(
        description="How many unused tokens the next sweep would revoke."
    )


@strawberry.type(
    description="A person of the organization, perhaps a deactivated one, has this issuer and"
    " subject. Nothing was changed."
)
class AlreadyMemberError(Error):
    organization_user_id: ID = strawberry.field(description="The person who has them.")


@strawberry.type(
    description="A request for a higher limit waits for its answer; one at a time can. Nothing was"
    " changed."
)
class LimitRequestPendingError(Error):
    limit_increase_request_id: ID = strawberry.field(description="The request that waits.")
    application_user_limit: int = strawberry.field(description="The limit that it asks for.")
    create_time: Time = strawberry.field(description="When it was made.")
