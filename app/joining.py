"""How people come into an organization: by their identity, or with a first token.

Who is not administrator adds people who sign in with the identity provider: a token for somebody
else is an administrator's to make.
"""

from dataclasses import dataclass, field, replace
from typing import TypeAlias
from uuid import UUID

from uuid_utils.compat import uuid7

from app import changes, idempotency, inputs, minting, people, token_format
from app.access import OrgAdmin, UserWriter
from app.audit import Action, Target
from app.changes import Change
from app.errors import (
    AlreadyMember,
    Code,
    FieldProblem,
    IdempotencyConflict,
    InvalidInput,
    NotFound,
)
from app.origins import OPERATOR
from app.token_format import Peppers
from db import people as rows
from db import users
from db.pool import Database
from db.tokens import Token
from db.users import User

TOKEN_DESCRIPTION = "First token of a person, made by addOrganizationUser"  # noqa: S105
OPERATORS_TOKEN_DESCRIPTION = "Token of a person, made by the operator"  # noqa: S105
TOKEN_AGE_SECONDS = 604_800
IDENTITY_LENGTH = 255

Identity: TypeAlias = tuple[str, str]
"""Issuer and subject."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to add, as the caller describes it."""

    name: str
    email: str
    issuer: str | None = None
    subject: str | None = None
    token_max_age_seconds: int | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class AddedWithToken:
    """A person with its first token, whose text is there where this call made it."""

    person: User
    token: Token
    full_token: str | None = field(repr=False)


async def add(
    database: Database, writer: UserWriter, asked: NewPerson, *, default_issuer: str | None
) -> User:
    """Add a person who signs in with an identity provider. Raises InvalidInput and AlreadyMember.

    ``default_issuer``: the configured one, for who gives no other.
    """
    problems = inputs.Problems()
    wanted = _clean(problems, asked)
    identity = _identity(problems, asked, default_issuer)
    for path, value in (
        ("tokenMaxAgeSeconds", asked.token_max_age_seconds),
        ("idempotencyKey", asked.idempotency_key),
    ):
        if value is not None:
            problems.add(path, Code.NOT_ALLOWED, f"{path} goes with withToken alone.")
    problems.raise_any()
    async with changes.begun(database, writer, lock=True) as change:
        return await _insert(change, writer, wanted, identity)


async def add_with_token(
    database: Database, peppers: Peppers, admin: OrgAdmin, asked: NewPerson
) -> AddedWithToken:
    """Add a person and mint a first token for it: for who has no identity provider.

    The same idempotency key and input again return the first person and token, without its text.
    Raises InvalidInput and IdempotencyConflict.
    """
    problems = inputs.Problems()
    wanted = _clean(problems, asked)
    for path, value in (("issuer", asked.issuer), ("subject", asked.subject)):
        if value is not None:
            problems.add(path, Code.NOT_ALLOWED, f"{path} does not go with withToken.")
    settings = minting.Settings(
        description=TOKEN_DESCRIPTION,
        max_age_seconds=_token_age(problems, "tokenMaxAgeSeconds", asked.token_max_age_seconds),
        extend_when_used=False,
        ip_allowlist=None,
        scopes=None,
    )
    text = inputs.idempotency_key(problems, "idempotencyKey", asked.idempotency_key)
    problems.raise_any()
    key = idempotency.Key.of(
        text, "addOrganizationUser", wanted.name, wanted.email, settings.max_age_seconds
    )
    async with changes.begun(database, admin, lock=True) as change:
        replayed = await idempotency.replay(change, admin, key)
        if replayed:
            found = await users.find(change.connection, admin.organization_id, [replayed.user_id])
            return AddedWithToken(found[0], replayed, None)
        _stay_inside(admin, settings)
        person = await _insert(change, admin, wanted, None)
        made = await minting.insert(change, peppers, admin, person.user_id, settings, key)
        if made is None:
            # A token for an application user took the key while this one waited for it.
            raise IdempotencyConflict
        return AddedWithToken(person, made.token, made.full_token)


async def add_token(
    database: Database,
    peppers: Peppers,
    organization_id: UUID,
    user_id: UUID,
    *,
    max_age_seconds: int | None,
) -> AddedWithToken:
    """Mint another token of an active person, a week long unless it is said; for the operator.

    Raises InvalidInput and NotFound.
    """
    problems = inputs.Problems()
    age = _token_age(problems, "--max-age-seconds", max_age_seconds)
    problems.raise_any()
    async with changes.unproven(database, organization_id, OPERATOR) as change:
        connection = change.connection
        person = await rows.lock(connection, organization_id, user_id)
        if person is None:
            found = await users.find(connection, organization_id, [user_id])
            if found and found[0].is_application_user:
                raise _no_token("This is an application user; generateToken makes its tokens.")
            raise NotFound(people.MISSING)
        if person.state != "ACTIVE":
            raise _no_token("This person is deactivated; activate it before you make it a token.")
        token, full_token = await minting.insert_by_operator(
            connection,
            peppers,
            organization_id,
            user_id,
            description=OPERATORS_TOKEN_DESCRIPTION,
            max_age_seconds=age,
        )
        change.record(
            Action.TOKEN_GENERATE,
            Target("TOKEN", token.token_id, user_id),
            after=minting.audit_fields(token),
        )
    return AddedWithToken(person, token, full_token)


