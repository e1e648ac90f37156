"""A client of the identity provider of tests, by hand, as a page's script would be one."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.issuer_grants import challenge

VERIFIER = "a-verifier-of-43-characters-or-more-as-in-RFC-7636"


@dataclass(frozen=True)
class Obtained:
    """A code, as a client gets it, and what it was asked for with."""

    client_id: str
    redirect_uri: str
    answer: dict[str, str]


async def code_for(endpoint: str, client_id: str, back: str, person: str, **more: str) -> Obtained:
    """Have a person sign in, as a browser would, and return what is sent back."""
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": back,
        "scope": "openid",
        "state": "some-state",
        "nonce": "some-nonce",
        "code_challenge": challenge(VERIFIER),
        "code_challenge_method": "S256",
        "login_hint": person,
    }
    async with httpx.AsyncClient() as browser:
        answer = await browser.get(endpoint, params=asked | more)
    assert answer.status_code == 303, answer.text
    location = answer.headers["location"]
    assert location.startswith(f"{back}?")
    return Obtained(client_id, back, dict(parse_qsl(urlsplit(location).query)))


async def exchange(endpoint: str, obtained: Obtained, **changes: str) -> httpx.Response:
    """Send a code to the provider."""
    form = {
        "grant_type": "authorization_code",
        "client_id": obtained.client_id,
        "redirect_uri": obtained.redirect_uri,
        "code": obtained.answer["code"],
        "code_verifier": VERIFIER,
    }
    async with httpx.AsyncClient() as client:
        return await client.post(endpoint, data=form | changes)
