"""What the history of uses comes to, as tests ask for it and look at it."""

from datetime import timedelta
from typing import Any

from tests.api.recorded_uses import NOON
from tests.api.world import World
from tests.api_client import Api

DOCUMENT = """query(
    $o: ID!, $user: ID, $token: ID, $since: DateTime, $until: DateTime, $n: Int
) {
    tokenActivitySummary(organizationId: $o, applicationUserId: $user, tokenId: $token,
                         since: $since, until: $until) {
        useCount isComplete days { date useCount }
        sources(first: $n) { ip userAgent userAgentHumanReadable isOther useCount firstUseTime
                             lastUseTime } } }"""
NOTHING = {"useCount": 0, "isComplete": True, "days": [], "sources": []}
DAY = timedelta(days=1)
# Of the thirty days before, without what requests of the test itself leave behind.
THEN = (NOON + DAY).isoformat()


async def summary(api: Api, organization_id: str, **variables: Any) -> dict[str, Any]:
    """Return what uses come to."""
    return (await api.query(DOCUMENT, o=organization_id, **variables))["tokenActivitySummary"]


async def of_token(world: World, **variables: Any) -> dict[str, Any]:
    """Return what the uses of the world's token come to for its administrator."""
    given = {"token": world.token_id, "until": THEN} | variables
    return await summary(world.organization.admin, world.organization.id, **given)


def days(found: dict[str, Any]) -> dict[str, int]:
    """Return the uses by day, in order."""
    return {day["date"]: day["useCount"] for day in found["days"]}


def sources(found: dict[str, Any]) -> list[tuple[str | None, str | None, int]]:
    """Return addresses, programs and their uses, in order."""
    return [(row["ip"], row["userAgent"], row["useCount"]) for row in found["sources"]]
