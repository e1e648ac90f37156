"""Rules of single input values: each returns the clean value or reports what is wrong with it."""

import unicodedata
from collections.abc import Container, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from app import token_format
from app.bounds import Network
from app.errors import Code, FieldProblem, InvalidInput

NAME_LENGTH = 255
DESCRIPTION_LENGTH = 1000
KEY_LENGTH = 255
NAME_KEY_BYTES = 2048
"""What an index entry and a cursor have room for; a name that needs more is all ligatures."""
COMPOSED = 4
"""The most characters that Unicode's composed form makes one of."""
LIST_LENGTH = 100
MIN_AGE_SECONDS = 600
MAX_AGE_SECONDS = 315_360_000


class Unset:
    """The type of KEEP."""


KEEP: Final = Unset()
"""Leave the field as it is, where None would clear it."""


class Problems:
    """Collects what is wrong with an input, so that a caller learns all of it at once."""

    def __init__(self) -> None:
        self._found: list[FieldProblem] = []

    def add(self, path: str, code: Code, message: str) -> None:
        """Note one problem."""
        self._found.append(FieldProblem(path, code, message))

    def extend(self, problems: Sequence[FieldProblem]) -> None:
        """Note several."""
        self._found.extend(problems)

    def raise_any(self) -> None:
        """Raise InvalidInput if anything was found."""
        if self._found:
            raise InvalidInput(self._found)


def invalid(path: str, code: Code, message: str) -> InvalidInput:
    """Return the error for a single problem."""
    return InvalidInput([FieldProblem(path, code, message)])


def name(problems: Problems, path: str, value: str | None) -> str:
    """Return a trimmed name of 1 to 255 characters in Unicode's composed form."""
    if value is None:
        problems.add(path, Code.REQUIRED, f"{path} cannot be null.")
        return ""
    clean = _composed(value, NAME_LENGTH)
    if not any(map(_is_visible, clean)) and not _has_control(clean, allowed=""):
        problems.add(path, Code.TOO_SHORT, f"{path} needs at least one visible character.")
    elif len(clean) > NAME_LENGTH:
        problems.add(path, Code.TOO_LONG, f"{path} has at most {NAME_LENGTH} characters.")
    elif _has_control(clean, allowed=""):
        problems.add(path, Code.INVALID_CHARACTER, f"{path} cannot hold control characters.")
    elif token_format.is_trace_in(clean):
        problems.add(path, Code.NOT_ALLOWED, _pasted(path))
    elif len(name_key(clean).encode()) > NAME_KEY_BYTES:
        problems.add(
            path, Code.TOO_LONG, f"{path} is too long: its characters stand for many others each."
        )
    return clean


