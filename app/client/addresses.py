"""The address of a service, and what may be sent there."""

from urllib.parse import urlsplit, urlunsplit

import httpx

from app.client.errors import ClientError, InvalidUrl

PATH = "/graphql"
LIKE = "Write it like https://tokens.example.com."
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
LOCAL_PATTERNS = ("all://127.0.0.1", "all://[::1]", "all://localhost")
"""The same hosts as httpx writes them where it chooses between proxies."""


def endpoint(url: str, *, allow_http: bool = False) -> str:
    """Return the address of a service's API, by that or by the service's own. Raises InvalidUrl."""
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise InvalidUrl(f"The address is none: {error}. {LIKE}") from None
    if parts.scheme not in ("http", "https") or not host:
        # Not repeated: a token may stand in its place.
        raise InvalidUrl(f"The address is none. {LIKE}")
    if parts.username is not None or parts.query or parts.fragment:
        raise InvalidUrl("The address has to be without user name, query and fragment.")
    if parts.scheme == "http" and host not in LOOPBACK and not allow_http:
        raise InvalidUrl(
            f"http://{host} would be sent the token unencrypted. Use https, or say that you mean"
            " it: APPUSERS_ALLOW_HTTP=true."
        )
    path = parts.path.rstrip("/")
    found = urlunsplit((parts.scheme, parts.netloc, path.removesuffix(PATH) + PATH, "", ""))
    try:
        # What is sent goes there by this. Asking for the host decodes international names.
        _ = httpx.URL(found).host
    except (httpx.InvalidURL, ValueError):
        raise InvalidUrl(f"The address is none. {LIKE}") from None
    return found


def is_allowed(text: str) -> bool:
    """Return what APPUSERS_ALLOW_HTTP says."""
    return text.strip().lower() in ("1", "true", "yes", "on")


def header(token: str) -> str:
    """Return what a token is sent as. Raises ClientError, without repeating it."""
    token = token.strip()
    if not token or not all("!" <= character <= "~" for character in token):
        raise ClientError("The token is empty, or has characters that no token has.")
    return f"Bearer {token}"
