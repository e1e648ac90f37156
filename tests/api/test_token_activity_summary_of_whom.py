"""tokenActivitySummary: whose uses are asked for, and who may know of them."""

from typing import Any

import pytest

from db import use_summaries
from tests.api.bad_values import Bad
from tests.api.managers import APP_USERS_WRITE, manager
from tests.api.operations import operations
from tests.api.peopling import person_with_token
from tests.api.recorded_uses import NOON, page, record
from tests.api.test_bad_input_queries import refuse
from tests.api.test_token_activity_of_whom import BAD, own_token
from tests.api.use_summaries import DAY, DOCUMENT, NOTHING, THEN, sources, summary
from tests.api.world import World
from tests.api_client import Organization
from tests.owner import Owner


class TestOfWhat:
    async def test_it_is_what_token_activity_lists(
        self, organization: Organization, owner: Owner, new_organization: Any
    ) -> None:
        """Of everybody: all that is asked about, with every caller."""
        other: Organization = await new_organization()
        foreign_id = await other.user()
        foreign_token, _ = await other.token(foreign_id)
        manages = await manager(organization, owner)
        person_id, person = await person_with_token(organization)
        user_id = await organization.user("ci")
        token_id, _ = await organization.token(user_id)
        used = [token_id, await own_token(manages), await own_token(person), foreign_token]
        for number, each in enumerate(used):
            await record(owner, each, f"192.0.2.{number}", count=10**number)
        counts: list[int] = []
        for caller in (organization.admin, manages):
            for user in (None, user_id, person_id, foreign_id):
                for token in (None, *used):
                    keep = {"user": user, "token": token, "until": THEN}
                    listed = (await page(caller, organization.id, **keep))["nodes"]
                    found = await summary(caller, organization.id, **keep)
                    assert found["useCount"] == sum(row["useCount"] for row in listed)
                    assert {row[0] for row in sources(found)} == {row["ip"] for row in listed}
                    assert found["isComplete"] is True
                    counts.append(found["useCount"])
        # An administrator sees the person's use, a manager does not; nobody sees the foreign one.
        assert (max(counts), counts[0], counts[len(counts) // 2]) == (111, 111, 11)

    async def test_and_the_token_that_it_asks_with(
        self, organization: Organization, owner: Owner
    ) -> None:
        person_id, person = await person_with_token(organization, "Mary")
        await owner.grant(person_id, APP_USERS_WRITE)
        await record(owner, await own_token(person))
        assert (await summary(person, organization.id, until=THEN))["useCount"] == 1

    async def test_control_without_the_rule_a_manager_sees_people(
        self, organization: Organization, owner: Owner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        manages = await manager(organization, owner)
        _, person = await person_with_token(organization)
        await record(owner, await own_token(person))
        assert await summary(manages, organization.id, until=THEN) == NOTHING
        rule = "$8::boolean OR"
        known = use_summaries.SUMMARIZE_SQL
        assert all(rule in sql for sql in known.values())
        broken = {lead: sql.replace(rule, "true OR $8 OR") for lead, sql in known.items()}
        monkeypatch.setattr(use_summaries, "SUMMARIZE_SQL", broken)
        assert (await summary(manages, organization.id, until=THEN))["useCount"] == 1

    async def test_nobody_without_the_permission(self, organization: Organization) -> None:
        token_id, full = await organization.token(await organization.user())
        answer = await organization.admin.with_token(full).run(
            DOCUMENT, {"o": organization.id, "token": token_id}
        )
        assert answer.codes == ["FORBIDDEN"]


BAD_HERE = {name: table for name, table in BAD.items() if name != "first"}
TOO_LONG = [
    Bad("before all history", "0001-01-01T00:00:00Z", "OUT_OF_RANGE", says="366"),
    Bad("367 days", (NOON - 366 * DAY).isoformat(), "OUT_OF_RANGE", says="366"),
]


def asked(world: World, argument: str) -> str:
    """Return the field with one argument taken from the variable."""
    other = "" if argument == "organizationId" else f'organizationId: "{world.organization.id}", '
    return f"tokenActivitySummary({other}{argument}: $v) {{ useCount }}"


class TestBadInput:
    @pytest.mark.parametrize(
        ("argument", "bad"),
        [
            pytest.param(argument, bad, id=f"{argument}-{bad}")
            for argument, (_, table) in BAD_HERE.items()
            for bad in table
        ],
    )
    async def test_table(self, shared_world: World, argument: str, bad: Bad) -> None:
        value, field = shared_world.fill(bad.value), asked(shared_world, argument)
        await refuse(shared_world, "$v", BAD_HERE[argument][0], field, value, argument, bad)

    @pytest.mark.parametrize("bad", TOO_LONG, ids=str)
    async def test_too_many_days(self, shared_world: World, bad: Bad) -> None:
        field = asked(shared_world, f'until: "{NOON.isoformat()}", since')
        await refuse(shared_world, "$v", "DateTime", field, bad.value, "since", bad)

    def test_every_argument_has_a_table(self) -> None:
        (field,) = [each.field for each in operations() if each.name == "tokenActivitySummary"]
        assert set(field.args) == set(BAD_HERE)
