"""How the console signs people in with the identity provider: an authorization code with PKCE."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from app.urls import safe_origin

TokenKind: TypeAlias = Literal["access_token", "id_token"]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the provider takes people and codes."""

    authorization: str
    token: str


class Published(Protocol):
    """What knows the provider: ``app.oidc_discovery``."""

    async def endpoints(self) -> Endpoints | None:
        """Return its endpoints, None where it does not say."""
        ...


@dataclass(frozen=True, slots=True)
class SignIn:
    """The console as a client of the provider. All of it is public."""

    issuer: str
    client_id: str
    scopes: str
    token: TokenKind
    """Which of the provider's answers is the credential for this service."""
    algorithms: Sequence[str]
    """How the provider may sign."""
    published: Published

    async def configuration(self) -> dict[str, object]:
        """Return what the console has to know; of a provider that is away not the endpoints."""
        endpoints = await self.published.endpoints()
        return {
            "issuer": self.issuer,
            "clientId": self.client_id,
            "scopes": self.scopes,
            "token": self.token,
            "algorithms": self.algorithms,
            "authorizationEndpoint": endpoints.authorization if endpoints else None,
            "tokenEndpoint": endpoints.token if endpoints else None,
        }

    async def origins(self) -> Sequence[str]:
        """Return where the console's requests to the provider go.

        The issuer's own is among them, where most have their endpoints: a page that was loaded
        while the provider was away can sign people in when it is back.
        """
        endpoints = await self.published.endpoints()
        found = [safe_origin(self.issuer)]
        if endpoints is not None:
            found.append(safe_origin(endpoints.token))
        return sorted(set(found))
