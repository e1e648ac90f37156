"""Public ids: ``org_…``, ``user_…``, ``token_…``, made of letters, digits and one underscore.

The id of what an organization owns holds the organization, so that a look-up goes straight to one
tenant's rows. That is routing, not trust: what an id claims counts for nothing until a row
confirms it.
"""

import struct
from functools import lru_cache
from typing import Literal, TypeAlias, get_args
from uuid import UUID

MemberKind: TypeAlias = Literal["user", "token", "group", "resource", "event", "webhook", "request"]
Kind: TypeAlias = Literal["org"] | MemberKind
MEMBER_KINDS: tuple[MemberKind, ...] = get_args(MemberKind)

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_TWO_DIGITS = [first + second for first in DIGITS for second in DIGITS]
_PAIRS = {pair.encode(): value for value, pair in enumerate(_TWO_DIGITS)}
"""Two digits a step: ids are read and written on every verification."""
_PAIR = struct.Struct("2s")
UUID_DIGITS = 22


def base62(number: int, width: int) -> str:
    """Return ``number`` with leading zeros, in digits whose ASCII order is their value's."""
    pieces: list[str] = []
    for _ in range(width // 2):
        number, value = divmod(number, 3844)
        pieces.append(_TWO_DIGITS[value])
    if width % 2:
        number, value = divmod(number, 62)
        pieces.append(DIGITS[value])
    if number:
        raise ValueError("the number does not fit")
    return "".join(reversed(pieces))


def number_of(text: str) -> int | None:
    """Return the number of an even count of base62 digits, None for anything else."""
    number = 0
    try:
        for (pair,) in _PAIR.iter_unpack(text.encode()):
            number = number * 3844 + _PAIRS[pair]
    except (KeyError, struct.error, UnicodeEncodeError):
        return None
    return number


@lru_cache(maxsize=16384)
def encode_uuid(value: UUID) -> str:
    """Return a UUID in 22 base62 digits."""
    return base62(value.int, UUID_DIGITS)


def decode_uuid(text: str) -> UUID | None:
    """Return the UUID of 22 base62 digits, None for anything else."""
    return _decoded(text) if len(text) == UUID_DIGITS else None


@lru_cache(maxsize=16384)
def _decoded(text: str) -> UUID | None:
    number = number_of(text)
    return UUID(int=number) if number is not None and number < 2**128 else None


def organization_id(value: UUID) -> str:
    """Return the public id of an organization."""
    return "org_" + encode_uuid(value)


def member_id(kind: MemberKind, organization: UUID, value: UUID) -> str:
    """Return the public id of what an organization owns."""
    return f"{kind}_{encode_uuid(value)}{encode_uuid(organization)}"


def parse_organization_id(text: str) -> UUID | None:
    """Return the organization of a public id, None where it has not that shape."""
    return decode_uuid(text[4:]) if text.startswith("org_") else None


def parse_member_id(kind: MemberKind, text: str) -> tuple[UUID, UUID] | None:
    """Return (organization, what it owns) of a public id, None where it has not that shape."""
    prefix = kind + "_"
    if not text.startswith(prefix) or len(text) != len(prefix) + 2 * UUID_DIGITS:
        return None
    value = decode_uuid(text[len(prefix) : -UUID_DIGITS])
    organization = decode_uuid(text[-UUID_DIGITS:])
    return (organization, value) if organization and value else None


def resource_id(organization: UUID, value: UUID) -> str:
    """Return the public id of the organization itself or of a resource below it."""
    if value == organization:
        return organization_id(organization)
    return member_id("resource", organization, value)


def parse_resource_id(text: str) -> tuple[UUID, UUID] | None:
    """Return (organization, resource) of an ``org_…`` or ``resource_…`` id."""
    if text.startswith("org_"):
        organization = parse_organization_id(text)
        return (organization, organization) if organization else None
    return parse_member_id("resource", text)


def kind_of(text: str) -> Kind | None:
    """Return what a public id says it is."""
    prefix = text.split("_", 1)[0]
    if prefix == "org":
        return "org"
    return next((kind for kind in MEMBER_KINDS if kind == prefix), None)
