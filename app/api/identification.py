"""Tokens that somebody has in hand, in GraphQL: introspection, and what a found token is."""

from enum import Enum
from typing import Annotated

import strawberry
from strawberry import ID

from app import identification, ids, references
from app.access import AppUserReader, TokenVerifier
from app.api.nodes import ContextInfo
from app.api.scalars import Time
from app.api.tokens import Token
from app.api.users import time_or_none
from app.identification import Introspected


@strawberry.type(
    description="Whether a token is good at this moment, and what it may do. Everything but"
    " `active` is null where it is not. The answer is not to be kept: a token that is revoked is"
    " refused at once."
)
class TokenIntrospection:
    active: bool = strawberry.field(
        description="It is accepted. False for whatever else the text is: no token, another"
        " organization's, expired, revoked, used from where it is not accepted. Which of these is"
        " not said; of a token of the organization, its audit trail has it."
    )
    user_id: ID | None = strawberry.field(
        default=None, description="Whose it is (`user_…`): `sub` and `client_id` of RFC 7662."
    )
    username: str | None = strawberry.field(
        default=None, description="The name of its user, which may change."
    )
    is_application_user: bool | None = strawberry.field(
        default=None, description="Its user is not a person."
    )
    token_id: ID | None = strawberry.field(
        default=None, description="Its id (`token_…`), safe to log: `jti` of RFC 7662."
    )
    scopes: list[str] | None = strawberry.field(
        default=None,
        description="What it may be used for; every scope of `availableScopes` where it is not"
        " narrowed to some.",
    )
    permissions: list[str] | None = strawberry.field(
        default=None,
        description="What it may do on the resource, in alphabetical order: all that its user"
        " holds there and above, directly or through groups, with roles opened, cut down to its"
        " ceiling and its scopes. Empty where there is no such resource in the organization.",
    )
    resource_id: ID | None = strawberry.field(
        default=None, description="What `permissions` are on: the resource that was asked about."
    )
    allowed: bool | None = strawberry.field(
        default=None,
        description="The permission that was asked about is among them; null where none was.",
    )
    create_time: Time | None = strawberry.field(default=None, description="When it was generated.")
    expiry_time: Time | None = strawberry.field(
        default=None,
        description="When it stops being accepted, as far as is known: a use may extend it, and it"
        " may be revoked at any time. Null for never.",
    )

    @classmethod
    def of(cls, found: Introspected, resource_id: ID) -> "TokenIntrospection":
        """Make the shape of an active token."""
        token = found.token
        return cls(
            active=True,
            user_id=ID(ids.member_id("user", token.organization_id, token.user_id)),
            username=token.user_name,
            is_application_user=token.is_application_user,
            token_id=ID(ids.member_id("token", token.organization_id, token.token_id)),
            scopes=list(found.scopes),
            permissions=list(found.permissions),
            resource_id=resource_id,
            allowed=found.allowed,
            create_time=Time(token.create_time),
            expiry_time=time_or_none(token.end_time),
        )


@strawberry.enum(description="Why a token is not accepted, wherever it is used from.")
class TokenRefusal(Enum):
    REVOKED = strawberry.enum_value("REVOKED", description="It was revoked, for good.")
    SUPERSEDED = strawberry.enum_value(
        "SUPERSEDED",
        description="It was rotated, and the time beside its successor is over, or it was revoked"
        " since. Somebody who still uses it missed the rotation, or should not have it.",
    )
    EXPIRED = strawberry.enum_value("EXPIRED", description="Its time is over, for good.")
    USER_DEACTIVATED = strawberry.enum_value(
        "USER_DEACTIVATED",
        description="Its user is deactivated; it is accepted again when the user is active.",
    )
    UNUSED = strawberry.enum_value(
        "UNUSED",
        description="It was unused for longer than the organization's policy allows;"
        " `activateToken` brings it back.",
    )
    POLICY = strawberry.enum_value(
        "POLICY", description="It lives longer than the organization's policy allows."
    )


