"""tokenActivitySummary: what it adds up, and of which days."""

from datetime import UTC, datetime, timedelta

import pytest

from app import use_summaries
from tests.api.recorded_uses import NOON, record
from tests.api.use_summaries import DAY, DOCUMENT, NOTHING, THEN, days, of_token, sources, summary
from tests.api.uses import use
from tests.api.world import World
from tests.api_client import Api
from tests.conftest import settings_for
from tests.owner import Owner
from tests.postgres import Urls
from tests.service import Service, started
from tests.statements import statements


class TestShown:
    async def test_every_field(self, world: World, lazy: Service) -> None:
        caller = await lazy.caller("192.0.2.7")
        for _ in range(3):
            await use(caller, world.full, "python-httpx/0.28.1")
        await lazy.activity.flush()
        admin, organization_id = world.organization.admin, world.organization.id
        found = await summary(admin, organization_id, user=world.user_id)
        (source,) = found["sources"]
        first, last = (datetime.fromisoformat(source[f"{end}UseTime"]) for end in ("first", "last"))
        assert first < last <= datetime.now(UTC)
        assert found == {
            "useCount": 3,
            "isComplete": True,
            "days": [{"date": first.date().isoformat(), "useCount": 3}],
            "sources": [
                {
                    "ip": "192.0.2.7",
                    "userAgent": "python-httpx/0.28.1",
                    "userAgentHumanReadable": "python-httpx 0.28.1",
                    "isOther": False,
                    "useCount": 3,
                    "firstUseTime": source["firstUseTime"],
                    "lastUseTime": source["lastUseTime"],
                }
            ],
        }

    async def test_a_token_that_was_never_used(self, world: World) -> None:
        assert await of_token(world, until=None) == NOTHING

    async def test_days_and_sources_add_up(self, world: World, owner: Owner) -> None:
        other_id, _ = await world.organization.token(world.user_id)
        for token_id, ip, agent, day, count in (
            (world.token_id, "192.0.2.7", "a", 0, 1),
            (world.token_id, "192.0.2.7", "a", 2, 10),
            (world.token_id, "192.0.2.7", "b", 2, 100),
            (world.token_id, None, "", 2, 1000),
            (other_id, "192.0.2.7", "a", 0, 10_000),
            (other_id, "2001:db8::1", "a", 5, 100_000),
        ):
            first = NOON - day * DAY
            await record(owner, token_id, ip, first=first, user_agent=agent, count=count)
        found = await of_token(world)
        assert (found["useCount"], days(found)) == (1111, {"2026-01-29": 1110, "2026-01-31": 1})
        assert sources(found) == [
            (None, None, 1000),
            ("192.0.2.7", "b", 100),
            ("192.0.2.7", "a", 11),
        ]
        found = await of_token(world, token=None, user=world.user_id)
        assert days(found) == {"2026-01-26": 100_000, "2026-01-29": 1110, "2026-01-31": 10_001}
        assert sources(found) == [
            ("2001:db8::1", "a", 100_000),
            ("192.0.2.7", "a", 10_011),
            (None, None, 1000),
            ("192.0.2.7", "b", 100),
        ]
        assert found["useCount"] == sum(days(found).values()) == sum(s[2] for s in sources(found))

    async def test_a_source_is_from_its_first_use_to_its_latest(
        self, world: World, owner: Owner
    ) -> None:
        for day in (0, 3):
            first = NOON - day * DAY
            await record(owner, world.token_id, first=first, last=first + timedelta(hours=1))
        (source,) = (await of_token(world))["sources"]
        assert source["firstUseTime"] == "2026-01-28T12:00:00Z"
        assert source["lastUseTime"] == "2026-01-31T13:00:00Z"

    async def test_what_is_not_told_apart_is_no_unknown_address(
        self, world: World, owner: Owner
    ) -> None:
        await record(owner, world.token_id, None, count=1)
        for day in (0, 1):
            first = NOON - day * DAY
            await record(owner, world.token_id, None, first=first, is_other=True, count=5)
        found = await of_token(world)
        shown = [(row["isOther"], row["ip"], row["useCount"]) for row in found["sources"]]
        assert shown == [(True, None, 10), (False, None, 1)]

    async def test_counts_beyond_32_bits(self, world: World, owner: Owner) -> None:
        for day in range(3):
            await record(owner, world.token_id, first=NOON - day * DAY, count=2**31)
        found = await of_token(world)
        assert found["useCount"] == found["sources"][0]["useCount"] == 3 * 2**31

    async def test_it_changes_nothing(self, world: World, owner: Owner) -> None:
        before = await owner.snapshot(world.organization.id)
        await of_token(world)
        assert await owner.snapshot(world.organization.id) == before


