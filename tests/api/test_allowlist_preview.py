"""allowlistPreview: what a list would have cut off, and that it would have."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app import ids, token_uses
from tests.api import bad_tokens, bad_values
from tests.api.bad_values import WRONG_TYPE, Bad
from tests.api.managers import manager, person_token
from tests.api.recorded_uses import NOON, activity, addresses, record, record_many
from tests.api.test_bad_input_queries import refuse
from tests.api.test_networks import CASES, Case
from tests.api.uses import use
from tests.api.world import World
from tests.api_client import Api, Organization
from tests.credentials import is_accepted
from tests.owner import Owner, organization_key
from tests.service import Service

DOCUMENT = """query($t: ID!, $list: [String!]!, $n: Int, $c: String) {
    allowlistPreview(tokenId: $t, ipAllowlist: $list) {
        useCount cutOffUseCount unknownUseCount isComplete
        cutOffUses(first: $n, after: $c) {
            nodes { ip useCount isOther } edges { cursor node { ip } }
            pageInfo { hasNextPage endCursor } } } }"""
EVERYWHERE = ["0.0.0.0/0", "::/0"]


async def preview(
    api: Api, token_id: str, allowlist: Sequence[str] = EVERYWHERE, **page: Any
) -> Any:
    """Return what the caller is shown, None where it is nothing."""
    found = await api.query(DOCUMENT, t=token_id, list=allowlist, **page)
    return found["allowlistPreview"]


async def counts(api: Api, token_id: str, *allowlist: str) -> tuple[int, int, int]:
    """Return how many uses there were, how many are cut off, and of how many nobody knows."""
    found = await preview(api, token_id, allowlist)
    return found["useCount"], found["cutOffUseCount"], found["unknownUseCount"]


# What a list makes of 1 use from 192.0.2.7, 10 from 192.0.2.8, 100 from 2001:db8::1, 1000 from an
# unknown address and 10000 from others: how many are cut off.
LISTS = [
    (["192.0.2.0/24"], 1100),
    (["192.0.2.7"], 1110),
    (["192.0.2.8/32"], 1101),
    (["192.0.2.7", "192.0.2.8"], 1100),
    (["2001:db8::/32"], 1011),
    (["2001:db8::2"], 1111),
    (["192.0.2.0/24", "2001:db8::/32"], 1000),
    (["0.0.0.0/0"], 1100),
    (["::/0"], 1011),
    (["0.0.0.0/0", "::/0"], 1000),
    (["198.51.100.0/24"], 1111),
]


class TestCounts:
    @pytest.mark.parametrize(("allowlist", "cut_off"), LISTS)
    async def test_table(
        self, world: World, owner: Owner, allowlist: list[str], cut_off: int
    ) -> None:
        for ip, count in (("192.0.2.7", 1), ("192.0.2.8", 10), ("2001:db8::1", 100), (None, 1000)):
            await record(owner, world.token_id, ip, count=count)
        await record(owner, world.token_id, None, count=10_000, is_other=True)
        found = await preview(world.organization.admin, world.token_id, allowlist)
        assert found["useCount"] == 11_111
        assert found["unknownUseCount"] == 10_000
        assert found["cutOffUseCount"] == cut_off
        shown = [row["useCount"] for row in found["cutOffUses"]["nodes"]]
        assert sum(shown) == cut_off
        assert not any(row["isOther"] for row in found["cutOffUses"]["nodes"])

    async def test_a_token_that_was_never_used(self, world: World) -> None:
        found = await preview(world.organization.admin, world.token_id)
        assert found["cutOffUses"]["nodes"] == []
        assert await counts(world.organization.admin, world.token_id, "::/0") == (0, 0, 0)

    async def test_other_tokens_of_the_user_do_not_count(self, world: World, owner: Owner) -> None:
        other_id, _ = await world.organization.token(world.user_id)
        await record(owner, other_id)
        assert await counts(world.organization.admin, world.token_id, "::/0") == (0, 0, 0)

    async def test_days_add_up_beyond_32_bits(self, world: World, owner: Owner) -> None:
        for day in range(3):
            first = NOON + timedelta(days=day)
            await record(owner, world.token_id, first=first, count=2**31)
        found = await counts(world.organization.admin, world.token_id, "::/0")
        assert found == (3 * 2**31, 3 * 2**31, 0)

    async def test_of_many_rows_the_latest_are_looked_at(
        self, world: World, owner: Owner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(token_uses, "MOST_PREVIEWED", 3)
        shown: list[tuple[bool, int, int]] = []
        for day in range(4):
            # Each lasts longer than until the next has begun.
            first = NOON + timedelta(hours=2 * day)
            last = first + timedelta(hours=9)
            await record(
                owner, world.token_id, f"192.0.2.{day}", first=first, last=last, count=10**day
            )
            found = await preview(world.organization.admin, world.token_id, ["::/0"])
            listed = sum(row["useCount"] for row in found["cutOffUses"]["nodes"])
            assert listed == found["cutOffUseCount"]
            shown.append((found["isComplete"], found["useCount"], listed))
        assert shown == [(True, 1, 1), (True, 11, 11), (False, 111, 111), (False, 1110, 1110)]

    async def test_of_a_token_that_is_over(self, world: World, owner: Owner) -> None:
        """What is to take its place is bound by what it was used from."""
        await record(owner, world.token_id)
        await world.organization.admin.mutate("revokeToken", "token { id }", tokenId=world.token_id)
        assert await counts(world.organization.admin, world.token_id, "::/0") == (1, 1, 0)

    async def test_it_changes_nothing(self, world: World, owner: Owner) -> None:
        before = await owner.snapshot(world.organization.id)
        await preview(world.organization.admin, world.token_id)
        assert await owner.snapshot(world.organization.id) == before


class TestForetells:
    @pytest.mark.parametrize("case", CASES, ids=str)
    async def test_what_a_token_with_the_list_meets(
        self, world: World, lazy: Service, case: Case
    ) -> None:
        """A use that is cut off is one that a token with this list is refused, and the reverse."""
        caller = await lazy.caller(case.address)
        await use(caller, world.full)
        await lazy.activity.flush()
        found = await counts(world.organization.admin, world.token_id, *case.allowlist)
        _, bound = await world.organization.token(world.user_id, ipAllowlist=case.allowlist)
        assert await is_accepted(caller, bound) is (found == (1, 0, 0))
        assert await is_accepted(caller, bound) is not (found == (1, 1, 0))


class TestCutOffUses:
    async def test_pages_in_the_order_of_the_history(self, world: World, owner: Owner) -> None:
        whole = await record_many(owner, world.token_id, 11)
        await record(owner, world.token_id, "198.51.100.1", first=NOON + timedelta(minutes=2))
        walked: list[str | None] = []
        after, more = None, True
        while more:
            found = await preview(
                world.organization.admin, world.token_id, ["198.51.100.0/24"], n=4, c=after
            )
            walked += addresses(found["cutOffUses"])
            after, more = (
                found["cutOffUses"]["pageInfo"][name] for name in ("endCursor", "hasNextPage")
            )
        assert walked == whole

    async def test_fifty_by_default(self, world: World, owner: Owner) -> None:
        await record_many(owner, world.token_id, 51)
        found = await preview(world.organization.admin, world.token_id, ["::/0"])
        assert len(found["cutOffUses"]["nodes"]) == 50
        assert found["cutOffUses"]["pageInfo"]["hasNextPage"] is True
        assert found["cutOffUseCount"] == 51

    async def test_how_many(self, world: World) -> None:
        for first in (0, 101, -1):
            answer = await world.organization.admin.run(
                DOCUMENT, {"t": world.token_id, "list": EVERYWHERE, "n": first}
            )
            assert answer.codes == ["BAD_REQUEST"]


class TestNull:
    async def test_of_a_token_that_is_missing_or_foreign(
        self, organization: Organization, new_organization: Any, owner: Owner
    ) -> None:
        other = await new_organization()
        foreign, _ = await other.token(await other.user())
        await record(owner, foreign)
        missing = ids.member_id("token", organization_key(organization.id), uuid4())
        for token_id in (missing, foreign):
            assert await preview(organization.admin, token_id) is None

    async def test_of_a_persons_token_but_for_an_administrator(
        self, organization: Organization, owner: Owner
    ) -> None:
        token_id = await person_token(organization, owner)
        await record(owner, token_id)
        manages = await manager(organization, owner)
        assert await preview(manages, token_id) is None
        assert await counts(organization.admin, token_id, "::/0") == (1, 1, 0)
        # The control: of what the manager may know of it is told.
        robot, _ = await organization.token(await organization.user())
        assert await counts(manages, robot, "::/0") == (0, 0, 0)


class TestRefused:
    async def test_without_the_permission(self, organization: Organization) -> None:
        token_id, full = await organization.token(await organization.user())
        robot = organization.admin.with_token(full)
        answer = await robot.run(DOCUMENT, {"t": token_id, "list": EVERYWHERE})
        assert answer.codes == ["FORBIDDEN"]

    @pytest.mark.parametrize("bad", [*bad_tokens.NETWORKS, Bad("null", None, WRONG_TYPE)], ids=str)
    async def test_lists(self, shared_world: World, bad: Bad) -> None:
        field = f"""allowlistPreview(tokenId: "{shared_world.token_id}", ipAllowlist: $v) {{
            useCount }}"""
        await refuse(shared_world, "$v", "[String!]!", field, bad.value, "ipAllowlist", bad)

    @pytest.mark.parametrize("bad", bad_values.ids("token"), ids=str)
    async def test_ids(self, shared_world: World, bad: Bad) -> None:
        field = 'allowlistPreview(tokenId: $v, ipAllowlist: ["::/0"]) { useCount }'
        value = shared_world.fill(bad.value)
        await refuse(shared_world, "$v", "ID!", field, value, "tokenId", bad)

    async def test_what_generating_refuses_is_refused_in_the_same_words(
        self, shared_world: World
    ) -> None:
        allowlist = ["192.0.2.7/24", "example.com", "::1", "::1"]
        made = await shared_world.organization.admin.mutate(
            "generateToken",
            "__typename",
            applicationUserId=shared_world.user_id,
            ipAllowlist=allowlist,
        )
        answer = await shared_world.organization.admin.run(
            DOCUMENT, {"t": shared_world.token_id, "list": allowlist}
        )
        assert len(made["fields"]) == 3
        assert answer.body["errors"][0]["extensions"]["fields"] == made["fields"]


async def test_it_is_of_the_whole_history(world: World, owner: Owner) -> None:
    """What tokenActivity lists of a token is what is counted."""
    await record_many(owner, world.token_id, 20)
    rows = await activity(
        world.organization.admin, world.organization.id, token=world.token_id, n=100
    )
    found = await counts(world.organization.admin, world.token_id, "192.0.2.0/28")
    assert found == (len(rows), 4, 0)
