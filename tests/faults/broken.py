"""What a run says of a service that is wrong on purpose: the base of positive controls."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tests.faults import controls, report
from tests.faults.checker import Rule
from tests.faults.controls import Fraud
from tests.faults.installation import Installation
from tests.faults.run import run
from tests.faults.strikes import Fault

SECONDS = 1.0
"""Without a fault; with one, a run lasts as long as that."""
CARELESS: Mapping[str, str] = MappingProxyType(
    {"synchronous_commit": "off", "wal_writer_delay": "10s"}
)
"""Commits are acknowledged before they are durable, and nothing makes them so for ten seconds."""


async def be(suspects: Installation, fraud: Fraud) -> None:
    """Let the second node of the suspects be a fraud from here on."""
    _, liar = suspects.nodes
    await liar.client.put(controls.PATH, content=fraud.name)


async def broken(
    suspects: Installation,
    fraud: Fraud,
    faults: Sequence[Fault],
    settings: Mapping[str, str] | None = None,
) -> set[Rule]:
    """Return the rules that a run with this fraud, or these settings, is found to break."""
    await be(suspects, fraud)
    tenants = await suspects.new_tenants()
    await suspects.postgres.set(settings or {})
    try:
        result = await run(suspects, tenants, 1, 0 if faults else SECONDS, faults=faults)
    finally:
        await suspects.postgres.set({})
        await be(suspects, Fraud.NONE)
    print(report.tell(result))
    return {violation.rule for violation in result.violations}
