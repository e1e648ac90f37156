"""Tokens: ``appu_`` + public part + ``_`` + secret + checksum, in letters and digits.

The public part is the token's and its organization's id, 22 base62 digits each; the secret is 256
random bits in 43 digits; the checksum is the CRC32 of all before it in 6. One double click selects
it, no URL escapes it, and a scanner that finds one knows it without asking anybody.
"""

import hmac
import re
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from urllib.parse import unquote_plus
from uuid import UUID

from app.ids import UUID_DIGITS, base62, decode_uuid, encode_uuid, number_of

PREFIX = "appu_"
SECRET_DIGITS = 43
CHECKSUM_DIGITS = 6
LENGTH = len(PREFIX) + 2 * UUID_DIGITS + 1 + SECRET_DIGITS + CHECKSUM_DIGITS

SCANNING_PATTERN = r"\bappu_[0-9A-Za-z]{44}_[0-9A-Za-z]{49}\b"
"""For secret scanners. A match with a wrong checksum is not a token."""

_BESIDE = r"(?:_|%(?:25)*5[Ff]|\\+(?:x|u00)5[Ff])"
_BREAK = r"(?:[\s\u200b-\u200d\u2060\ufeff]|\\+(?:[nrt]|u[0-9A-Fa-f]{4}))+"
"""A line's end or what nobody sees, as it is or as errors quote it."""
_READABLE = re.compile(
    rf"([Aa][Pp][Pp][Uu]{_BESIDE}[0-9A-Za-z]{{22}})[0-9A-Za-z]{{22}}{_BESIDE}"
    rf"(?:[0-9A-Za-z]{{49}}|[0-9A-Za-z]{{4,48}}(?:{_BREAK}[0-9A-Za-z]{{10,}})?)"
)
"""A token with all or some of its secret, wherever it stands; another may follow at once.

Its underscores may be escaped as in URLs, twice too, or as in programs, its secret broken by a
line's end, and its letters of another case: of such a secret some 36 bits are left to guess, and
the checksum tells which guesses are good.
"""

_HEADLESS = re.compile(
    rf"(?<![0-9A-Za-z])(?:[0-9A-Za-z]{{44}}{_BESIDE}[0-9A-Za-z]{{4,49}}"
    r"|[0-9A-Za-z]{49}(?![0-9A-Za-z]))"
)
"""What is left without ``appu_``, or of the secret and its checksum alone."""

_MISS = b"\0" * 32


class Recognized(NamedTuple):
    """The two ids that a well-formed token names; nothing says yet that it is genuine."""

    organization_id: UUID
    token_id: UUID


@dataclass(frozen=True)
class Peppers:
    """Keys of the digests by version; ``current`` is the one that makes them."""

    current: int
    keys: Mapping[int, bytes] = field(repr=False)

    @cached_property
    def begun(self) -> Mapping[int, hmac.HMAC]:
        """A digest of nothing under each key: to copy one is half of what to begin one costs."""
        return {version: hmac.new(key, None, "sha256") for version, key in self.keys.items()}


def make(organization_id: UUID, token_id: UUID) -> str:
    """Return a token with a fresh secret."""
    secret = base62(secrets.randbits(256), SECRET_DIGITS)
    body = f"{prefix_of(token_id)}{encode_uuid(organization_id)}_{secret}"
    return body + _checksum(body)


def prefix_of(token_id: UUID) -> str:
    """Return the first 27 characters of a token: unique, and safe to show and log."""
    return PREFIX + encode_uuid(token_id)


def id_of_prefix(text: str) -> UUID | None:
    """Return the token that a prefix, or a longer piece of a token, belongs to."""
    if not text.startswith(PREFIX):
        return None
    return decode_uuid(text[len(PREFIX) : len(PREFIX) + UUID_DIGITS])


def recognize(token: str) -> Recognized | None:
    """Return the ids of a token whose shape and checksum are right, None for any other text."""
    if len(token) != LENGTH or not token.isascii() or not token.startswith(PREFIX):
        return None
    body, checksum = token[:-CHECKSUM_DIGITS], token[-CHECKSUM_DIGITS:]
    if number_of(checksum) != zlib.crc32(body.encode()):
        return None
    start = len(PREFIX)
    token_id = decode_uuid(body[start : start + UUID_DIGITS])
    organization_id = decode_uuid(body[start + UUID_DIGITS : start + 2 * UUID_DIGITS])
    if token_id is None or organization_id is None:
        return None
    return Recognized(organization_id, token_id)


def is_in(text: str) -> bool:
    """Tell whether somebody pasted a token into a text."""
    return _READABLE.search(text) is not None


def is_trace_in(text: str) -> bool:
    """Tell whether a text holds a token or what is left of one that was damaged.

    It is for what people write. Other programs' keys and addresses may well be 49 letters and
    digits, and ``is_in`` is for those.
    """
    return is_in(text) or _HEADLESS.search(text) is not None


def is_in_query(query: bytes, *names: str) -> bool:
    """Tell whether a query string has a token in it, or a parameter that is there for one.

    RFC 6750, section 2.3, has ``access_token``; ``names`` are others.
    """
    text = unquote_plus(query.decode("latin-1"))
    return is_in(text) or any(
        part.partition("=")[0] in ("access_token", *names) for part in text.split("&")
    )


def hide(text: str) -> str:
    """Return a text with the prefix alone of every token in it, and nothing of damaged ones.

    What is encoded as a whole, as in Base64, is not recognized, nor a piece of a secret alone.
    """
    return _HEADLESS.sub("…", _READABLE.sub(r"\1…", text))


def digest(token: str, peppers: Peppers) -> bytes:
    """Return what is stored in place of the token: HMAC-SHA-256 under the current pepper."""
    return _digest(peppers.begun[peppers.current], token)


def matches(token: str, peppers: Peppers, stored: bytes | None, version: int | None) -> bool:
    """Tell whether a stored digest is the token's, in the same time for every answer.

    A missing row and an unknown pepper version are compared too, against a digest that no token
    has, so that a miss takes as long as a hit.
    """
    begun = peppers.begun.get(version if version is not None else peppers.current)
    known = stored is not None and begun is not None
    actual = _digest(begun or peppers.begun[peppers.current], token)
    return hmac.compare_digest(actual, stored if known and stored else _MISS) and known


def _digest(begun: hmac.HMAC, token: str) -> bytes:
    made = begun.copy()
    made.update(token.encode())
    return made.digest()


def _checksum(body: str) -> str:
    return base62(zlib.crc32(body.encode()), CHECKSUM_DIGITS)


PEPPER_CHARACTERS = 32


def parse_peppers(text: str) -> Peppers:
    """Return the peppers of ``SECRET`` or of ``2:NEW,1:OLD``, the one in use first.

    Raises ValueError without the secret in its text.
    """
    keys: dict[int, bytes] = {}
    for part in text.strip().split(","):
        version, colon, secret = part.strip().partition(":")
        if not colon:
            version, secret = "1", version
        if not (version.isascii() and version.isdigit() and 0 < int(version) < 2**15):
            raise ValueError("a pepper's version is a number from 1 to 32767, as in 2:SECRET")
        if len(secret) < PEPPER_CHARACTERS or ":" in secret:
            raise ValueError(
                f"a pepper has {PEPPER_CHARACTERS} characters or more, no comma and no colon"
            )
        if int(version) in keys:
            raise ValueError(f"pepper version {version} is given twice")
        keys[int(version)] = secret.encode()
    return Peppers(current=next(iter(keys)), keys=keys)
