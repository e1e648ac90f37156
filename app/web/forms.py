"""Forms of plain HTTP endpoints: a bounded body of ``application/x-www-form-urlencoded``.

Whatever is wrong with one is raised as Refused, with its answer.
"""

from collections.abc import Collection
from functools import lru_cache
from urllib.parse import unquote_plus

from starlette.types import Receive

from app import token_format
from app.web.oauth_errors import TOKEN_IN_URL, Refused, invalid_request
from app.web.raw import Answer, Fields

MAX_BODY_BYTES = 64 * 1024
MAX_PARAMETERS = 64
REMEMBERED = 512
"""Programs are named by few texts, again and again."""

FORM = b"application/x-www-form-urlencoded"

CONTENT_TYPE = b"content-type"
CONTENT_LENGTH = b"content-length"
CONTENT_ENCODING = b"content-encoding"
HEADERS = frozenset({CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING})
"""Header fields that ``check_headers`` and ``read`` look at."""


def check_query(query: bytes) -> None:
    """Refuse a credential in the URL, where logs and histories keep it; RFC 6750, section 2.3."""
    if query and token_format.is_in_query(query, "token"):
        raise Refused(TOKEN_IN_URL)


def check_headers(found: Fields, media_type: bytes = FORM) -> None:
    """Refuse a body of another media type, charset or coding."""
    given = found.get(CONTENT_TYPE)
    if given is None or len(given) != 1 or not _is_utf8_of(given[0], media_type):
        name = media_type.decode()
        raise Refused(invalid_request(f"The body has to be {name} in UTF-8.", 415))
    codings = found.get(CONTENT_ENCODING)
    if codings is not None and [coding.lower() for coding in codings] != [b"identity"]:
        raise Refused(invalid_request("The body has to come without Content-Encoding.", 415))


def _is_utf8_of(given: bytes, media_type: bytes) -> bool:
    if given == media_type:
        return True
    media, *parameters = (part.strip().lower() for part in given.split(b";"))
    charsets = [p.partition(b"=")[2].strip(b'" ') for p in parameters if p.startswith(b"charset")]
    return media == media_type and all(name in (b"utf-8", b"utf8") for name in charsets)


async def read(receive: Receive, found: Fields, most_bytes: int = MAX_BODY_BYTES) -> bytes:
    """Return the body."""
    declared = found.get(CONTENT_LENGTH)
    if declared is not None and _is_longer(declared[0], most_bytes):
        raise Refused(_too_long(most_bytes))
    # The time that it may take is bounded where connections are: a timer for each would show here.
    body, is_more = b"", True
    while is_more and len(body) <= most_bytes:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(invalid_request("The connection ended before the body did."))
        # Of most requests it is all, and nothing has to be put together.
        body = body + message.get("body", b"") if body else message.get("body", b"")
        is_more = message.get("more_body", False)
    if len(body) > most_bytes:
        raise Refused(_too_long(most_bytes))
    return body


def parse(body: bytes, names: Collection[str]) -> dict[str, str]:
    """Return the parameters of these names that have a value; others are ignored.

    RFC 6749, section 3.1: a parameter without value counts as left out, and none comes twice.
    """
    found: dict[str, str] = {}
    try:
        pairs = body.decode().split("&", MAX_PARAMETERS)
        for pair in pairs:
            name, _, value = pair.partition("=")
            name = _unquoted(name)
            if name in names:
                if name in found:
                    raise Refused(invalid_request(f"The parameter {name} is given twice."))
                found[name] = _unquoted(value)
    except UnicodeDecodeError:
        raise Refused(invalid_request("The form is not UTF-8.")) from None
    if len(pairs) > MAX_PARAMETERS:
        raise Refused(invalid_request(f"The form has more than {MAX_PARAMETERS} parameters."))
    return {name: value for name, value in found.items() if value}


def _unquoted(text: str) -> str:
    """Return a name or value as it was meant; most have nothing to undo, and this is asked often.

    ``parse_qsl`` undoes all of them, which takes four times as long.
    """
    if "%" not in text and "+" not in text:
        return text
    # Callers choose the length: longer ones are not to stay in memory.
    return _remembered(text) if len(text) <= REMEMBERED else unquote_plus(text, errors="strict")


@lru_cache(maxsize=1024)
def _remembered(text: str) -> str:
    return unquote_plus(text, errors="strict")


def _is_longer(declared: bytes, most_bytes: int) -> bool:
    try:
        return int(declared) > most_bytes
    except ValueError:
        raise Refused(invalid_request("Content-Length is not a number.")) from None


def _too_long(most_bytes: int) -> Answer:
    return invalid_request(f"The body is longer than {most_bytes} bytes.", 413)
