"""A resource server as ``/introspect`` sees it."""

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import httpx

from app.access import TOKENS_VERIFY
from tests.api.grouping import grant
from tests.api_client import Organization
from tests.service import HERE, Service

FORM = ("Content-Type", "application/x-www-form-urlencoded")


@dataclass(frozen=True)
class ResourceServer:
    """Somebody who asks what a token is that a client has shown."""

    client: httpx.AsyncClient
    token: str | None = field(default=None, repr=False)
    """The asker's own."""

    def with_token(self, token: str | None) -> "ResourceServer":
        """Return another asker at the same address."""
        return replace(self, token=token)

    async def ask(self, token: str, /, **form: str) -> httpx.Response:
        """Ask about a token as one does."""
        return await self.send(urlencode({"token": token} | form))

    async def send(
        self,
        body: str | bytes,
        *headers: tuple[str, str],
        content_type: tuple[str, str] | None = FORM,
        method: str = "POST",
        url: str = "/introspect",
    ) -> httpx.Response:
        """Send a body as it is written, with the asker's own token."""
        own = [("Authorization", f"Bearer {self.token}")] if self.token is not None else []
        sent = [*own, *([content_type] if content_type else []), *headers]
        content = body if isinstance(body, bytes) else body.encode()
        return await self.client.request(method, url, content=content, headers=sent)

    async def active(self, token: str, /, **form: str) -> dict[str, Any]:
        """Return what is told of a token that has to be active."""
        answer = await self.ask(token, **form)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert told["active"] is True
        return told

    async def is_active(self, token: str, /, **form: str) -> bool:
        """Tell whether a token is; an inactive one is told in the same bytes as every other."""
        answer = await self.ask(token, **form)
        assert answer.status_code == 200, answer.text
        if answer.json()["active"] is True:
            return True
        assert answer.content == b'{"active":false}'
        return False


async def verifier_token(organization: Organization, name: str = "gateway", **fields: Any) -> str:
    """Return a token of an application user that may verify tokens, and nothing else."""
    user_id = await organization.user(name)
    _, full = await organization.token(user_id, **fields)
    await grant(organization, user_id, TOKENS_VERIFY)
    return full


async def asker(
    service: Service, organization: Organization, address: str = HERE
) -> ResourceServer:
    """Return a resource server of an organization, at an address."""
    client = (await service.caller(address)).client
    return ResourceServer(client, await verifier_token(organization))
