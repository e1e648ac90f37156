"""The hot path: a token verified for every request that an integration makes anywhere."""

import random
import re
import statistics
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import TypeAlias

from tests.bench import harness, installation, verification_data
from tests.bench.harness import Plan, Row, Target, say
from tests.bench.installation import Machine
from tests.bench.verification_data import Loaded
from tests.bench.verification_load import Load, Traffic

FEW = 10_000
MANY = 10_000_000
MANY_IN_A_HURRY = 1_000_000
CONNECTIONS = 32
WARM_SECONDS = 3.0

REFERENCE = [sys.executable, "-m", "tests.bench.verification_reference"]
REFERENCE_NAME = "request.form() and JSONResponse of Starlette"
AGENT = "Terraform%2F1.9.5+provider%2F4.31"
ACTIVE = re.compile(rb'\r\n\r\n\{"active":true')
LET_THROUGH = re.compile(rb"\r\nappusers-user-id: user_", re.IGNORECASE)

Pairs: TypeAlias = Sequence[tuple[Load, Load]]


async def measure(machine: Machine, plan: Plan) -> list[Row]:
    """Verify tokens of a small and of a large database, in turn with what there is to compare."""
    few = await verification_data.load(machine, FEW)
    rows = await _against_reference(machine, plan, few)
    many = await verification_data.load(machine, MANY_IN_A_HURRY if plan.is_quick else MANY)
    return rows + await _growth(machine, plan, few, many)


async def _against_reference(machine: Machine, plan: Plan, loaded: Loaded) -> list[Row]:
    async with installation.service(machine.core, loaded.tenant.urls) as service:
        with installation.listening(machine.core, REFERENCE, {}) as other:
            introspect = introspecting(service, loaded)
            verify = verifying(service, loaded)
            reference = Traffic(other, introspect.requests, ACTIVE, None)
            introspected = await _in_turn(plan, introspect, reference)
            verified = await _in_turn(plan, verify, reference)
    return [
        *_compare("POST /introspect", introspected),
        _tail(introspected),
        *_compare("GET /verify", verified),
    ]


async def _growth(machine: Machine, plan: Plan, few: Loaded, many: Loaded) -> list[Row]:
    async with AsyncExitStack() as stack:
        services = [
            await stack.enter_async_context(installation.service(machine.core, loaded.tenant.urls))
            for loaded in (many, few)
        ]
        traffic = [
            introspecting(service, loaded)
            for service, loaded in zip(services, (many, few), strict=True)
        ]
        pairs = await _in_turn(plan, *traffic)
    say(f"verification: growth: {harness.rates(pairs)}")
    return [
        Row(
            f"POST /introspect of {many.count:,} tokens, CPU of worker and PostgreSQL",
            harness.spread([large.all_micros / small.all_micros for large, small in pairs]),
            f"of {few.count:,}",
            cpu(pairs),
        )
    ]


def introspecting(service: Target, loaded: Loaded) -> Traffic:
    """Ask about each token, with the address and the program that it was used from."""
    requests: list[bytes] = []
    for number, token in enumerate(_shuffled(loaded)):
        form = f"token={token}&client_ip=192.0.2.{number % 256}&user_agent={AGENT}"
        head = [
            "POST /introspect HTTP/1.1",
            f"Host: 127.0.0.1:{service.port}",
            "User-Agent: bench",
            f"Authorization: Bearer {loaded.caller}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(form)}",
        ]
        requests.append("\r\n".join([*head, "", form]).encode())
    return Traffic(service, requests, ACTIVE, loaded.tenant.urls.owner)


def verifying(service: Target, loaded: Loaded) -> Traffic:
    """Ask as a proxy does for a client that presents its token."""
    requests: list[bytes] = []
    for token in _shuffled(loaded):
        head = [
            f"GET /verify?organization_id={loaded.tenant.public_id} HTTP/1.1",
            f"Host: 127.0.0.1:{service.port}",
            "User-Agent: Terraform/1.9.5",
            f"Authorization: Bearer {token}",
        ]
        requests.append("\r\n".join([*head, "", ""]).encode())
    return Traffic(service, requests, LET_THROUGH, loaded.tenant.urls.owner)


def _shuffled(loaded: Loaded) -> list[str]:
    """Return the tokens in an order that has nothing to do with where they are."""
    return random.Random(2).sample(loaded.tokens, len(loaded.tokens))


async def _in_turn(plan: Plan, ours: Traffic, other: Traffic) -> list[tuple[Load, Load]]:
    for traffic in (ours, other):
        # Each token once and more, so that what a first use writes is written.
        await traffic.load(CONNECTIONS, WARM_SECONDS)
    return await harness.in_turn(
        plan,
        lambda: ours.load(CONNECTIONS, plan.seconds),
        lambda: other.load(CONNECTIONS, plan.seconds),
    )


def _compare(name: str, pairs: Pairs) -> list[Row]:
    say(f"verification: {name}: {harness.rates(pairs)}")
    busy = statistics.median(ours.cpu_seconds / ours.seconds for ours, _ in pairs)
    limit = "" if busy >= 0.9 else f", at {busy:.0%} of its core"
    of_cpu = [other.cpu_micros / ours.cpu_micros for ours, other in pairs]
    return [
        Row(f"{name}, requests/s", harness.ratio(pairs) + limit, REFERENCE_NAME, cpu(pairs)),
        Row(
            f"{name}, requests per second of the worker's CPU",
            harness.spread(of_cpu),
            "the same",
            "",
        ),
    ]


def _tail(pairs: Pairs) -> Row:
    p50 = statistics.median(ours.p50 for ours, _ in pairs) * 1e3
    p99 = statistics.median(ours.p99 for ours, _ in pairs) * 1e3
    return Row(
        f"POST /introspect from {CONNECTIONS} connections, p99: {p99:.1f} ms",
        harness.spread([ours.tail for ours, _ in pairs]),
        f"p50: {p50:.1f} ms",
        "",
    )


def cpu(pairs: Pairs) -> str:
    """Return the median CPU times of a request: the worker's, and PostgreSQL's if it has a part."""
    sides: list[str] = []
    for side in (0, 1):
        worker = statistics.median(pair[side].cpu_micros for pair in pairs)
        postgres = statistics.median(pair[side].postgres_micros for pair in pairs)
        sides.append(f"{worker:,.0f}" + (f" + {postgres:,.0f}" if postgres else ""))
    return " / ".join(sides)
