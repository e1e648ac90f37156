"""An organization with one of everything, to point at."""

from dataclasses import dataclass
from typing import Any

from tests.api_client import Organization


@dataclass(frozen=True)
class World:
    """An organization, an application user in it, and a token of that."""

    organization: Organization
    user_id: str
    token_id: str
    full: str

    def good(self, mutation: str) -> dict[str, Any]:
        """Return input that the mutation takes."""
        return {
            "createApplicationUser": {"organizationId": self.organization.id, "name": "other"},
            "updateApplicationUser": {"applicationUserId": self.user_id, "name": "other"},
            "deleteApplicationUser": {"applicationUserId": self.user_id},
            "generateToken": {"applicationUserId": self.user_id},
            "updateToken": {"tokenId": self.token_id, "description": "other"},
            "revokeToken": {"tokenId": self.token_id},
        }[mutation]

    def fill(self, value: Any) -> Any:
        """Put a real id where a table has a stand-in for one."""
        if not isinstance(value, str) or not value.startswith("%"):
            return value
        name, _, change = value[1:].partition(":")
        real = {
            "org": self.organization.id,
            "user": self.user_id,
            "token": self.token_id,
            "full": self.full,
        }[name]
        return {
            "": real,
            "less": real[:-1],
            "more": real + "0",
            "before": " " + real,
            "behind": real + "\n",
            "capital": real.capitalize(),
        }[change]


async def make_world(organization: Organization) -> World:
    """Fill a fresh organization."""
    user_id = await organization.user("ci")
    token_id, full = await organization.token(user_id)
    return World(organization, user_id, token_id, full)
