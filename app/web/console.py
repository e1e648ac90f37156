"""The console: one page, whose script draws what each address below it stands for."""

import secrets
from dataclasses import dataclass, field
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.sign_in import SignIn
from app.web import security_headers
from app.web.pages import STATIC

PATH: Final = "/console"
CONFIGURATION_PATH: Final = PATH + "/configuration.json"
_BELOW: Final = PATH + "/{path:path}"

_NONCE = b"__CSP_NONCE__"
"""What the build writes where an element needs the nonce of the answer that it came in."""

# The styles that the page makes as it runs carry the nonce; scripts come from files alone.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:;"
    " font-src 'self'; connect-src {connect}; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)

_HEADERS = {name.decode(): value.decode() for name, value in security_headers.ALWAYS} | {
    # What signs in at the provider in a window of its own hears from it over a BroadcastChannel.
    "Cross-Origin-Opener-Policy": "same-origin",
}

_SWITCHED_OFF = (
    "There is no page here: the console is switched off.\n"
    "Programs send GraphQL to /graphql by POST, with an access token.\n"
)


def routes(worker: ASGIApp, *, is_on: bool = True) -> list[BaseRoute]:
    """Return the routes of the console, where ``worker`` has one, or of a text that says so."""
    if is_on:
        paths = (PATH, CONFIGURATION_PATH, _BELOW)
        return [Route(path, worker, methods=["GET"]) for path in paths]
    return [Route(path, _switched_off, methods=["GET"]) for path in (PATH, _BELOW)]


def is_at(path: str) -> bool:
    """Tell whether a path is the console's."""
    return path == PATH or path.startswith(PATH + "/")


def _read_page() -> bytes:
    return (STATIC / "console" / "index.html").read_bytes()


@dataclass(frozen=True, slots=True)
class Console:
    """The ASGI application behind the path and all below it."""

    sign_in: SignIn | None
    """None where the console offers no identity provider."""
    _page: bytes = field(default_factory=_read_page, init=False, repr=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path == CONFIGURATION_PATH:
            answer = await self._configuration()
        elif "." in path.rpartition("/")[2]:
            # No page has a name like a file's: who asks for one is better told that there is none.
            answer = PlainTextResponse("Not found.\n", 404, _HEADERS)
        else:
            answer = await self._document()
        await answer(scope, receive, send)

    async def _document(self) -> Response:
        """Answer with the page. Its nonce is good for this answer, which nobody is to keep."""
        nonce = secrets.token_urlsafe(16)
        origins = await self.sign_in.origins() if self.sign_in else ()
        policy = _POLICY.format(nonce=nonce, connect=" ".join(("'self'", *origins)))
        return Response(
            self._page.replace(_NONCE, nonce.encode()),
            headers=_HEADERS | {"content-security-policy": policy},
            media_type="text/html",
        )

    async def _configuration(self) -> Response:
        """Answer with how people sign in: what a public client sends to everybody."""
        found = await self.sign_in.configuration() if self.sign_in else None
        return Response(
            orjson.dumps({"oidc": found}), headers=_HEADERS, media_type="application/json"
        )


async def _switched_off(_request: Request) -> Response:
    return PlainTextResponse(_SWITCHED_OFF, status_code=404, headers=_HEADERS)
