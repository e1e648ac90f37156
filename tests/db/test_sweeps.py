"""The sweep: whose time has come, and that none is lost."""

from datetime import timedelta
from uuid import UUID

import pytest

from app import sweeps
from db import sweeps as statements
from db.pool import Database
from tests.db import rows
from tests.db.rows import Connection
from tests.db.sweep_scene import NOW, Tenant, ago, sweep


@pytest.fixture
async def tenant(writer: Connection) -> Tenant:
    made = Tenant(writer)
    await made.make()
    return made


LONG: dict[str, object] = {
    "max_age_seconds": 315_360_000,
    "expiry_time": NOW + timedelta(days=1000),
}

# How old a token is, what else is true of it, and what becomes of it after 30 and 90 days.
TABLE: list[tuple[str, float, dict[str, object], str]] = [
    ("young", 29.9, {}, "kept"),
    ("old, never used", 30.1, {}, "deactivated"),
    ("older, never used", 90.1, {}, "deactivated"),
    ("old, used lately", 365, {"last_used_time": ago(29.9)}, "kept"),
    ("old, used long ago", 365, {"last_used_time": ago(30.1)}, "deactivated"),
    ("old, used longer ago", 365, {"last_used_time": ago(90.1)}, "deactivated"),
    ("activated again lately", 365, {"activate_time": ago(29.9)}, "kept"),
    ("activated again long ago", 365, {"activate_time": ago(30.1)}, "deactivated"),
    ("activated, then used", 365, {"activate_time": ago(99), "last_used_time": ago(1)}, "kept"),
    ("deactivated already", 60, {"deactivate_time": ago(30)}, "deactivated"),
    ("deactivated for too short", 365, {"deactivate_time": ago(59.9)}, "deactivated"),
    ("deactivated long enough", 91, {"deactivate_time": ago(60.1)}, "revoked"),
    ("bound to expire", 91, LONG | {"deactivate_time": ago(61)}, "revoked"),
    ("expired", 91, LONG | {"expiry_time": ago(1)}, "kept"),
    ("rotated, overlap over", 91, {"supersede_time": ago(2), "overlap_end_time": ago(1)}, "kept"),
]


