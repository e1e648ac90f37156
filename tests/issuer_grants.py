"""How a person signs in at the identity provider of tests: authorization code with PKCE, S256."""

import base64
import hashlib
import html
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

NEEDED = ("response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge")
CORS = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}


class Sign(Protocol):
    """Signs a JWT for a person."""

    def __call__(self, subject: str, **claims: object) -> str: ...


@dataclass(frozen=True)
class Code:
    """What was granted, and to whom it may be handed."""

    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str | None
    scope: str
    person: str


@dataclass
class Grants:
    """The provider's people, clients and codes."""

    people: Sequence[str] = ()
    clients: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    lifetime_seconds: int = 60
    wants_secrets: bool = False
    """No client is taken without a secret, as ours are."""
    shows_refusals: bool = True
    """Pages may read that a client is refused."""
    codes: dict[str, Code] = field(default_factory=dict[str, Code])

    def routes(self, url: str, sign: Sign) -> list[Route]:
        """Return the endpoints of the provider at this URL."""

        async def authorize(request: Request) -> Response:
            return self._authorize(url, request.query_params)

        async def token(request: Request) -> Response:
            form = await request.form()
            values = {name: value for name, value in form.items() if isinstance(value, str)}
            return self._exchange(values, sign)

        return [Route("/authorize", authorize), Route("/token", token, methods=["POST"])]

    def _authorize(self, url: str, query: QueryParams) -> Response:
        """Ask who it is, unless ``login_hint`` says so, and send the browser back with a code."""
        client_id, redirect_uri = query.get("client_id", ""), query.get("redirect_uri", "")
        if redirect_uri not in self.clients.get(client_id, ()):
            return HTMLResponse("This client or redirect URI is not known.", 400)

        def back(**values: str) -> Response:
            answer = values | {"state": query.get("state", ""), "iss": url}
            return RedirectResponse(f"{redirect_uri}?{urlencode(answer)}", 303)

        if [name for name in NEEDED if not query.get(name)] or query["response_type"] != "code":
            return back(error="invalid_request")
        if query.get("code_challenge_method") != "S256":
            return back(error="invalid_request", error_description="PKCE with S256 is required")
        if "openid" not in query["scope"].split():
            return back(error="invalid_scope")
        if "decline" in query:
            return back(error="access_denied")
        person = query.get("login_hint", "")
        if person not in self.people:
            return HTMLResponse(self._page(query))
        code = secrets.token_urlsafe(24)
        self.codes[code] = Code(
            client_id,
            redirect_uri,
            query["code_challenge"],
            query.get("nonce"),
            query["scope"],
            person,
        )
        return back(code=code)

    def _page(self, query: QueryParams) -> str:
        """Return a form that asks again, with somebody's name."""
        kept = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in query.multi_items()
            if name != "login_hint"
        )
        buttons = "".join(
            f'<button name="login_hint" value="{name}">{name}</button>'
            for name in map(html.escape, self.people)
        )
        return (
            '<!doctype html><html lang="en"><title>Identity provider</title><h1>Who are you?</h1>'
            f'<form action="/authorize">{kept}{buttons}<button name="decline" value="1">Nobody'
            "</button></form></html>"
        )

    def _exchange(self, form: dict[str, str], sign: Sign) -> Response:
        """Take a code, once, and answer with an ID token and an access token."""
        code = self.codes.pop(form.get("code", ""), None)
        if form.get("grant_type") != "authorization_code":
            return JSONResponse({"error": "unsupported_grant_type"}, 400, CORS)
        if form.get("client_id") not in self.clients or self.wants_secrets:
            shown = CORS if self.shows_refusals else None
            return JSONResponse({"error": "invalid_client"}, 401, shown)
        if (
            code is None
            or code.client_id != form["client_id"]
            or code.redirect_uri != form.get("redirect_uri")
            or code.challenge != challenge(form.get("code_verifier", ""))
        ):
            return JSONResponse({"error": "invalid_grant"}, 400, CORS)
        now = int(time.time())
        times = {"iat": now, "exp": now + self.lifetime_seconds}
        nonce = {"nonce": code.nonce} if code.nonce else {}
        answer = {
            "token_type": "Bearer",
            "expires_in": self.lifetime_seconds,
            "scope": code.scope,
            "access_token": sign(code.person, client_id=code.client_id, **times),
            "id_token": sign(code.person, aud=code.client_id, **nonce, **times),
        }
        return JSONResponse(answer, headers=CORS)


def challenge(verifier: str) -> str:
    """Return what a verifier is announced by: RFC 7636, section 4.2."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
