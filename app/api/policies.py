"""Policies of organizations in GraphQL: the policy, what one would do, and setting it."""

from typing import Annotated, Union

import strawberry
from strawberry import ID

from app import policies, references
from app.access import AppUserReader, OrgAdmin, OrgMember, OrgReader
from app.api.connections import After, Connection, First, at_most, connection_of
from app.api.errors import (
    InvalidInputError,
    NotFoundError,
    PolicyBlockReason,
    PolicyLocksOutCallerError,
)
from app.api.nodes import ContextInfo
from app.api.scalars import Time
from app.api.tokens import Token
from app.api.users import User, load_user, time_or_none
from app.errors import MISSING_ORGANIZATION
from app.paging import DEFAULT_FIRST
from app.policies import OrganizationPolicy as PolicyRow
from app.policies import Policy, Preview


@strawberry.type(
    description="What every token of the organization's application users has to comply with. It"
    " blocks those that do not, at once, and never changes a token: under another policy they are"
    " accepted again. People, and the tokens that they hold themselves, are never blocked."
)
class OrganizationPolicy:
    member: strawberry.Private[OrgMember]
    row: strawberry.Private[PolicyRow | None]
    allowed_networks: list[str] | None = strawberry.field(
        description="The networks that tokens are accepted from, beside what their own"
        " `ipAllowlist` asks for; null for anywhere."
    )
    longest_max_age_seconds: int | None = strawberry.field(
        description="How long a token is accepted at the most, in seconds from its creation,"
        " however often it is extended; null for no bound. A token with a longer `maxAgeSeconds`,"
        " or none, is blocked."
    )
    expiry_required: bool = strawberry.field(
        description="Tokens that never expire are blocked, and none can be generated."
    )
    deactivate_unused_after_days: int | None = strawberry.field(
        description="Days of 24 hours without a use after which the service deactivates a token,"
        " which can be taken back; null for never."
    )
    revoke_unused_after_days: int | None = strawberry.field(
        description="Days of 24 hours without a use after which the service revokes a token, for"
        " good; null for never. Beside `deactivateUnusedAfterDays` it revokes only what has been"
        " deactivated for as many days as lie between the two, so that there is always that time to"
        " `activateToken`, however long a token was unused when the policy was set."
    )
    update_time: Time | None = strawberry.field(
        description="When it was set last; null if it never was."
    )

    @strawberry.field(
        description="Who set it last; null if it was never set. Permission: that of"
        " `organizationPolicy`."
    )
    async def updated_by(self, info: ContextInfo) -> User | None:
        return await load_user(info, self.member, self.row.updated_by if self.row else None)

    @strawberry.field(description="The caller may set it.")
    def viewer_can_set(self, info: ContextInfo) -> bool:
        return info.context.may(OrgAdmin, self.member.organization_id)

    @classmethod
    def of(cls, row: PolicyRow | None, member: OrgMember) -> "OrganizationPolicy":
        """Make the shape of a row, and of an organization without one."""
        policy = policies.policy_of(row)
        networks = policy.allowed_networks
        return cls(
            member=member,
            row=row,
            allowed_networks=None if networks is None else [str(network) for network in networks],
            longest_max_age_seconds=policy.longest_max_age_seconds,
            expiry_required=policy.expiry_required,
            deactivate_unused_after_days=policy.deactivate_unused_after_days,
            revoke_unused_after_days=policy.revoke_unused_after_days,
            update_time=time_or_none(row.update_time if row else None),
        )


@strawberry.type(description="A live token that a policy would block.")
class PolicyBlockedToken:
    token: Token = strawberry.field(description="The token.")
    reasons: list[PolicyBlockReason] = strawberry.field(
        description="Why it would be blocked, one or more."
    )


@strawberry.type(description="How many live tokens a policy would block for one reason.")
class PolicyBlockCount:
    reason: PolicyBlockReason = strawberry.field(description="The reason.")
    token_count: int = strawberry.field(
        description="How many; a token with several reasons counts for each."
    )