@strawberry.type(description="Which token a text is, or is the beginning of.")
class TokenIdentification:
    token: Token = strawberry.field(
        description="The token; whose it is stands in its `user`, where it was used in"
        " `tokenActivity`."
    )
    secret_matches: bool | None = strawberry.field(
        description="The text is this very token: who has it can use it. False: it has the shape of"
        " a whole token and another secret, so it is a forgery, or the token was stored under a key"
        " that the service no longer has. Null: it is only a beginning, or was mistyped, and its"
        " finder may have seen the rest."
    )
    is_active: bool = strawberry.field(
        description="The token itself, whatever the text, is accepted from some address. Which ones"
        " its `ipAllowlist` and the organization's policy allow is not looked at."
    )
    refusal: TokenRefusal | None = strawberry.field(
        description="Why it is not accepted; null where it is."
    )


@strawberry.type
class IdentificationQueries:
    @strawberry.field(
        description="Tells whether a token that a service was shown is good, whose it is and what"
        " it may do: token introspection as in RFC 7662, like `POST /introspect`, for clients that"
        " speak GraphQL alone. An active answer counts as a use of the token. A token that is"
        " accepted from some networks only needs `clientIp`, and is inactive without. Permission:"
        " `organization:tokens:verify`."
    )
    async def introspect_token(
        self,
        info: ContextInfo,
        organization_id: Annotated[
            ID, strawberry.argument(description="The organization whose tokens are accepted.")
        ],
        token: Annotated[
            str,
            strawberry.argument(
                description="The text that was presented, whatever it is. Send it as a variable and"
                " by POST: never in a document, where logs keep it, and never in a URL, where it is"
                " refused."
            ),
        ],
        client_ip: Annotated[
            str | None,
            strawberry.argument(
                description="The IPv4 or IPv6 address that it was used from, as the service saw it"
                " and not as its client told it."
            ),
        ] = None,
        user_agent: Annotated[
            str | None,
            strawberry.argument(
                description="The User-Agent that it came with; 512 characters of it are recorded."
            ),
        ] = None,
        permission: Annotated[
            str | None,
            strawberry.argument(
                description="A role or permission of `permissionCatalogue`: `allowed` tells whether"
                " the token has it on the resource."
            ),
        ] = None,
        resource_id: Annotated[
            ID | None,
            strawberry.argument(
                description="What `permissions` are asked for on (`org_…`, `resource_…`); the"
                " organization if left out."
            ),
        ] = None,
    ) -> TokenIntrospection:
        context = info.context
        asker = context.require(
            TokenVerifier, references.organization("organizationId", organization_id)
        )
        resource = None
        if resource_id is not None:
            resource = references.resource("resourceId", resource_id)
        asked = identification.question(
            context.catalogue, token, client_ip, user_agent, permission, resource
        )
        found = await identification.introspect(context.verifier, context.catalogue, asker, asked)
        if found is None:
            return TokenIntrospection(active=False)
        return TokenIntrospection.of(found, resource_id or organization_id)

    @strawberry.field(
        description="Tells an administrator who found a token which one it is, whose, and whether"
        " it is still accepted. It is no use of the token, and nothing is recorded. Null where the"
        " organization has no such token, and where it is a person's and the caller is no"
        " administrator. Permission: `organization:app_users:write`."
    )
    async def identify_token(
        self,
        info: ContextInfo,
        organization_id: Annotated[
            ID, strawberry.argument(description="The organization that it may be of.")
        ],
        token: Annotated[
            str,
            strawberry.argument(
                description="The whole token, or 27 or more characters from its beginning, as logs"
                " show it. Send a whole one as a variable and by POST: never in a document, where"
                " logs keep it, and never in a URL, where it is refused."
            ),
        ],
    ) -> TokenIdentification | None:
        context = info.context
        reader = context.require(
            AppUserReader, references.organization("organizationId", organization_id)
        )
        found = await identification.identify(context.database, context.verifier, reader, token)
        if found is None:
            return None
        return TokenIdentification(
            token=Token.of(found.token, info),
            secret_matches=found.secret_matches,
            is_active=found.refusal is None,
            refusal=TokenRefusal(found.refusal) if found.refusal else None,
        )
