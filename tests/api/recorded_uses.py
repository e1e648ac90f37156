"""The history of uses as tests write it and look at it."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.api_client import Api
from tests.owner import Owner, token_key

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
FIELDS = """tokenId userId date ip userAgent userAgentHumanReadable isOther useCount firstUseTime
    lastUseTime"""
DOCUMENT = f"""query(
    $o: ID!, $user: ID, $token: ID, $since: DateTime, $until: DateTime, $n: Int, $c: String
) {{
    tokenActivity(organizationId: $o, applicationUserId: $user, tokenId: $token, since: $since,
                  until: $until, first: $n, after: $c) {{
        nodes {{ {FIELDS} }} edges {{ cursor node {{ ip }} }}
        pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"""


async def record(
    owner: Owner,
    token_id: str,
    ip: str | None = "192.0.2.7",
    *,
    first: datetime = NOON,
    last: datetime | None = None,
    count: int = 1,
    is_other: bool = False,
    user_agent: str = "",
) -> None:
    """Write a row of the history."""
    row = await owner.token(token_id)
    await owner.connection.execute(
        "INSERT INTO token_use (organization_id, use_id, token_id, user_id, use_date, ip,"
        "                       user_agent, is_other, use_count, first_use_time, last_use_time)"
        " VALUES ($1, $2, $3, $4, $5, $6::text::inet, $7, $8, $9, $10, $11)",
        row["organization_id"],
        uuid4(),
        row["token_id"],
        row["user_id"],
        first.date(),
        ip,
        user_agent,
        is_other,
        count,
        first,
        last or first,
    )


async def record_many(owner: Owner, token_id: str, count: int) -> list[str]:
    """Write rows in threes that share a time; return their addresses in the order of the list."""
    for number in range(count):
        first = NOON + timedelta(minutes=number // 3)
        await record(owner, token_id, f"192.0.2.{number}", first=first, user_agent=str(number))
    rows = await owner.connection.fetch(
        "SELECT host(ip) AS ip FROM token_use WHERE organization_id = $1 AND token_id = $2"
        " ORDER BY first_use_time DESC, use_id DESC",
        *token_key(token_id),
    )
    return [row["ip"] for row in rows]


async def page(api: Api, organization_id: str, **variables: Any) -> dict[str, Any]:
    """Return a page of the history."""
    found = (await api.query(DOCUMENT, o=organization_id, **variables))["tokenActivity"]
    assert [edge["node"]["ip"] for edge in found["edges"]] == addresses(found)
    return found


async def activity(api: Api, organization_id: str, **variables: Any) -> list[dict[str, Any]]:
    """Return the rows of the first page."""
    return (await page(api, organization_id, **variables))["nodes"]


async def pages(
    api: Api, organization_id: str, first: int, **variables: Any
) -> AsyncGenerator[list[str | None]]:
    """Yield the addresses of one page after the other."""
    after: str | None = None
    for _ in range(100):
        found = await page(api, organization_id, n=first, c=after, **variables)
        assert found["pageInfo"]["hasPreviousPage"] is (after is not None)
        yield addresses(found)
        if not found["pageInfo"]["hasNextPage"]:
            return
        after = found["pageInfo"]["endCursor"]
    raise AssertionError("the pages do not end")


def addresses(found: dict[str, Any]) -> list[str | None]:
    """Return the addresses of a page in order."""
    return [node["ip"] for node in found["nodes"]]