def _no_token(message: str) -> InvalidInput:
    return inputs.invalid("USER_ID", Code.NOT_ALLOWED, message)


async def _insert(
    change: Change, writer: UserWriter | OrgAdmin, wanted: NewPerson, identity: Identity | None
) -> User:
    issuer, subject = identity or (None, None)
    user_id = uuid7()
    person = await users.insert(
        change.connection,
        organization_id=writer.organization_id,
        user_id=user_id,
        is_application_user=False,
        name=wanted.name,
        name_key=inputs.name_key(wanted.name),
        description=None,
        email=wanted.email,
        issuer=issuer,
        subject=subject,
        created_by=writer.actor_id,
    )
    if person is None:
        if identity is None:
            raise RuntimeError("a person without identity was in the way of another")
        found = await rows.find_id_by_identity(change.connection, writer.organization_id, *identity)
        if found is None:
            raise RuntimeError("an identity was in the way and is not found")
        raise AlreadyMember(writer.organization_id, found)
    change.record(
        Action.USER_ADD,
        people.target(user_id),
        after=people.fields(person) | {"email": person.email, "issuer": issuer, "subject": subject},
    )
    return person


def _clean(problems: inputs.Problems, asked: NewPerson) -> NewPerson:
    name = inputs.name(problems, "name", asked.name)
    if token_format.is_trace_in(asked.email):
        problems.add("email", Code.NOT_ALLOWED, "email holds an access token: leave it out.")
        return replace(asked, name=name)
    return replace(asked, name=name, email=inputs.email(problems, "email", asked.email))


def _identity(problems: inputs.Problems, asked: NewPerson, default_issuer: str | None) -> Identity:
    """Return the issuer and subject of a person.

    Both are compared byte for byte with what a JWT says, so nothing about them is put right.
    """
    issuer = default_issuer if asked.issuer is None else asked.issuer
    if asked.subject is None:
        problems.add(
            "subject",
            Code.REQUIRED,
            "subject is needed without withToken: what else would the person sign in with?",
        )
    elif issuer is None:
        problems.add(
            "issuer", Code.REQUIRED, "issuer is needed: this service has no identity provider."
        )
    for path, value in (("issuer", asked.issuer), ("subject", asked.subject)):
        if value is not None:
            _check_identity(problems, path, value)
    return issuer or "", asked.subject or ""


def _check_identity(problems: inputs.Problems, path: str, value: str) -> None:
    """OpenID Connect Core, section 2: both are ASCII, a subject has at most 255 characters."""
    if not value:
        problems.add(path, Code.TOO_SHORT, f"{path} cannot be empty.")
    elif len(value) > IDENTITY_LENGTH:
        problems.add(path, Code.TOO_LONG, f"{path} has at most {IDENTITY_LENGTH} characters.")
    elif not (value.isascii() and value.isprintable()) or value != value.strip():
        problems.add(
            path,
            Code.INVALID_CHARACTER,
            f"{path} takes printable ASCII characters, without spaces around them.",
        )
    elif token_format.is_in(value):
        problems.add(path, Code.NOT_ALLOWED, f"{path} holds an access token: leave it out.")
    elif path == "issuer" and not value.startswith(("https://", "http://")):
        problems.add(path, Code.INVALID_CHARACTER, f"{path} is an https:// address.")


def _token_age(problems: inputs.Problems, path: str, value: int | None) -> int:
    if value is None:
        return TOKEN_AGE_SECONDS
    if not inputs.MIN_AGE_SECONDS <= value <= inputs.MAX_AGE_SECONDS:
        problems.add(
            path,
            Code.OUT_OF_RANGE,
            f"{path} is from {inputs.MIN_AGE_SECONDS} to {inputs.MAX_AGE_SECONDS}.",
        )
    return value


def _stay_inside(admin: OrgAdmin, wanted: minting.Settings) -> None:
    """Raise InvalidInput where the person's token could do more than the one asking for it."""
    problems = inputs.Problems()
    problems.extend(
        [
            FieldProblem(
                "tokenMaxAgeSeconds" if problem.path == "maxAgeSeconds" else "withToken",
                problem.code,
                problem.message,
            )
            for problem in minting.excess(admin, wanted)
        ]
    )
    problems.raise_any()
