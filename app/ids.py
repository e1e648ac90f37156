"""Public ids: ``org_…``, ``user_…``, ``token_…``, made of letters, digits and one underscore.

A user's or token's id holds its organization, so that a look-up goes straight to one tenant's
rows. That is routing, not trust: what an id claims counts for nothing until a row confirms it.
"""

from functools import lru_cache
from typing import Literal, TypeAlias
from uuid import UUID

Kind: TypeAlias = Literal["org", "user", "token"]

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VALUES = {digit: value for value, digit in enumerate(DIGITS)}
UUID_DIGITS = 22


def base62(number: int, width: int) -> str:
    """Return ``number`` with leading zeros, in digits whose ASCII order is their value's."""
    digits: list[str] = []
    for _ in range(width):
        number, value = divmod(number, 62)
        digits.append(DIGITS[value])
    if number:
        raise ValueError("the number does not fit")
    return "".join(reversed(digits))


@lru_cache(maxsize=1024)
def encode_uuid(value: UUID) -> str:
    """Return a UUID in 22 base62 digits."""
    return base62(value.int, UUID_DIGITS)


def decode_uuid(text: str) -> UUID | None:
    """Return the UUID of 22 base62 digits, None for anything else."""
    if len(text) != UUID_DIGITS:
        return None
    number = 0
    for digit in text:
        value = _VALUES.get(digit)
        if value is None:
            return None
        number = number * 62 + value
    return UUID(int=number) if number < 2**128 else None


def organization_id(value: UUID) -> str:
    """Return the public id of an organization."""
    return "org_" + encode_uuid(value)


def member_id(kind: Literal["user", "token"], organization: UUID, value: UUID) -> str:
    """Return the public id of a user or token."""
    return f"{kind}_{encode_uuid(value)}{encode_uuid(organization)}"


def parse_organization_id(text: str) -> UUID | None:
    """Return the organization of a public id, None where it has not that shape."""
    return decode_uuid(text[4:]) if text.startswith("org_") else None


def parse_member_id(kind: Literal["user", "token"], text: str) -> tuple[UUID, UUID] | None:
    """Return (organization, user or token) of a public id, None where it has not that shape."""
    prefix = kind + "_"
    if not text.startswith(prefix) or len(text) != len(prefix) + 2 * UUID_DIGITS:
        return None
    value = decode_uuid(text[len(prefix) : -UUID_DIGITS])
    organization = decode_uuid(text[-UUID_DIGITS:])
    return (organization, value) if organization and value else None


def kind_of(text: str) -> Kind | None:
    """Return what a public id says it is."""
    kind = text.split("_", 1)[0]
    return kind if kind in ("org", "user", "token") else None
