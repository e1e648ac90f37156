"""Positive controls: a service that breaks a promise on purpose is caught by the same run."""

from collections.abc import AsyncIterator, Mapping, Sequence

import pytest

from tests.faults import controls, installation, report
from tests.faults.checker import Rule
from tests.faults.conftest import Home
from tests.faults.controls import Fraud
from tests.faults.installation import Installation
from tests.faults.nemesis import Fault
from tests.faults.nodes import SERVE
from tests.faults.run import run

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


class TestNotCaught:
    async def test_the_same_node_where_it_is_honest(self, suspects: Installation) -> None:
        assert await broken(suspects, Fraud.NONE, [Fault.POSTGRES_KILLED]) == set()
