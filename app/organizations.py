"""Organizations: how they begin, what limits them, what a reader sees of them."""

from dataclasses import dataclass, field
from uuid import UUID

from uuid_utils.compat import uuid7

from app import changes, ids, inputs, minting
from app.access import ORGANIZATION_ADMIN, OrgMember
from app.audit import Action, Target
from app.errors import Code, NotFound
from app.origins import OPERATOR
from app.token_format import Peppers
from db import organizations as rows
from db import permissions, users
from db.organizations import Organization
from db.pool import Database

__all__ = ["Bootstrapped", "Organization", "bootstrap", "find", "set_limit"]

MAX_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Bootstrapped:
    """A fresh organization and its first administrator; the token is shown once, here."""

    organization_id: UUID
    user_id: UUID
    full_token: str = field(repr=False)


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
        full_token = await minting.insert_first(connection, peppers, organization_id, user_id)
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


async def set_limit(
    database: Database, organization_id: UUID, application_user_limit: int
) -> Organization:
    """Change how many application users an organization may have; for the operator on the host.

    A limit below the present number removes nobody. Raises InvalidInput and NotFound.
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
            raise NotFound("There is no such organization.")
        change.record(
            Action.LIMIT_SET,
            Target("ORGANIZATION", organization_id),
            before={"applicationUserLimit": before.application_user_limit},
            after={"applicationUserLimit": found.application_user_limit},
        )
    return found
