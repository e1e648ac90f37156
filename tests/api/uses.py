"""Using a token, and what is shown of its last use."""

from typing import Any

from tests.api.world import World
from tests.api_client import Api
from tests.credentials import WHO

USE = """query($t: ID!, $u: ID!) {
    node(id: $t) { ... on Token {
        lastUsedTime lastIp lastUserAgent lastUserAgentHumanReadable } }
    applicationUser(id: $u) { lastActivityTime } }"""
NEVER: dict[str, Any] = {
    "node": {
        "lastUsedTime": None,
        "lastIp": None,
        "lastUserAgent": None,
        "lastUserAgentHumanReadable": None,
    },
    "applicationUser": {"lastActivityTime": None},
}


async def look(world: World) -> dict[str, Any]:
    """Return what is shown of the last use."""
    return await world.organization.admin.query(USE, t=world.token_id, u=world.user_id)


async def use(api: Api, token: str, user_agent: str = "pytest") -> None:
    answer = await api.with_token(token).run(WHO, headers={"User-Agent": user_agent})
    assert answer.response.status_code == 200
