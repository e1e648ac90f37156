"""Header fields that no answer lacks, whatever it answers: the lists of OWASP, as far as they fit.

A page has a Content-Security-Policy of its own, and public files are kept by caches.
"""

from typing import TypeAlias

HeaderFields: TypeAlias = tuple[tuple[bytes, bytes], ...]

ALWAYS: HeaderFields = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    # For scanners, and browsers that know no frame-ancestors.
    (b"x-frame-options", b"DENY"),
    # What CORS lets a listed origin read is not held back by it: that is for requests without CORS.
    (b"cross-origin-resource-policy", b"same-origin"),
)

FOR_PROGRAMS: HeaderFields = ALWAYS[:2]
"""Of the answers that a platform asks for at every request of its own, which no browser shows: the
other fields would cost a sixth of the requests that a worker answers."""

TLS_ONLY: HeaderFields = ((b"strict-transport-security", b"max-age=63072000"),)
"""For two years. Names below this one are somebody else's to decide."""


def of(issuer: str) -> HeaderFields:
    """Return the fields of a service that clients reach at this URL."""
    return ALWAYS + TLS_ONLY if issuer.startswith("https://") else ALWAYS


def lines(fields: HeaderFields) -> bytes:
    """Return fields as HTTP/1.1 has them."""
    return b"".join(b"%b: %b\r\n" % field for field in fields)
