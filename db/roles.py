"""The serving role: a login that owns nothing, so that row level security binds it.

What it may do is listed column by column: whatever could widen a token's power is not among the
columns it may update, so no bug of the service can change it.
"""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import unquote, urlsplit

import asyncpg

from db import hosts
from db.pool import AWAY, CONNECT_SECONDS, DatabaseUnavailable, describe

_SCRAM_ITERATIONS = 4096

PRIVILEGES = (
    "USAGE ON SCHEMA public",
    "SELECT ON TABLE alembic_version, organization, organization_user, permission_grant, resource,"
    " user_group, group_member, organization_policy, audit_chain, audit_event, webhook_endpoint,"
    " webhook_delivery, limit_request, token_use",
    # All but secret_hmac and its pepper_version: only look_up_presented_tokens reads those.
    "SELECT (organization_id, token_id, user_id, description, max_age_seconds, extend_when_used,"
    " ip_allowlist, scopes, create_time, created_by, expiry_time, revoke_time, revoked_by,"
    " last_used_time, last_ip, last_user_agent, idempotency_key, idempotency_input,"
    " permission_ceiling, deactivate_time, activate_time, predecessor_id, family_id,"
    " supersede_time, overlap_end_time, warned_days)"
    " ON TABLE token",
    # Events are appended by append_audit_events alone.
    "INSERT ON TABLE organization, organization_user, token, permission_grant, resource,"
    " user_group, group_member, organization_policy, webhook_endpoint, limit_request",
    "UPDATE (application_user_limit, application_user_count) ON TABLE organization",
    "UPDATE (name, name_key, description, state, delete_time, deleted_by)"
    " ON TABLE organization_user",
    "UPDATE (description, revoke_time, revoked_by, deactivate_time, activate_time,"
    " supersede_time, overlap_end_time, warned_days) ON TABLE token",
    "UPDATE (parent_id, name, name_key) ON TABLE resource",
    "UPDATE (name, name_key, description) ON TABLE user_group",
    "UPDATE (allowed_networks, longest_max_age_seconds, expiry_required, deactivate_unused_days,"
    " revoke_unused_days, update_time, updated_by) ON TABLE organization_policy",
    "UPDATE (url, description, actions, is_active, pepper_version, key_number,"
    " previous_pepper_version, previous_key_end_time, delete_time) ON TABLE webhook_endpoint",
    "UPDATE (attempt_count, next_attempt_time, lease_end_time, deliver_time, last_status,"
    " last_error) ON TABLE webhook_delivery",
    "UPDATE (state, answer_time, answered_limit) ON TABLE limit_request",
    "DELETE ON TABLE permission_grant, resource, user_group, group_member, webhook_delivery,"
    " token_use",
    "EXECUTE ON FUNCTION look_up_presented_tokens(uuid[], uuid[], uuid[])",
    "EXECUTE ON FUNCTION record_uses(uuid[], uuid[], uuid[], inet[], text[], boolean[], bigint[],"
    " timestamptz[], timestamptz[], boolean[], integer)",
    "EXECUTE ON FUNCTION extend_token(uuid, uuid, timestamptz)",
    "EXECUTE ON FUNCTION find_person(text, text)",
    # For the releases before.
    "EXECUTE ON FUNCTION look_up_tokens(uuid[], uuid[])",
    "EXECUTE ON FUNCTION find_presented_tokens(uuid[], uuid[])",
    "EXECUTE ON FUNCTION record_token_uses(uuid[], uuid[], uuid[], timestamptz[], inet[], text[])",
    "EXECUTE ON FUNCTION append_audit_events(uuid, json)",
    "EXECUTE ON FUNCTION list_organization_ids(uuid, integer)",
    "EXECUTE ON FUNCTION list_organizations_to_notify(integer)",
)


class RoleError(Exception):
    """The serving role is missing and could not be made; the text holds the SQL to run."""


def login_of(dsn: str) -> tuple[str, str | None]:
    """Return the user name and password of a URL, percent-decoded."""
    parts = urlsplit(dsn)
    password = unquote(parts.password) if parts.password else None
    return unquote(parts.username or ""), password


async def grant_serving_role(owner_dsn: str, serving_dsn: str) -> None:
    """Create the role of ``serving_dsn`` where it is missing and grant what PRIVILEGES lists.

    An existing role keeps its password. Raises RoleError and DatabaseUnavailable.
    """
    role, password = login_of(serving_dsn)
    if not role:
        raise RoleError("DATABASE_URL names no user: it must be the serving role's URL.")
    try:
        owner = await hosts.connect(owner_dsn, CONNECT_SECONDS)
    except AWAY as error:
        raise DatabaseUnavailable(describe(error)) from error
    try:
        if role == await owner.fetchval("SELECT current_user"):
            raise RoleError(
                f"DATABASE_URL and APPUSERS_MIGRATION_DATABASE_URL both log in as {role}, but the"
                " owner of a table passes its row level security. Give DATABASE_URL a role of its"
                " own, for example appusers_service; `appusers migrate` creates it."
            )
        quoted = await owner.fetchval("SELECT quote_ident($1)", role)
        if not await owner.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role):
            await _create(owner, quoted, password)
        async with owner.transaction():
            for privilege in PRIVILEGES:
                await owner.execute(f"GRANT {privilege} TO {quoted}")
    finally:
        await owner.close()


async def _create(
    owner: "asyncpg.Connection[asyncpg.Record]", quoted: str, password: str | None
) -> None:
    if password is not None and not password.isascii():
        raise RoleError("The serving role's password in DATABASE_URL has to be ASCII.")
    verifier = _scram_verifier(password) if password else None
    literal = await owner.fetchval("SELECT quote_nullable($1)", verifier)
    try:
        await owner.execute(
            f"CREATE ROLE {quoted} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
            f" NOREPLICATION PASSWORD {literal}"
        )
    except (asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
        # Roles are the whole server's: the migration of another database made it in between.
        return
    except asyncpg.InsufficientPrivilegeError as error:
        raise RoleError(
            f"The owner may not create the serving role. Run as a superuser:"
            f" CREATE ROLE {quoted} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '…';"
            " then run `appusers migrate` again."
        ) from error


def _scram_verifier(password: str) -> str:
    """Return what PostgreSQL stores for a password, RFC 5803.

    Statements reach the server's log, failed ones by default; this one holds no password.
    """
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _SCRAM_ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    texts = [base64.b64encode(raw).decode() for raw in (salt, stored, server)]
    return f"SCRAM-SHA-256${_SCRAM_ITERATIONS}:{texts[0]}${texts[1]}:{texts[2]}"
