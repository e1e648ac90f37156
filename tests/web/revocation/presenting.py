"""Whoever presents tokens to be revoked: their holder, or a finder."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
import orjson

from tests.api_client import Api, Organization

STATUS = """query($id: ID!) { node(id: $id) { ... on Token {
    status revokeTime revokedBy { id } } } }"""
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True)
class Presenter:
    """Somebody without any credential but what they present."""

    client: httpx.AsyncClient

    async def give_back(self, token: str, /, **form: str) -> httpx.Response:
        """Revoke a token as its holder."""
        return await self.send("/revoke", urlencode({"token": token} | form), FORM)

    async def report(
        self, *tokens: object, headers: Sequence[tuple[str, str]] = ()
    ) -> httpx.Response:
        """Revoke tokens that were found."""
        body = orjson.dumps({"credentials": tokens})
        return await self.send("/credentials/revoke", body, JSON, *headers)

    async def send(
        self,
        path: str,
        body: str | bytes,
        content_type: str | None,
        *headers: tuple[str, str],
        method: str = "POST",
    ) -> httpx.Response:
        """Send a body as it is written."""
        sent = [*headers, *([("Content-Type", content_type)] if content_type is not None else [])]
        content = body if isinstance(body, bytes) else body.encode()
        return await self.client.request(method, path, content=content, headers=sent)


def presenter(api: Api) -> Presenter:
    """Return a presenter with the address of a caller."""
    return Presenter(api.client)


async def status(organization: Organization, token_id: str) -> tuple[str, str | None]:
    """Return a token's status and who revoked it."""
    node = (await organization.admin.query(STATUS, id=token_id))["node"]
    return node["status"], node["revokedBy"]["id"] if node["revokedBy"] else None


def assert_given_back(answer: httpx.Response) -> None:
    """Check the answer of RFC 7009, section 2.2: the same whatever was presented."""
    assert answer.status_code == 200, answer.text
    assert answer.content == b""
    assert answer.headers["content-length"] == "0"
    _assert_common(answer)


def assert_reported(answer: httpx.Response) -> None:
    """Check the answer to a list, the same whatever was in it."""
    assert answer.status_code == 200, answer.text
    assert answer.content == b"{}"
    assert answer.headers["content-type"] == "application/json"
    _assert_common(answer)


def _assert_common(answer: httpx.Response) -> None:
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"]
