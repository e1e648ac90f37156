"""Policies of organizations: look at one, try one out, set one; what it blocks, and never rewrites.

The rules for a token about to be made are in ``app.policy_rules``, disuse is in ``app.sweeps``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from uuid import UUID

from app import addresses, changes, inputs, paging, policy_rules
from app.access import AppUserReader, OrgAdmin, OrgMember, OrgReader, Principal
from app.audit import Action, Target
from app.bounds import Network
from app.errors import Code, PolicyLocksOutCaller
from app.origins import Origin
from app.paging import Page, PageRequest
from app.policy_rules import Policy
from db import policies as rows
from db.keyset import Position
from db.policies import BlockedToken, Candidate, Counts, OrganizationPolicy
from db.pool import Connection, Database

__all__ = ["BlockedToken", "Counts", "OrganizationPolicy", "Policy", "Preview"]

MAX_DAYS = 3650
BELOW = "policy."
"""Where a policy stands in every input: what its paths begin with."""
BlockedOrder: TypeAlias = Literal["last_used_time"]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a policy would do, before anybody sets it."""

    policy: Policy
    counts: Counts
    viewer_reasons: tuple[str, ...]
    """Why this very request would be refused; empty where it would not."""


def check(
    *,
    allowed_networks: Sequence[str] | None,
    longest_max_age_seconds: int | None,
    expiry_required: bool,
    deactivate_unused_after_days: int | None,
    revoke_unused_after_days: int | None,
) -> Policy:
    """Return the policy that an input asks for. Raises InvalidInput."""
    problems = inputs.Problems()
    networks = inputs.ip_allowlist(problems, BELOW + "allowedNetworks", allowed_networks)
    _in_range(
        problems,
        BELOW + "longestMaxAgeSeconds",
        longest_max_age_seconds,
        inputs.MIN_AGE_SECONDS,
        inputs.MAX_AGE_SECONDS,
    )
    deactivate, revoke = deactivate_unused_after_days, revoke_unused_after_days
    _in_range(problems, BELOW + "deactivateUnusedAfterDays", deactivate, 1, MAX_DAYS)
    path = BELOW + "revokeUnusedAfterDays"
    in_range = _in_range(problems, path, revoke, 1, MAX_DAYS)
    if in_range and revoke is not None and deactivate is not None and revoke <= deactivate:
        problems.add(
            path,
            Code.OUT_OF_RANGE,
            f"{path} is more than deactivateUnusedAfterDays: a token is deactivated first.",
        )
    problems.raise_any()
    return Policy(
        None if networks is None else tuple(networks),
        longest_max_age_seconds,
        expiry_required,
        deactivate,
        revoke,
    )


def _in_range(problems: inputs.Problems, path: str, value: int | None, low: int, high: int) -> bool:
    if value is None or low <= value <= high:
        return True
    problems.add(
        path,
        Code.OUT_OF_RANGE,
        f"{path} is from {low} to {high}; leave it out for no such rule.",
    )
    return False


async def find(database: Database, member: OrgMember) -> OrganizationPolicy | None:
    """Return the policy of the member's organization, None where none was ever set."""
    async with database.tenant(member.organization_id) as connection:
        return await rows.find(connection, member.organization_id)


async def preview(database: Database, reader: OrgReader, policy: Policy) -> Preview:
    """Say what a policy would do to the organization's tokens, and to this very request."""
    async with database.tenant(reader.organization_id) as connection:
        return Preview(
            policy,
            await rows.count(connection, reader.organization_id, _candidate(policy)),
            await _viewer_reasons(connection, reader, policy),
        )


def page_request(first: int, after: str | None) -> PageRequest[BlockedOrder]:
    """Check a request for a page of blocked tokens. Raises InvalidInput."""
    return paging.request("last_used_time", "DESC", first, after, text_key=False)


async def list_blocked(
    database: Database, reader: AppUserReader, policy: Policy, asked: PageRequest[BlockedOrder]
) -> Page[BlockedToken]:
    """Return a page of the live tokens that a policy would block, the last used ones first."""
    async with database.tenant(reader.organization_id) as connection:
        found = await rows.list_blocked(
            connection,
            reader.organization_id,
            _candidate(policy),
            asked.after,
            asked.first + 1,
        )
    return paging.cut(
        found,
        asked,
        lambda token: Position(paging.time_key(token.last_used_time), token.token_id),
    )


