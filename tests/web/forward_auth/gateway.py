"""A gateway as ``/verify`` sees it: a client that repeats its own client's headers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlencode

import httpx

from app.errors import REFUSED
from tests.api.grouping import grant
from tests.api_client import Organization
from tests.web.answers import assert_description

Headers: TypeAlias = Sequence[tuple[str, str]]

PERMISSION = "project:services:read"
IDENTITY = (
    "appusers-user-id",
    "appusers-organization-id",
    "appusers-token-id",
    "appusers-scope",
)


@dataclass(frozen=True)
class Gateway:
    """Somebody in front of an application who asks whether a request may pass."""

    client: httpx.AsyncClient

    async def ask(
        self,
        token: str | None,
        question: str | Mapping[str, str] = "",
        *,
        headers: Headers = (),
        method: str = "GET",
        path: str = "/verify",
    ) -> httpx.Response:
        """Send a client's token, with a question as the query: written out, or as a mapping."""
        query = question if isinstance(question, str) else urlencode(question)
        credential = [("Authorization", f"Bearer {token}")] if token is not None else []
        sent = [(name.encode(), value.encode("latin-1")) for name, value in [*credential, *headers]]
        url = httpx.URL(f"http://test{path}", query=query.encode("latin-1")) if query else path
        return await self.client.request(method, url, headers=sent)

    async def lets_through(self, token: str, question: str | Mapping[str, str]) -> bool:
        """Tell whether a request passes; the identity goes with one that does, and no other."""
        answer = await self.ask(token, question)
        assert answer.status_code in (200, 401, 403), answer.text
        assert all((name in answer.headers) is (answer.status_code == 200) for name in IDENTITY)
        return answer.status_code == 200


def assert_refused(answer: httpx.Response) -> None:
    """Check that an answer is the one that every refused credential gets."""
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert answer.json() == {"error": "invalid_token", "error_description": REFUSED}


def assert_wrong(answer: httpx.Response, text: str) -> None:
    """Check that an answer blames the question, in words that hold a text."""
    assert answer.status_code == 400, answer.text
    body = answer.json()
    assert body.keys() == {"error", "error_description"}
    assert body["error"] == "invalid_request"
    assert_description(body["error_description"], text)
    assert "www-authenticate" not in answer.headers


async def resource(organization: Organization, name: str = "project", **fields: str) -> str:
    """Create a project, or a unit, and return its id."""
    made = await organization.admin.mutate(
        "createResource",
        "resource { id }",
        **{"organizationId": organization.id, "kind": "PROJECT", "name": name} | fields,
    )
    return made["resource"]["id"]


async def holder(
    organization: Organization, resource_id: str | None = None, name: str = "ci", **fields: object
) -> str:
    """Return a token of an application user that holds PERMISSION on a resource, by default on the
    organization."""
    user_id = await organization.user(name)
    await grant(organization, user_id, PERMISSION, resource_id)
    _, full = await organization.token(user_id, **fields)
    return full
