"""tokenActivity: what it shows, in which order, and of which span of time."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.api.recorded_uses import NOON, activity, addresses, page, pages, record, record_many
from tests.api.uses import use
from tests.api.world import World
from tests.credentials import is_accepted
from tests.owner import Owner, token_key
from tests.service import Service

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


class TestShown:
    async def test_every_field(self, world: World, lazy: Service) -> None:
        caller = await lazy.caller("192.0.2.7")
        for _ in range(3):
            await use(caller, world.full, FIREFOX)
        await lazy.activity.flush()
        (found,) = await activity(
            world.organization.admin, world.organization.id, user=world.user_id
        )
        first, last = (datetime.fromisoformat(found[f"{end}UseTime"]) for end in ("first", "last"))
        assert first < last <= datetime.now(UTC)
        assert found == {
            "tokenId": world.token_id,
            "userId": world.user_id,
            "date": first.date().isoformat(),
            "ip": "192.0.2.7",
            "userAgent": FIREFOX,
            "userAgentHumanReadable": "Firefox 128.0 on Linux",
            "isOther": False,
            "useCount": 3,
            "firstUseTime": found["firstUseTime"],
            "lastUseTime": found["lastUseTime"],
        }

    async def test_the_token_and_its_user(self, world: World, owner: Owner) -> None:
        await record(owner, world.token_id)
        found = await world.organization.admin.query(
            """query($o: ID!, $t: ID!) { tokenActivity(organizationId: $o, tokenId: $t) {
                nodes { token { id tokenPrefix } user { id name isApplicationUser } } } }""",
            o=world.organization.id,
            t=world.token_id,
        )
        assert found["tokenActivity"]["nodes"] == [
            {
                "token": {"id": world.token_id, "tokenPrefix": world.full[:27]},
                "user": {"id": world.user_id, "name": "ci", "isApplicationUser": True},
            }
        ]

    async def test_each_address_and_program_by_itself(self, world: World, lazy: Service) -> None:
        for address, program in (("192.0.2.7", "a"), ("192.0.2.7", "b"), ("2001:db8::1", "b")):
            await use(await lazy.caller(address), world.full, program)
        await lazy.activity.flush()
        found = await activity(world.organization.admin, world.organization.id, user=world.user_id)
        assert [(row["ip"], row["userAgent"], row["useCount"]) for row in found] == [
            ("2001:db8::1", "b", 1),
            ("192.0.2.7", "b", 1),
            ("192.0.2.7", "a", 1),
        ]

    async def test_what_nobody_told(self, world: World, lazy: Service) -> None:
        await use(await lazy.caller("no address"), world.full, "")
        await lazy.activity.flush()
        (found,) = await activity(
            world.organization.admin, world.organization.id, user=world.user_id
        )
        assert found | {"ip": None, "userAgent": None, "userAgentHumanReadable": None} == found

    async def test_what_is_not_told_apart(self, world: World, owner: Owner) -> None:
        await record(owner, world.token_id, None, is_other=True, count=7)
        (found,) = await activity(
            world.organization.admin, world.organization.id, token=world.token_id
        )
        assert (found["isOther"], found["ip"], found["userAgent"]) == (True, None, None)
        assert found["useCount"] == 7

    @pytest.mark.parametrize("count", [2**31 - 1, 2**31, 5_000_000_000, 2**53 - 1])
    async def test_a_count_of_any_size_is_a_whole_number(
        self, world: World, owner: Owner, count: int
    ) -> None:
        await record(owner, world.token_id, count=count)
        answer = await world.organization.admin.run(
            "query($o: ID!, $t: ID) { tokenActivity(organizationId: $o, tokenId: $t) {"
            " nodes { useCount } } }",
            {"o": world.organization.id, "t": world.token_id},
        )
        assert f'"useCount":{count}}}' in answer.response.text
        # As JavaScript reads it, which has floating point numbers alone.
        read = json.loads(answer.response.text, parse_int=float)
        assert int(read["data"]["tokenActivity"]["nodes"][0]["useCount"]) == count

    async def test_not_before_it_is_written(self, world: World, lazy: Service) -> None:
        await use(await lazy.caller(), world.full)
        admin, organization_id = world.organization.admin, world.organization.id
        assert await activity(admin, organization_id, token=world.token_id) == []
        await lazy.activity.flush()
        assert len(await activity(admin, organization_id, token=world.token_id)) == 1

    async def test_no_refused_use(self, world: World, lazy: Service) -> None:
        await world.organization.admin.mutate("revokeToken", "token { id }", tokenId=world.token_id)
        assert not await is_accepted(await lazy.caller(), world.full)
        await lazy.activity.flush()
        assert (
            await activity(world.organization.admin, world.organization.id, user=world.user_id)
            == []
        )


class TestOrder:
    async def test_each_row_once_whatever_the_page(self, world: World, owner: Owner) -> None:
        whole = await record_many(owner, world.token_id, 11)
        admin, organization_id = world.organization.admin, world.organization.id
        for first in (1, 2, 4, 10, 11, 100):
            walked = [
                ip
                async for found in pages(admin, organization_id, first, token=world.token_id)
                for ip in found
            ]
            assert walked == whole

    async def test_fifty_by_default(self, world: World, owner: Owner) -> None:
        whole = await record_many(owner, world.token_id, 52)
        found = await page(
            world.organization.admin, world.organization.id, token=world.token_id, n=None
        )
        assert addresses(found) == whole[:50]
        assert found["pageInfo"]["hasNextPage"] is True

    async def test_rows_that_are_used_meanwhile_are_not_passed_over(
        self, world: World, owner: Owner
    ) -> None:
        whole = await record_many(owner, world.token_id, 9)
        walked: list[str | None] = []
        async for found in pages(
            world.organization.admin, world.organization.id, 2, token=world.token_id
        ):
            walked += found
            await owner.connection.execute(
                "UPDATE token_use SET last_use_time = now(), use_count = use_count + 1"
                " WHERE organization_id = $1 AND token_id = $2",
                *token_key(world.token_id),
            )
        assert walked == whole

    async def test_a_new_row_at_the_front_shifts_nothing(self, world: World, owner: Owner) -> None:
        whole = await record_many(owner, world.token_id, 9)
        admin, organization_id = world.organization.admin, world.organization.id
        first = await page(admin, organization_id, token=world.token_id, n=4)
        await record(owner, world.token_id, "198.51.100.1", first=NOON + timedelta(days=1))
        cursor = first["pageInfo"]["endCursor"]
        second = await page(admin, organization_id, token=world.token_id, n=4, c=cursor)
        assert addresses(second) == whole[4:8]


def at(minutes: float) -> datetime:
    """Return a time so long behind noon."""
    return NOON + timedelta(minutes=minutes)


TICK = timedelta(microseconds=1)
# A row of uses from 12:00 to 12:30: is it in the span?
SPANS = [
    (None, None, True),
    (at(0), at(30), True),
    (at(10), at(20), True),
    (at(-60), at(60), True),
    (at(30), None, True),
    (at(30) + TICK, None, False),
    (None, at(0), False),
    (None, at(0) + TICK, True),
    (at(30), at(31), True),
    (at(-1), at(0), False),
    (at(20), at(10), True),
    (at(60), at(-60), False),
    (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC), True),
    (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), None, False),
    (None, datetime(1, 1, 1, tzinfo=UTC), False),
]


class TestSpan:
    @pytest.mark.parametrize(("since", "until", "is_in"), SPANS)
    async def test_rows_that_overlap_it(
        self,
        world: World,
        owner: Owner,
        since: datetime | None,
        until: datetime | None,
        is_in: bool,
    ) -> None:
        await record(owner, world.token_id, first=at(0), last=at(30))
        found = await activity(
            world.organization.admin,
            world.organization.id,
            token=world.token_id,
            since=since and since.isoformat(),
            until=until and until.isoformat(),
        )
        assert bool(found) is is_in

    async def test_of_a_use_from_midnight_to_midnight(self, world: World, owner: Owner) -> None:
        """A row is of one day, and may be as long."""
        first = NOON.replace(hour=0)
        last = first + timedelta(days=1) - TICK
        await record(owner, world.token_id, first=first, last=last)
        admin, organization_id = world.organization.admin, world.organization.id
        for since, is_in in ((last, True), (last + TICK, False)):
            found = await activity(
                admin, organization_id, token=world.token_id, since=since.isoformat()
            )
            assert bool(found) is is_in

    async def test_pages_of_it(self, world: World, owner: Owner) -> None:
        whole = await record_many(owner, world.token_id, 15)
        walked = [
            ip
            async for found in pages(
                world.organization.admin,
                world.organization.id,
                2,
                token=world.token_id,
                since=at(1).isoformat(),
                until=at(4).isoformat(),
            )
            for ip in found
        ]
        assert walked == whole[3:12]
