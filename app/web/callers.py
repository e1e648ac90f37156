"""Who asks over plain HTTP: the credential, the address and the program of a request."""

from collections.abc import Sequence

from starlette.types import Scope

from app import addresses
from app.addresses import Address
from app.authentication import MalformedCredential, bearer
from app.bounds import Network
from app.web import oauth_errors, raw
from app.web.oauth_errors import Refused
from app.web.raw import Fields

AUTHORIZATION = b"authorization"
_FORWARDED_FOR = b"x-forwarded-for"
_USER_AGENT = b"user-agent"
HEADERS = frozenset({AUTHORIZATION, _FORWARDED_FOR, _USER_AGENT})
"""Header fields that the functions here look at."""


def credential(found: Fields) -> str:
    """Return the access token of a request. Raises Refused.

    Another scheme, like Basic, is no credential (RFC 6750, section 3): who comes without one is to
    be told which to get, and nginx makes an error of its own of every other status than 401.
    """
    values = raw.texts(found, AUTHORIZATION)
    if len(values) > 1:
        raise Refused(oauth_errors.TWO_CREDENTIALS)
    try:
        text = bearer(values)
    except MalformedCredential:
        text = None
    if text is None:
        raise Refused(oauth_errors.NO_CREDENTIAL)
    return text


def address(scope: Scope, found: Fields, trusted_proxies: Sequence[Network]) -> Address | None:
    """Return the nearest address that is no trusted proxy, None where it cannot be known."""
    peer = scope["client"]
    return addresses.of_client(
        peer[0] if peer else None, raw.texts(found, _FORWARDED_FOR), trusted_proxies
    )


def user_agent(found: Fields) -> str | None:
    """Return the program that asks, as it calls itself."""
    return raw.first_text(found, _USER_AGENT)
