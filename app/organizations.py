"""Organizations: how they begin, what limits them, what a reader sees of them."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from uuid import UUID

from uuid_utils.compat import uuid7

from app import changes, ids, inputs, minting, tenants
from app.access import ORGANIZATION_ADMIN, OrgMember
from app.audit import Action, Target
from app.errors import MISSING_ORGANIZATION, Code, NotFound
from app.limit_requests import MAX_LIMIT
from app.origins import OPERATOR
from app.token_format import Peppers
from db import limit_requests, permissions, users
from db import organizations as rows
from db.limit_requests import LimitRequest
from db.organizations import Organization
from db.pool import Database

__all__ = [
    "Bootstrapped",
    "LimitSet",
    "Limits",
    "Organization",
    "bootstrap",
    "find",
    "find_limits",
    "list_limits",
    "set_limit",
]

BOOTSTRAP_DESCRIPTION = "First administrator, made by bootstrap"


@dataclass(frozen=True, slots=True)
class Bootstrapped:
    """A fresh organization and its first administrator; the token is shown once, here."""

    organization_id: UUID
    user_id: UUID
    full_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """An organization, with the request for a higher limit that waits for an answer, if any."""

    organization: Organization
    pending: LimitRequest | None


@dataclass(frozen=True, slots=True)
class LimitSet:
    """An organization with its limit as it is now, and the request that this answered, if any."""

    organization: Organization
    answered: LimitRequest | None


async def bootstrap(
    database: Database,
    peppers: Peppers,
    *,
    name: str,
    admin_email: str,
    admin_identity: tuple[str, str] | None = None,
) -> Bootstrapped:
    """Make an organization with one administrator and a token for it.

    For the operator on the host, who needs no proof: whoever runs this holds the database and the
    pepper. ``admin_identity`` is the issuer and subject of an identity provider. Raises
    InvalidInput.
    """
    problems = inputs.Problems()
    name = inputs.name(problems, "organization", name)
    email = inputs.email(problems, "admin", admin_email)
    problems.raise_any()
    organization_id, user_id = uuid7(), uuid7()
    issuer, subject = admin_identity or (None, None)
    async with changes.unproven(database, organization_id, OPERATOR) as change:
        connection = change.connection
        await rows.insert(connection, organization_id, name)
        await users.insert(
            connection,
            organization_id=organization_id,
            user_id=user_id,
            is_application_user=False,
            name=email,
            name_key=inputs.name_key(email),
            description=None,
            email=email,
            issuer=issuer,
            subject=subject,
            created_by=None,
        )
        await permissions.insert(
            connection,
            organization_id,
            user_id,
            is_group=False,
            resource_id=organization_id,
            permissions=[ORGANIZATION_ADMIN],
            created_by=None,
        )
        _, full_token = await minting.insert_by_operator(
            connection,
            peppers,
            organization_id,
            user_id,
            description=BOOTSTRAP_DESCRIPTION,
            max_age_seconds=None,
        )
        change.record(
            Action.ORGANIZATION_CREATE,
            Target("ORGANIZATION", organization_id, user_id),
            after={
                "name": name,
                "administrator": ids.member_id("user", organization_id, user_id),
                "email": email,
            },
        )
    return Bootstrapped(organization_id, user_id, full_token)


async def find(database: Database, member: OrgMember) -> Organization | None:
    """Return the member's organization."""
    async with database.tenant(member.organization_id) as connection:
        return await rows.find(connection, member.organization_id)


async def find_limits(database: Database, organization_id: UUID) -> Limits:
    """Return an organization with its pending request; for the operator. Raises NotFound."""
    async with database.tenant(organization_id) as connection:
        found = await rows.find(connection, organization_id)
        pending = await limit_requests.find_pending(connection, organization_id)
    if found is None:
        raise NotFound(MISSING_ORGANIZATION)
    return Limits(found, pending)


async def list_limits(database: Database) -> AsyncGenerator[Limits]:
    """Yield every organization with its pending request, the oldest first; for the operator."""
    async with aclosing(tenants.list_organization_ids(database)) as organization_ids:
        async for organization_id in organization_ids:
            yield await find_limits(database, organization_id)


async def set_limit(
    database: Database, organization_id: UUID, application_user_limit: int
) -> LimitSet:
    """Change how many application users an organization may have; for the operator on the host.

    A limit below the present number removes nobody. The pending request is answered: granted where
    the limit is now what it asks for, or higher, and otherwise declined, so that the present limit
    set again declines it. Raises InvalidInput and NotFound.
    """
    if not 0 <= application_user_limit <= MAX_LIMIT:
        raise inputs.invalid(
            "limit", Code.OUT_OF_RANGE, f"The limit is a number from 0 to {MAX_LIMIT}."
        )
    async with changes.unproven(database, organization_id, OPERATOR) as change:
        await rows.lock(change.connection, organization_id)
        before = await rows.find(change.connection, organization_id)
        found = await rows.set_limit(change.connection, organization_id, application_user_limit)
        if before is None or found is None:
            raise NotFound(MISSING_ORGANIZATION)
        answered = await limit_requests.answer(
            change.connection, organization_id, application_user_limit
        )
        change.record(
            Action.LIMIT_SET,
            Target("ORGANIZATION", organization_id),
            before={"applicationUserLimit": before.application_user_limit},
            after={"applicationUserLimit": found.application_user_limit},
        )
        if answered:
            change.record(
                Action.LIMIT_ANSWER,
                Target("LIMIT_REQUEST", answered.request_id),
                before={"state": "PENDING"},
                after={"state": answered.state, "answeredLimit": answered.answered_limit},
            )
    return LimitSet(found, answered)
