"""What OAuth 2.0 clients can find out about this service by themselves: RFC 8414."""

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.catalogue import Catalogue
from app.web import introspection, token_revocation

PATH = "/.well-known/oauth-authorization-server"
MAX_AGE_SECONDS = 3600


def routes(issuer: str, catalogue: Catalogue) -> list[BaseRoute]:
    """Return the route of the metadata, which are the same as long as the process lives."""
    body = orjson.dumps(metadata(issuer, catalogue))
    cached = {"Cache-Control": f"public, max-age={MAX_AGE_SECONDS}"}

    async def endpoint(_request: Request) -> Response:
        return Response(body, headers=cached, media_type="application/json")

    return [Route(PATH, endpoint)]


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