async def replace(database: Database, admin: OrgAdmin, policy: Policy) -> OrganizationPolicy:
    """Put a policy in the place of the one before; it blocks from the commit on.

    Raises PolicyLocksOutCaller where the token of this very request would be among the blocked.
    """
    async with changes.begun(database, admin, lock=True) as change:
        connection, organization_id = change.connection, admin.organization_id
        reasons = await _viewer_reasons(connection, admin, policy)
        if reasons:
            counts = await rows.count(connection, organization_id, _candidate(policy))
            raise PolicyLocksOutCaller(
                reasons,
                admin.origin.address,
                blocked=counts.blocked,
                to_deactivate=counts.to_deactivate,
                to_revoke=counts.to_revoke,
            )
        before = await rows.find(connection, organization_id)
        if before is not None and policy_of(before) == policy:
            change.record_nothing()
            return before
        after = await rows.upsert(
            connection,
            organization_id,
            allowed_networks=policy.allowed_networks,
            longest_max_age_seconds=policy.longest_max_age_seconds,
            expiry_required=policy.expiry_required,
            deactivate_unused_days=policy.deactivate_unused_after_days,
            revoke_unused_days=policy.revoke_unused_after_days,
            updated_by=admin.actor_id,
        )
        change.record(
            Action.POLICY_SET,
            Target("ORGANIZATION", organization_id),
            before=fields(policy_of(before)),
            after=fields(policy),
        )
        return after


async def blocked(
    database: Database, principal: Principal, organization_id: UUID, token_ids: Sequence[UUID]
) -> set[UUID]:
    """Return those of the tokens that their organization's policy blocks wherever used from.

    Whoever may see a token may know this of it, and every token may see itself; outside the
    principal's organizations none is.
    """
    if organization_id not in principal.memberships:
        return set()
    async with database.tenant(organization_id) as connection:
        return await rows.list_blocked_ids(connection, organization_id, token_ids)


async def insist(
    connection: Connection,
    organization_id: UUID,
    *,
    max_age_seconds: int | None,
    ip_allowlist: Sequence[Network] | None,
) -> None:
    """Raise InvalidInput where the organization's policy would block a token from birth."""
    policy = policy_of(await rows.find(connection, organization_id))
    problems = inputs.Problems()
    problems.extend(
        policy_rules.problems(policy, max_age_seconds=max_age_seconds, ip_allowlist=ip_allowlist)
    )
    problems.raise_any()


def policy_of(row: OrganizationPolicy | None) -> Policy:
    """Return what a row says; no row asks for nothing."""
    if row is None:
        return Policy()
    return Policy(
        None if row.allowed_networks is None else tuple(row.allowed_networks),
        row.longest_max_age_seconds,
        row.expiry_required,
        row.deactivate_unused_days,
        row.revoke_unused_days,
    )


def _candidate(policy: Policy) -> Candidate:
    return Candidate(
        policy.allowed_networks,
        policy.longest_max_age_seconds,
        policy.expiry_required,
        policy.deactivate_unused_after_days,
        policy.revoke_unused_after_days,
    )


def fields(policy: Policy) -> dict[str, object]:
    """Return a policy as audit events tell it."""
    networks = policy.allowed_networks
    return {
        "allowedNetworks": None if networks is None else [str(network) for network in networks],
        "longestMaxAgeSeconds": policy.longest_max_age_seconds,
        "expiryRequired": policy.expiry_required,
        "deactivateUnusedAfterDays": policy.deactivate_unused_after_days,
        "revokeUnusedAfterDays": policy.revoke_unused_after_days,
    }


async def _viewer_reasons(
    connection: Connection, actor: OrgReader, policy: Policy
) -> tuple[str, ...]:
    """Say why the request would be refused. People signed in, and their tokens, never are."""
    if actor.token is None:
        return ()
    found = await rows.find_reasons(
        connection, actor.organization_id, _candidate(policy), actor.token.token_id
    )
    if found is None:
        return ()
    return (*found, *(["NETWORK"] if _is_outside(actor.origin, policy) else []))


def _is_outside(origin: Origin, policy: Policy) -> bool:
    if policy.allowed_networks is None:
        return False
    address = addresses.parse(origin.address) if origin.address else None
    return address is None or not addresses.inside(address, policy.allowed_networks)
