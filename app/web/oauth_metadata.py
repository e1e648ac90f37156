"""What OAuth 2.0 clients can find out about this service by themselves: RFC 8414."""

from dataclasses import dataclass

import orjson
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from app.catalogue import Catalogue
from app.web import introspection, oauth_errors, raw, token_revocation
from app.web.raw import Answer

PATH = "/.well-known/oauth-authorization-server"
MAX_AGE_SECONDS = 3600

_CACHED = ((b"Cache-Control", b"public, max-age=%d" % MAX_AGE_SECONDS),)
_METHOD_NOT_ALLOWED = oauth_errors.method_not_allowed("GET", "HEAD")


def routes(issuer: str, catalogue: Catalogue) -> list[BaseRoute]:
    """Return the route of the metadata, which are the same as long as the process lives."""
    return [Route(PATH, _Metadata(orjson.dumps(metadata(issuer, catalogue))))]


@dataclass(frozen=True, slots=True)
class _Metadata:
    """The ASGI application behind the path.

    What it tells is nobody's secret, and unlike every other answer caches may keep it for an hour.
    """

    body: bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in ("GET", "HEAD"):
            answer = Answer(200, self.body, _CACHED)
        else:
            answer = _METHOD_NOT_ALLOWED
        await raw.response(answer)(scope, receive, send)


def metadata(issuer: str, catalogue: Catalogue) -> dict[str, object]:
    """Return the members of RFC 8414, section 2, that say something of this service."""
    return {
        "issuer": issuer,
        "introspection_endpoint": issuer + introspection.PATH,
        # A type of access token, where others name a way that clients authenticate.
        "introspection_endpoint_auth_methods_supported": ["Bearer"],
        "revocation_endpoint": issuer + token_revocation.PATH,
        "revocation_endpoint_auth_methods_supported": ["none"],
        "scopes_supported": list(catalogue.scopes),
        # Tokens are generated over GraphQL. Section 3.2 has empty lists left out; of these the
        # first is required, and without the second clients would assume a code grant.
        "response_types_supported": [],
        "grant_types_supported": [],
    }