class TestSources:
    async def test_the_latest_used_of_equals(self, world: World, owner: Owner) -> None:
        for number in range(3):
            first = NOON + timedelta(minutes=number)
            await record(owner, world.token_id, f"192.0.2.{number}", first=first)
        shown = [source[0] for source in sources(await of_token(world))]
        assert shown == ["192.0.2.2", "192.0.2.1", "192.0.2.0"]

    async def test_as_many_as_asked_beside_all_days(self, world: World, owner: Owner) -> None:
        for number in range(120):
            first = NOON - (number % 100) * DAY
            ip, count = f"192.0.2.{number}", 1000 - number
            await record(owner, world.token_id, ip, first=first, count=count)
        since = (NOON - 364 * DAY).isoformat()
        for wanted, shown in ((None, 50), (1, 1), (100, 100)):
            found = await of_token(world, since=since, n=wanted)
            assert [source[2] for source in sources(found)] == list(range(1000, 1000 - shown, -1))
            assert len(days(found)) == 100
            assert found["useCount"] == sum(range(881, 1001))

    async def test_a_whole_year_leaves_them_their_room(self, world: World, owner: Owner) -> None:
        for day in range(366):
            ip = f"10.0.{day // 256}.{day % 256}"
            await record(owner, world.token_id, ip, first=NOON + DAY - day * DAY)
        found = await of_token(world, since=(NOON - 364 * DAY).isoformat(), n=100)
        assert len(days(found)) == 366
        assert list(days(found)) == sorted(days(found))
        assert len(sources(found)) == 100

    @pytest.mark.parametrize("first", [0, 101, -1])
    async def test_how_many(self, world: World, first: int) -> None:
        answer = await world.organization.admin.run(
            DOCUMENT, {"o": world.organization.id, "n": first}
        )
        assert answer.codes == ["BAD_REQUEST"]


class TestDays:
    async def test_the_last_thirty_by_default(self, world: World, owner: Owner) -> None:
        midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        for day in (1, 28, 31, 40):
            await record(owner, world.token_id, f"192.0.2.{day}", first=midnight - day * DAY)
        found = await of_token(world, until=None)
        assert sorted(str(source[0]) for source in sources(found)) == ["192.0.2.1", "192.0.2.28"]

    async def test_are_whole(self, world: World, owner: Owner) -> None:
        midnight = NOON.replace(hour=0)
        tick = timedelta(microseconds=1)
        for number, first in enumerate((midnight - tick, midnight, midnight + DAY - tick)):
            await record(owner, world.token_id, f"192.0.2.{number}", first=first)
        inside = (NOON.isoformat(), (NOON + tick).isoformat())
        found = await of_token(world, since=inside[0], until=inside[1])
        assert days(found) == {"2026-01-31": 2}
        assert [source[0] for source in sources(found)] == ["192.0.2.2", "192.0.2.1"]

    async def test_of_no_length(self, world: World, owner: Owner) -> None:
        await record(owner, world.token_id)
        for since, until in ((NOON + DAY, NOON - DAY), (NOON + 2 * DAY, None)):
            found = await of_token(
                world, since=since.isoformat(), until=(until or NOON).isoformat()
            )
            assert found == NOTHING

    async def test_of_many_rows_the_latest_are_looked_at(
        self, world: World, owner: Owner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(use_summaries, "MOST_PREVIEWED", 3)
        shown: list[tuple[bool, int, int]] = []
        for day in range(4):
            first = NOON - (3 - day) * DAY
            await record(owner, world.token_id, first=first, count=10**day)
            found = await of_token(world)
            shown.append((found["isComplete"], found["useCount"], len(days(found))))
        assert shown == [(True, 1, 1), (True, 11, 2), (False, 111, 3), (False, 1110, 3)]


async def test_two_statements_however_many_uses(world: World, owner: Owner, urls: Urls) -> None:
    settings = settings_for(urls, database_connections=1, activity_flush_seconds=60)
    async with started(settings) as service:
        api: Api = await service.caller(token=world.organization.admin.token)
        for number in range(2):
            await record(owner, world.token_id, f"192.0.2.{number}")
            async with statements(service) as seen:
                found = await summary(api, world.organization.id, token=world.token_id, until=THEN)
            assert len(found["sources"]) == number + 1
            # The look-up of the token, the day that it is, and the uses.
            assert len(seen) == 3
