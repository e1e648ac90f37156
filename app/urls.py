"""Shapes of the URLs that an operator sets."""

import re
from urllib.parse import urlsplit

from db import hosts

_HERE = ("127.0.0.1", "localhost")
_HOST_AND_PORT = re.compile(r"[0-9A-Za-z._-]+(:[0-9]{1,5})?")
"""What a policy for browsers can name. Nothing in it ends a directive or stands for many hosts."""


def http_address(host: str, port: int) -> str:
    """Return the URL of a host, or of an IPv4 or IPv6 address, without a path."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def check_origin(text: str, example: str) -> None:
    """Raise ValueError for a text that is not scheme, host and port alone."""
    parts = urlsplit(text)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or "@" in parts.netloc
        or text != f"{parts.scheme}://{parts.netloc}"
    ):
        # Without what may be a password.
        raise ValueError(f"{text.rpartition('@')[2]} is no origin such as {example}")


def check_issuer(text: str) -> None:
    """Raise ValueError for a text that is no issuer: OpenID Connect Discovery 1.0, section 3."""
    safe_origin(text)
    if "?" in text or "#" in text:
        raise ValueError("an issuer has no query and no fragment")


def safe_origin(url: str) -> str:
    """Return the origin of a URL, which has to be https or on this very machine.

    Raises ValueError for any other, and for one that a policy for browsers cannot name.
    """
    # JSON can spell half a character, which no answer could pass on.
    url.encode()
    parts = urlsplit(url)
    if not _HOST_AND_PORT.fullmatch(parts.netloc) or not (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    ):
        raise ValueError("this is not an https:// address")
    return f"{parts.scheme}://{parts.netloc}"


def check_database_url(url: str) -> None:
    """Raise ValueError, without the URL in its text, where the driver would show parts of it."""
    try:
        sound = (
            urlsplit(url).scheme in ("postgresql", "postgres")
            and "#" not in url
            and bool(hosts.addresses(url))
        )
    except ValueError:
        sound = False
    if not sound:
        raise ValueError(
            "this is not a URL such as postgresql://user:password@host:5432/database; in a password"
            " write / # ? [ ] @ : and % as %2F %23 %3F %5B %5D %40 %3A and %25"
        )
