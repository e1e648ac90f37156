"""Positive controls of what is no promise's own: uses of tokens, and a node without any fraud.

Those of promises are in `tests.promises`.
"""

import time

import pytest

from tests.api_client import Api
from tests.faults import calls
from tests.faults.broken import be, broken
from tests.faults.checker import UNWRITTEN_SECONDS, Rule, uncounted
from tests.faults.controls import Fraud
from tests.faults.fixtures import LEFT_BEHIND
from tests.faults.history import History, Kind, Outcome, Recorder
from tests.faults.installation import Installation
from tests.faults.nodes import Node
from tests.faults.strikes import Fault

pytestmark = LEFT_BEHIND


class TestCaught:
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
        await be(suspects, Fraud.FORGETS_USES)
        assert await self.missing(suspects, liar) == [Rule.USES_ARE_COUNTED]


class TestNotCaught:
    async def test_a_node_that_is_killed(self, suspects: Installation) -> None:
        """It loses no more uses than it had no time to write."""
        assert await broken(suspects, Fraud.NONE, [Fault.NODE_KILLED]) == set()

    async def test_the_same_node_where_it_is_honest(self, suspects: Installation) -> None:
        assert await broken(suspects, Fraud.NONE, [Fault.POSTGRES_KILLED]) == set()
