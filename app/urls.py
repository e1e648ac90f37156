"""Shapes of the URLs that an operator sets."""

from urllib.parse import urlsplit

from db import hosts


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
