"""Positive controls: a service that breaks a promise on purpose is caught by the same run."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence

import pytest

from tests.api_client import Api
from tests.faults import calls, controls, installation, report
from tests.faults.checker import UNWRITTEN_SECONDS, Rule, uncounted
from tests.faults.conftest import Home
from tests.faults.controls import Fraud
from tests.faults.history import History, Kind, Outcome, Recorder
from tests.faults.installation import Installation
from tests.faults.nodes import SERVE, Node
from tests.faults.run import run
from tests.faults.strikes import Fault

SECONDS = 1.0
"""Without a fault; with one, a run lasts as long as that."""
# Commits are acknowledged before they are durable, and nothing makes them so for ten seconds.
CARELESS = {"synchronous_commit": "off", "wal_writer_delay": "10s"}


@pytest.fixture(scope="module")
async def suspects(home: Home) -> AsyncIterator[Installation]:
    """An honest node and one that does as it is told."""
    async with installation.installed(
        home.postgres, home.folder / "suspects", workers=(1, 1), commands=(SERVE, controls.COMMAND)
    ) as made:
        yield made


async def broken(
    place: Installation,
    fraud: Fraud,
    faults: Sequence[Fault],
    settings: Mapping[str, str] | None = None,
) -> set[Rule]:
    """Return the rules that a run with this fraud, or these settings, is found to break."""
    _, liar = place.nodes
    await liar.client.put(controls.PATH, content=fraud.name)
    tenants = await place.new_tenants()
    await place.postgres.set(settings or {})
    try:
        result = await run(place, tenants, 1, 0 if faults else SECONDS, faults=faults)
    finally:
        await place.postgres.set({})
    print(report.tell(result))
    return {violation.rule for violation in result.violations}


class TestCaught:
    async def test_a_cache_of_one_second(self, suspects: Installation) -> None:
        assert Rule.REVOKED_IS_REFUSED in await broken(suspects, Fraud.CACHES, [])

    async def test_idempotency_keys_that_are_ignored(self, suspects: Installation) -> None:
        assert await broken(suspects, Fraud.FORGETS_KEYS, []) == {Rule.ONE_SECRET}

    @pytest.mark.parametrize(
        ("fraud", "rule"),
        [
            (Fraud.FORGETS_USES, Rule.USES_ARE_COUNTED),
            (Fraud.REPEATS_USES, Rule.USES_ARE_COUNTED_ONCE),
        ],
    )
    async def test_a_history_of_uses_that_is_wrong(
        self, suspects: Installation, fraud: Fraud, rule: Rule
    ) -> None:
        assert await broken(suspects, fraud, []) == {rule}

    @pytest.mark.parametrize(
        ("fraud", "rule"),
        [
            (Fraud.GUESSES, Rule.ACKNOWLEDGED_SURVIVES),
            (Fraud.FAILS, Rule.ANSWER_IS_ALLOWED),
            (Fraud.WAITS, Rule.IN_TIME),
        ],
    )
    async def test_a_wrong_answer_without_the_database(
        self, suspects: Installation, fraud: Fraud, rule: Rule
    ) -> None:
        assert rule in await broken(suspects, fraud, [Fault.POSTGRES_KILLED])

    async def test_commits_that_a_crash_takes_back(self, suspects: Installation) -> None:
        found = await broken(suspects, Fraud.NONE, [Fault.POSTGRES_KILLED], CARELESS)
        assert found & {Rule.REVOKED_IS_REFUSED, Rule.ACKNOWLEDGED_SURVIVES}


class TestKilled:
    """A node that is killed loses the uses of its last interval, and no more."""

    async def missing(self, place: Installation, node: Node) -> list[Rule]:
        """Return what is missing on record of uses at a node that was killed meanwhile."""
        (tenant,) = await place.new_tenants(1)
        admin = Api(node.client, tenant.admin)
        user = (await calls.create_user(admin, tenant.public_id, "user")).user
        assert user is not None
        made = await calls.generate(admin, user, "key")
        assert made.secret is not None
        assert made.token is not None
        recorder = Recorder()
        end = time.monotonic() + 2 * UNWRITTEN_SECONDS
        while time.monotonic() < end:
            call = calls.forward(node.client, made.secret, made.token, tenant.public_id)
            await recorder.run(1, Kind.FORWARD, node.name, call, token=made.token)
        await node.kill()
        uses = await place.uses([tenant])
        history = History(recorder.operations, node.absences[-1:], uses=uses)
        assert {each.outcome for each in history.operations} == {Outcome.ACTIVE}
        return [violation.rule for violation in uncounted(history)]

    async def test_while_it_writes(self, suspects: Installation) -> None:
        honest, _ = suspects.nodes
        assert await self.missing(suspects, honest) == []

    async def test_control_that_never_writes(self, suspects: Installation) -> None:
        _, liar = suspects.nodes
        await liar.client.put(controls.PATH, content=Fraud.FORGETS_USES.name)
        assert await self.missing(suspects, liar) == [Rule.USES_ARE_COUNTED]


class TestNotCaught:
    async def test_a_node_that_is_killed(self, suspects: Installation) -> None:
        """It loses no more uses than it had no time to write."""
        assert await broken(suspects, Fraud.NONE, [Fault.NODE_KILLED]) == set()

    async def test_the_same_node_where_it_is_honest(self, suspects: Installation) -> None:
        assert await broken(suspects, Fraud.NONE, [Fault.POSTGRES_KILLED]) == set()
