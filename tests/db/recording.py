"""Uses to record, and what the history then says of them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

from db import presented
from db.presented import TokenUse
from tests.db.rows import A_TOKEN, ALICE, A, Connection

NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)
TODAY = NOON.date()
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
Key: TypeAlias = tuple[str | None, str]
"""Address and program; OTHER is the row of what is not told apart."""
OTHER: Key = ("other", "")


def address(number: int) -> str:
    return f"192.0.2.{number}"


def use(number: int | None = 1, when: datetime = NOON, **changes: Any) -> TokenUse:
    """A use of Alice's token, from the address with a number or from an unknown one."""
    values: dict[str, Any] = {
        "organization_id": A,
        "token_id": A_TOKEN,
        "user_id": ALICE,
        "first_use_time": when,
        "last_use_time": when,
        "ip": None if number is None else address(number),
        "user_agent": "curl",
        "is_news": False,
    }
    return TokenUse(**values | changes)


async def record(connection: Connection, *uses: TokenUse) -> None:
    await presented.record_token_uses(connection, uses)


async def counts(connection: Connection, day: date = TODAY) -> dict[Key, int]:
    """How many uses the rows of a day have."""
    found = await connection.fetch(
        "SELECT CASE WHEN is_other THEN 'other' ELSE host(ip) END AS ip, user_agent, use_count"
        "  FROM token_use WHERE token_id = $1 AND use_date = $2",
        A_TOKEN,
        day,
    )
    assert len({(row["ip"], row["user_agent"]) for row in found}) == len(found)
    return {(row["ip"], row["user_agent"]): row["use_count"] for row in found}


async def times(connection: Connection) -> tuple[datetime, datetime]:
    """The times of the only row."""
    (row,) = await connection.fetch("SELECT first_use_time, last_use_time FROM token_use")
    return row["first_use_time"], row["last_use_time"]


def key(number: int, agent: str = "curl") -> Key:
    return address(number), agent