class TestDue:
    async def test_table(self, pool: Database, tenant: Tenant) -> None:
        made = {what: await tenant.token(days, **more) for what, days, more, _ in TABLE}
        untouched = {"deactivated already", "deactivated for too short"}
        swept = set(await sweep(pool, tenant))
        assert {what: await tenant.state(token_id) for what, token_id in made.items()} == {
            what: outcome for what, _, _, outcome in TABLE
        }
        assert swept == {
            made[what]
            for what, _, _, outcome in TABLE
            if outcome != "kept" and what not in untouched
        }

    async def test_an_event_for_each(self, pool: Database, tenant: Tenant) -> None:
        old, older = await tenant.token(31), await tenant.token(91, deactivate_time=ago(61))
        await tenant.token(1)
        await sweep(pool, tenant)
        assert sorted(await tenant.events()) == [
            ("application_user:token:deactivate", old),
            ("application_user:token:revoke", older),
        ]
        deactivated = {
            "isDeactivated": {"before": False, "after": True},
            "status": {"before": "ACTIVE", "after": "DEACTIVATED"},
        }
        revoked = {"status": {"before": "DEACTIVATED", "after": "REVOKED"}}
        changes = await tenant.changes()
        assert sorted(changes, key=len) == [revoked, deactivated]

    async def test_the_first_sweep_revokes_nothing(self, pool: Database, tenant: Tenant) -> None:
        """However long a token was unused when the policy was set, it can be taken back."""
        token_id = await tenant.token(3650)
        await sweep(pool, tenant)
        assert await tenant.state(token_id) == "deactivated"
        assert await sweep(pool, tenant) == []
        await self._deactivated_for(tenant, token_id, 59.9)
        assert await sweep(pool, tenant) == []
        await self._deactivated_for(tenant, token_id, 60.1)
        assert await sweep(pool, tenant) == [token_id]
        assert await tenant.state(token_id) == "revoked"

    async def test_without_that_it_would(
        self, pool: Database, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control of the test above."""
        for name in ("LIST_UNUSED_SQL", "SWEEP_SQL"):
            sentence = getattr(statements, name)
            careless = sentence.replace("p.deactivate_unused_days IS NULL", "true")
            assert careless != sentence
            monkeypatch.setattr(statements, name, careless)
        token_id = await tenant.token(3650)
        await sweep(pool, tenant)
        assert await tenant.state(token_id) == "revoked"

    async def _deactivated_for(self, tenant: Tenant, token_id: UUID, days: float) -> None:
        await tenant.writer.execute(
            "UPDATE token SET deactivate_time = $3 WHERE organization_id = $1 AND token_id = $2",
            tenant.id,
            token_id,
            ago(days),
        )

    async def test_a_second_sweep_finds_nothing(self, pool: Database, tenant: Tenant) -> None:
        for deactivate_time in (None, ago(61)):
            await tenant.token(91, deactivate_time=deactivate_time)
        assert len(await sweep(pool, tenant)) == 2
        assert await sweep(pool, tenant) == []
        assert len(await tenant.events()) == 2

    @pytest.mark.parametrize(
        ("deactivate", "revoke", "expected"),
        [
            (None, None, ["kept", "kept"]),
            (30, None, ["deactivated", "deactivated"]),
            (None, 90, ["kept", "revoked"]),
            (3650, None, ["kept", "kept"]),
        ],
    )
    async def test_policies(
        self,
        pool: Database,
        writer: Connection,
        deactivate: int | None,
        revoke: int | None,
        expected: list[str],
    ) -> None:
        tenant = Tenant(writer)
        await tenant.make(deactivate, revoke)
        made = [await tenant.token(31), await tenant.token(91)]
        await sweep(pool, tenant)
        assert [await tenant.state(token_id) for token_id in made] == expected

    async def test_without_policy_nothing_is_touched(
        self, pool: Database, writer: Connection, tenant: Tenant
    ) -> None:
        token_id = await tenant.token(999)
        await writer.execute(
            "DELETE FROM organization_policy WHERE organization_id = $1", tenant.id
        )
        assert await sweep(pool, tenant) == []
        assert await tenant.state(token_id) == "kept"

    async def test_people_and_their_tokens_are_left_alone(
        self, pool: Database, writer: Connection, tenant: Tenant
    ) -> None:
        person = rows.person(organization_id=tenant.id)
        await rows.insert(writer, "organization_user", person)
        token_id = await tenant.token(999, user_id=person["user_id"])
        assert await sweep(pool, tenant) == []
        assert await tenant.state(token_id) == "kept"

    async def test_tokens_of_a_deactivated_user_go_on_ageing(
        self, pool: Database, writer: Connection, tenant: Tenant
    ) -> None:
        token_id = await tenant.token(31)
        await writer.execute(
            "UPDATE organization_user SET state = 'DEACTIVATED' WHERE organization_id = $1",
            tenant.id,
        )
        await sweep(pool, tenant)
        assert await tenant.state(token_id) == "deactivated"
        assert await tenant.changes() == [{"isDeactivated": {"before": False, "after": True}}]

    async def test_another_organization_is_not_touched(
        self, pool: Database, writer: Connection, tenant: Tenant
    ) -> None:
        other = Tenant(writer)
        await other.make()
        token_id = await other.token(999)
        await tenant.token(999)
        assert len(await sweep(pool, tenant)) == 1
        assert await other.state(token_id) == "kept"


class TestBatches:
    async def test_many_batches_lose_none(
        self, pool: Database, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sweeps, "BATCH", 3)
        made = [await tenant.token(31 + number) for number in range(10)]
        listed = [len(batch) async for batch in sweeps.list_unused(pool, tenant.id)]
        assert listed == [3, 3, 3, 1]
        assert sorted(await sweep(pool, tenant)) == sorted(made)

    async def test_many_windows_lose_none(
        self, pool: Database, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sweeps, "BATCH", 3)
        monkeypatch.setattr(sweeps, "WINDOW", 2)
        made = [await tenant.token(1 if number % 3 else 31) for number in range(20)]
        assert sorted(await sweep(pool, tenant)) == sorted(made[::3])

    async def test_a_look_changes_nothing(self, pool: Database, tenant: Tenant) -> None:
        token_id = await tenant.token(31)
        (batch,) = [batch async for batch in sweeps.list_unused(pool, tenant.id)]
        assert [token.token_id for token in batch] == [token_id]
        assert await tenant.state(token_id) == "kept"
        assert await tenant.events() == []


class TestSweeper:
    async def test_sweeps_every_organization(
        self, pool: Database, writer: Connection, tenant: Tenant
    ) -> None:
        other = Tenant(writer)
        await other.make()
        made = [(one, await one.token(31)) for one in (tenant, other)]
        await sweeps.Sweeper(pool).run()
        assert [await one.state(token_id) for one, token_id in made] == ["deactivated"] * 2