@strawberry.type(description="What a policy would do if it were set now; nothing was changed.")
class OrganizationPolicyPreview:
    reader: strawberry.Private[OrgReader]
    preview: strawberry.Private[Preview]
    live_token_count: int = strawberry.field(
        description="How many tokens of application users are active, blocked by the present policy"
        " or not."
    )
    blocked_token_count: int = strawberry.field(description="How many of those it would block.")
    block_counts: list[PolicyBlockCount] = strawberry.field(
        description="The same for each reason, those with none too."
    )
    deactivated_token_count: int = strawberry.field(
        description="How many unused tokens the next sweep would deactivate."
    )
    revoked_token_count: int = strawberry.field(
        description="How many unused tokens the next sweep would revoke."
    )
    blocks_viewer: bool = strawberry.field(
        description="It would block the token of this very request; `setOrganizationPolicy` would"
        " refuse it."
    )
    viewer_reasons: list[PolicyBlockReason] = strawberry.field(
        description="Why it would; empty where it would not."
    )

    @strawberry.field(
        description="The live tokens that it would block, those that were used last first."
        " Permission: `organization:app_users:write`."
    )
    async def blocked_tokens(
        self, info: ContextInfo, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[PolicyBlockedToken]:
        # Beside the administrator's permission it takes the scope for tokens.
        reader = info.context.require(AppUserReader, self.reader.organization_id)
        asked = policies.page_request(at_most(first), after)
        page = await policies.list_blocked(
            info.context.database, reader, self.preview.policy, asked
        )
        return connection_of(
            page,
            lambda row: PolicyBlockedToken(
                token=Token.of(row, info),
                reasons=[PolicyBlockReason[reason] for reason in row.reasons],
            ),
        )

    @classmethod
    def of(cls, preview: Preview, reader: OrgReader) -> "OrganizationPolicyPreview":
        """Make the shape of a preview."""
        counts = preview.counts
        by_reason = {
            PolicyBlockReason.EXPIRY_REQUIRED: counts.lacking_expiry,
            PolicyBlockReason.LIFETIME: counts.too_old,
            PolicyBlockReason.NETWORK: counts.elsewhere,
        }
        return cls(
            reader=reader,
            preview=preview,
            live_token_count=counts.live,
            blocked_token_count=counts.blocked,
            block_counts=[
                PolicyBlockCount(reason=reason, token_count=count)
                for reason, count in by_reason.items()
            ],
            deactivated_token_count=counts.to_deactivate,
            revoked_token_count=counts.to_revoke,
            blocks_viewer=bool(preview.viewer_reasons),
            viewer_reasons=[PolicyBlockReason[reason] for reason in preview.viewer_reasons],
        )


@strawberry.input(description="A whole policy: a rule that is left out is no rule.")
class OrganizationPolicyInput:
    allowed_networks: list[str] | None = strawberry.field(
        default=None,
        description="1 to 100 IPv4 or IPv6 networks, such as `192.0.2.0/24`, that tokens are"
        " accepted from; without, anywhere.",
    )
    longest_max_age_seconds: int | None = strawberry.field(
        default=None,
        description="How long a token is accepted at the most, from 600 to 315360000 seconds from"
        " its creation; without, for ever.",
    )
    expiry_required: bool = strawberry.field(
        default=False, description="Block tokens that never expire."
    )
    deactivate_unused_after_days: int | None = strawberry.field(
        default=None,
        description="Deactivate tokens after so many days without a use, from 1 to 3650; without,"
        " never.",
    )
    revoke_unused_after_days: int | None = strawberry.field(
        default=None,
        description="Revoke tokens after so many days without a use, from 1 to 3650 and more than"
        " `deactivateUnusedAfterDays`; without, never. Where both are set, a token is revoked once"
        " it has been deactivated for as many days as lie between the two.",
    )


@strawberry.input(description="An organization and its policy to be.")
class SetOrganizationPolicyInput:
    organization_id: ID = strawberry.field(description="Whose policy to set.")
    policy: OrganizationPolicyInput = strawberry.field(
        description="The policy that takes the place of the present one, whole: a rule that is left"
        " out is no rule."
    )


@strawberry.type(description="The policy is set, and what it blocks is refused from here on.")
class SetOrganizationPolicySuccess:
    policy: OrganizationPolicy = strawberry.field(description="As it is now.")


SetOrganizationPolicyResult = Annotated[
    Union[
        SetOrganizationPolicySuccess, InvalidInputError, NotFoundError, PolicyLocksOutCallerError
    ],
    strawberry.union(
        "SetOrganizationPolicyResult", description="What became of `setOrganizationPolicy`."
    ),
]


def _checked(wanted: OrganizationPolicyInput) -> Policy:
    return policies.check(
        allowed_networks=wanted.allowed_networks,
        longest_max_age_seconds=wanted.longest_max_age_seconds,
        expiry_required=wanted.expiry_required,
        deactivate_unused_after_days=wanted.deactivate_unused_after_days,
        revoke_unused_after_days=wanted.revoke_unused_after_days,
    )


@strawberry.type
class PolicyQueries:
    @strawberry.field(
        description="What an organization asks of its application users' tokens. Permission: any"
        " that this service enforces but `organization:tokens:verify`, for example"
        " `organization:app_users:write`."
    )
    async def organization_policy(
        self,
        info: ContextInfo,
        organization_id: Annotated[ID, strawberry.argument(description="The organization.")],
    ) -> OrganizationPolicy:
        member = info.context.require(
            OrgMember, references.organization("organizationId", organization_id)
        )
        return OrganizationPolicy.of(await policies.find(info.context.database, member), member)

    @strawberry.field(
        description="What a policy would do to the organization's tokens if it were set now;"
        " nothing is changed. Permission: `role:organization:admin`."
    )
    async def preview_organization_policy(
        self,
        info: ContextInfo,
        organization_id: Annotated[ID, strawberry.argument(description="The organization.")],
        policy: Annotated[
            OrganizationPolicyInput, strawberry.argument(description="The policy to try out.")
        ],
    ) -> OrganizationPolicyPreview:
        reader = info.context.require(
            OrgReader, references.organization("organizationId", organization_id)
        )
        wanted = _checked(policy)
        preview = await policies.preview(info.context.database, reader, wanted)
        return OrganizationPolicyPreview.of(preview, reader)


@strawberry.type
class PolicyMutations:
    @strawberry.mutation(
        description="Sets the whole policy of an organization. Tokens that do not comply are"
        " refused from the answer on, and none is changed: `previewOrganizationPolicy` tells which."
        " A policy that would block the token of this very request is refused. Permission:"
        " `role:organization:admin`."
    )
    async def set_organization_policy(
        self,
        info: ContextInfo,
        input: Annotated[
            SetOrganizationPolicyInput, strawberry.argument(description="The policy.")
        ],
    ) -> SetOrganizationPolicyResult:
        organization_id = references.organization("organizationId", input.organization_id)
        admin = info.context.require(OrgAdmin, organization_id, MISSING_ORGANIZATION)
        row = await policies.replace(info.context.database, admin, _checked(input.policy))
        member = info.context.require(OrgMember, organization_id)
        return SetOrganizationPolicySuccess(policy=OrganizationPolicy.of(row, member))