def name_key(clean: str) -> str:
    """Return what names are compared and sorted by.

    Case and compatibility forms are folded, characters that nobody sees are dropped.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", clean).casefold())
    return "".join(c for c in folded if unicodedata.category(c) != "Cf")


def description(problems: Problems, path: str, value: str | None) -> str | None:
    """Return a trimmed description of at most 1000 characters, None for an empty one."""
    if value is None:
        return None
    clean = _composed(value, DESCRIPTION_LENGTH)
    if len(clean) > DESCRIPTION_LENGTH:
        problems.add(path, Code.TOO_LONG, f"{path} has at most {DESCRIPTION_LENGTH} characters.")
    elif _has_control(clean, allowed="\n\t"):
        problems.add(
            path,
            Code.INVALID_CHARACTER,
            f"{path} cannot hold control characters other than line breaks and tabs.",
        )
    elif token_format.is_trace_in(clean):
        problems.add(path, Code.NOT_ALLOWED, _pasted(path))
    return clean or None


def email(problems: Problems, path: str, value: str) -> str:
    """Return an e-mail address; only its shape is checked, as only its owner can check more."""
    clean = value.strip()
    local, _, domain = clean.rpartition("@")
    # First, because the others look at each character.
    if len(clean) > NAME_LENGTH:
        problems.add(path, Code.TOO_LONG, f"{path} has at most {NAME_LENGTH} characters.")
    elif not (local and domain) or any(c.isspace() for c in clean):
        problems.add(path, Code.INVALID_CHARACTER, f"{path} is not an e-mail address.")
    elif _has_control(clean, allowed=""):
        problems.add(path, Code.INVALID_CHARACTER, f"{path} cannot hold control characters.")
    return clean


def idempotency_key(problems: Problems, path: str, value: str | None) -> str | None:
    """Return a key of 1 to 255 visible ASCII characters."""
    if value is None:
        return None
    if not value:
        problems.add(path, Code.TOO_SHORT, f"{path} cannot be empty; leave it out instead.")
    elif len(value) > KEY_LENGTH:
        problems.add(path, Code.TOO_LONG, f"{path} has at most {KEY_LENGTH} characters.")
    elif not (value.isascii() and value.isprintable()):
        problems.add(path, Code.INVALID_CHARACTER, f"{path} takes printable ASCII characters.")
    elif token_format.is_in(value):
        problems.add(path, Code.NOT_ALLOWED, _pasted(path))
    return value


def search(path: str, value: str | None) -> str | None:
    """Return text to look for, None for an empty one.

    Of a token only its prefix is looked for: nothing that is kept holds more, and what is looked
    for stands in the log of a PostgreSQL that logs statements.
    """
    if value is None:
        return None
    if len(value) > NAME_LENGTH:
        raise invalid(path, Code.TOO_LONG, f"{path} has at most {NAME_LENGTH} characters.")
    if _has_control(value, allowed="\n\t"):
        raise invalid(path, Code.INVALID_CHARACTER, f"{path} cannot hold control characters.")
    # Composed like the text it is looked for in.
    return token_format.hide(unicodedata.normalize("NFC", value)).strip() or None


def max_age_seconds(
    problems: Problems, path: str, value: int | None, *, extend_when_used: bool
) -> int | None:
    """Return an age of 600 to 315360000 seconds, None for a token that never expires."""
    if value is None:
        if extend_when_used:
            problems.add(
                "extendWhenUsed",
                Code.NOT_ALLOWED,
                "extendWhenUsed needs maxAgeSeconds: a token that never expires has nothing to"
                " extend.",
            )
        return None
    if not MIN_AGE_SECONDS <= value <= MAX_AGE_SECONDS:
        problems.add(
            path,
            Code.OUT_OF_RANGE,
            f"{path} is from {MIN_AGE_SECONDS} to {MAX_AGE_SECONDS}; leave it out for a token that"
            " never expires.",
        )
    return value


def ip_allowlist(
    problems: Problems, path: str, values: Sequence[str] | None
) -> list[Network] | None:
    """Return 1 to 100 networks in canonical form and order, None for anywhere."""
    if values is None or not _length(problems, path, values, "networks"):
        return None
    # A dictionary for its order and its look-ups: comparing networks one by one is slow.
    networks: dict[Network, None] = {}
    for index, value in enumerate(values):
        try:
            network = _network(value)
        except ValueError as error:
            problems.add(f"{path}[{index}]", Code.INVALID_NETWORK, f"{path}[{index}]: {error}.")
            continue
        if network in networks:
            problems.add(
                f"{path}[{index}]",
                Code.DUPLICATE_VALUE,
                f"{path}[{index}]: {network} is in the list already.",
            )
        networks[network] = None
    return list(networks)


def _network(value: str) -> Network:
    if "%" in value or len(value) > 64:
        raise ValueError("this is not an IPv4 or IPv6 network such as 192.0.2.0/24")
    try:
        network = ip_network(value)
    except ValueError:
        try:
            widened = ip_network(value, strict=False)
        except ValueError:
            raise ValueError(
                "this is not an IPv4 or IPv6 network such as 192.0.2.0/24 or 2001:db8::/32"
            ) from None
        raise ValueError(
            f"{value} has host bits set; the network is {widened}, the single address"
            f" {value.split('/', maxsplit=1)[0]}"
        ) from None
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        # Addresses are compared with the mapping undone, so this could never match.
        inner = IPv4Network((int(network.network_address) & 0xFFFFFFFF, network.prefixlen - 96))
        raise ValueError(f"write the IPv4-mapped network {network} as {inner}")
    return network


_MAPPED = IPv6Network("::ffff:0:0/96")


def scopes(
    problems: Problems, path: str, values: Sequence[str] | None, known: Container[str]
) -> list[str] | None:
    """Return 1 to 100 known scopes, sorted, None for everything the user may do."""
    if values is None or not _length(problems, path, values, "scopes"):
        return None
    for index, value in enumerate(values):
        where = f"{path}[{index}]"
        if value not in known:
            problems.add(
                where,
                Code.UNKNOWN_VALUE,
                f"{where} is no scope. Scopes are <resource>:<read or write>, for example"
                " projects:read; availableScopes lists them.",
            )
        elif value in values[:index]:
            problems.add(where, Code.DUPLICATE_VALUE, f"{where}: {value} is in the list already.")
    return sorted(set(values))


def _length(problems: Problems, path: str, values: Sequence[str], what: str) -> bool:
    if not values:
        problems.add(
            path, Code.TOO_SHORT, f"{path} cannot be empty; leave it out for no restriction."
        )
        return False
    if len(values) > LIST_LENGTH:
        problems.add(path, Code.TOO_LONG, f"{path} has at most {LIST_LENGTH} {what}.")
        return False
    return True


def _composed(text: str, most: int) -> str:
    """Return text trimmed and in Unicode's composed form, where that can have ``most`` characters.

    Longer text comes back as it is, to be refused for its length: composing takes time that grows
    with the square of a run of accents, seconds for a body full of them.
    """
    clean = text.strip()
    if len(clean) > most * COMPOSED:
        return clean
    return unicodedata.normalize("NFC", clean).strip()


def _pasted(path: str) -> str:
    return f"{path} holds an access token, which is stored nowhere: leave it out."


def _is_visible(character: str) -> bool:
    # Z are spaces, C what has no shape: a name of those alone looks like none.
    return unicodedata.category(character)[0] not in "ZC"


def _has_control(text: str, allowed: str) -> bool:
    # Cc holds NUL, Cs lone surrogates; neither can be stored. Zl and Zp break lines on screens,
    # and the bidirectional overrides in Cf make a name read as another.
    return any(
        unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
        or character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        for character in text
        if character not in allowed
    )
