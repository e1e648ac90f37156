"""record_token_uses: what a use moves, and what it must never move."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from db import presented
from db.presented import TokenUse
from tests.db import rows
from tests.db.rows import A_TOKEN, ALICE, B_TOKEN, BARBARA, BOB, A, B, Connection

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


async def now(owner: Connection) -> datetime:
    """The time of the transaction: for the statements in it nothing passes."""
    return await owner.fetchval("SELECT now()")


def use(when: datetime, token_id: UUID = A_TOKEN, user_id: UUID = ALICE) -> TokenUse:
    return TokenUse(A, token_id, user_id, when, when, "192.0.2.1", "curl")


async def token(owner: Connection, token_id: UUID = A_TOKEN) -> dict[str, Any]:
    found = await owner.fetchrow(
        "SELECT last_used_time, host(last_ip) AS last_ip, last_user_agent, expiry_time"
        "  FROM token WHERE token_id = $1",
        token_id,
    )
    assert found is not None
    return dict(found)


async def activity(owner: Connection, user_id: UUID = ALICE) -> datetime | None:
    return await owner.fetchval(
        "SELECT last_activity_time FROM organization_user WHERE user_id = $1", user_id
    )


async def aging(owner: Connection, left: timedelta, **changes: object) -> UUID:
    """Write a token of Alice that was made for an hour and has this much of it left."""
    token_id = uuid4()
    row = rows.token(
        token_id=token_id, max_age_seconds=3600, expiry_time=await now(owner) + left, **changes
    )
    await rows.insert(owner, "token", row)
    return token_id


class TestUse:
    async def test_first(self, owner: Connection) -> None:
        when = await now(owner)
        await presented.record_token_uses(owner, [use(when)])
        assert await token(owner) == {
            "last_used_time": when,
            "last_ip": "192.0.2.1",
            "last_user_agent": "curl",
            "expiry_time": None,
        }
        assert await activity(owner) == when
        assert await activity(owner, BOB) is None

    async def test_later_one_moves_forward(self, owner: Connection) -> None:
        when = await now(owner)
        later = replace(use(when), ip="2001:db8::1", user_agent="")
        await presented.record_token_uses(owner, [use(when - SECOND)])
        await presented.record_token_uses(owner, [later])
        found = await token(owner)
        assert found["last_used_time"] == when
        assert found["last_ip"] == "2001:db8::1"
        assert found["last_user_agent"] is None

    async def test_earlier_one_moves_nothing_back(self, owner: Connection) -> None:
        when = await now(owner)
        await presented.record_token_uses(owner, [use(when)])
        before = await token(owner)
        late = replace(use(when - SECOND), ip="2001:db8::1")
        await presented.record_token_uses(owner, [late])
        assert await token(owner) == before
        assert await activity(owner) == when

    async def test_batch_of_several_tenants(self, owner: Connection) -> None:
        when = await now(owner)
        second = await aging(owner, HOUR)
        other = replace(use(when, B_TOKEN, BARBARA), organization_id=B)
        await presented.record_token_uses(owner, [use(when - SECOND), use(when, second), other])
        assert (await token(owner))["last_used_time"] == when - SECOND
        assert (await token(owner, second))["last_used_time"] == when
        assert (await token(owner, B_TOKEN))["last_used_time"] == when
        assert await activity(owner) == when
        assert await activity(owner, BARBARA) == when

    async def test_under_another_organization_moves_nothing(self, owner: Connection) -> None:
        wrong = replace(use(await now(owner)), organization_id=B)
        await presented.record_token_uses(owner, [wrong])
        assert (await token(owner))["last_used_time"] is None
        assert await activity(owner) is None

    async def test_no_use_and_unknown_tokens_are_harmless(self, owner: Connection) -> None:
        await presented.record_token_uses(owner, [])
        await presented.record_token_uses(owner, [use(await now(owner), uuid4(), uuid4())])


class TestRevoked:
    async def test_earlier_use_counts(self, owner: Connection) -> None:
        when = await now(owner)
        await owner.execute("UPDATE token SET revoke_time = now() WHERE token_id = $1", A_TOKEN)
        await presented.record_token_uses(owner, [use(when - SECOND)])
        assert (await token(owner))["last_used_time"] == when - SECOND
        assert await activity(owner) == when - SECOND

    @pytest.mark.parametrize("after", [timedelta(0), SECOND])
    async def test_later_use_does_not(self, owner: Connection, after: timedelta) -> None:
        when = await now(owner)
        await owner.execute("UPDATE token SET revoke_time = now() WHERE token_id = $1", A_TOKEN)
        await presented.record_token_uses(owner, [use(when + after)])
        assert (await token(owner))["last_used_time"] is None


class TestExtension:
    async def test_of_a_living_sliding_token(self, owner: Connection) -> None:
        when = await now(owner)
        sliding = await aging(owner, 5 * SECOND, extend_when_used=True)
        await presented.record_token_uses(owner, [use(when, sliding)])
        assert (await token(owner, sliding))["expiry_time"] == when + HOUR

    async def test_never_shortens(self, owner: Connection) -> None:
        when = await now(owner)
        sliding = await aging(owner, HOUR, extend_when_used=True)
        await presented.record_token_uses(owner, [use(when - 30 * SECOND, sliding)])
        found = await token(owner, sliding)
        assert found["expiry_time"] == when + HOUR
        assert found["last_used_time"] == when - 30 * SECOND

    async def test_not_of_a_token_that_does_not_slide(self, owner: Connection) -> None:
        when = await now(owner)
        fixed = await aging(owner, SECOND)
        await presented.record_token_uses(owner, [use(when, fixed)])
        found = await token(owner, fixed)
        assert found["expiry_time"] == when + SECOND
        assert found["last_used_time"] == when

    @pytest.mark.parametrize("left", [SECOND, timedelta(0), -SECOND])
    async def test_never_revives_an_expired_one(self, owner: Connection, left: timedelta) -> None:
        when = await now(owner)
        expired = await aging(owner, left, extend_when_used=True)
        await presented.record_token_uses(owner, [use(when - 2 * SECOND, expired)])
        found = await token(owner, expired)
        assert found["expiry_time"] == when + left
        assert found["last_used_time"] == when - 2 * SECOND

    async def test_never_revives_one_that_expired_while_it_waited(self, owner: Connection) -> None:
        """What counts is the time of the write, not when its transaction began."""
        when = await now(owner)
        brief = timedelta(milliseconds=1)
        expired = await aging(owner, brief, extend_when_used=True)
        await owner.execute("SELECT pg_sleep(0.01)")
        assert await now(owner) < when + brief
        await presented.record_token_uses(owner, [use(when, expired)])
        assert (await token(owner, expired))["expiry_time"] == when + brief

    async def test_never_of_a_revoked_one(self, owner: Connection) -> None:
        when = await now(owner)
        revoked = await aging(owner, SECOND, extend_when_used=True, revoke_time=when)
        await presented.record_token_uses(owner, [use(when - SECOND, revoked)])
        found = await token(owner, revoked)
        assert found["expiry_time"] == when + SECOND
        assert found["last_used_time"] == when - SECOND

    async def test_control_without_the_guard_it_would(self, owner: Connection) -> None:
        source = await owner.fetchval(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'record_token_uses'"
        )
        guard = "AND t.expiry_time > clock_timestamp() + interval '3 seconds'"
        assert guard in source
        await owner.execute(source.replace(guard, ""))
        when = await now(owner)
        expired = await aging(owner, -SECOND, extend_when_used=True)
        await presented.record_token_uses(owner, [use(when - 2 * SECOND, expired)])
        assert (await token(owner, expired))["expiry_time"] > when
