"""Where a request comes from, and who is behind a change: what the audit trail says of both."""

from dataclasses import dataclass
from typing import Literal, TypeAlias
from uuid import UUID

AuthorKind: TypeAlias = Literal["USER", "OPERATOR", "SERVICE"]


@dataclass(frozen=True, slots=True)
class Origin:
    """A request's address, program and id; None where it is not known."""

    address: str | None = None
    user_agent: str | None = None
    request_id: str | None = None


NOWHERE = Origin()


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes something: a user, with a token or signed in; the operator; the service."""

    kind: AuthorKind
    user_id: UUID | None = None
    token_id: UUID | None = None
    origin: Origin = NOWHERE


OPERATOR = Author("OPERATOR")
"""Whoever runs commands on the host."""

SERVICE = Author("SERVICE")
"""What the service does by itself, as a policy or an expiry has it."""
