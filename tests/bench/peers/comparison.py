"""``/introspect`` and ``/verify`` against what a team would pick instead, one worker each.

Each side has 10,000 keys in PostgreSQL on the same server, behaves as it is shipped where a key
expires or is used, and is asked over kept connections about one key after the other, in an order
that is drawn for each window. Of our 10,000 those of the caller's organization are asked about,
which is half of them. At ``/introspect`` ours answers more than the others do, because who asks is
a token too; ``/verify`` looks at one token, as they do.
"""

import os
import random
import statistics
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import asyncpg
import httpx

from tests.bench import harness, installation, verification, verification_data
from tests.bench.harness import Plan, Row, Target, say
from tests.bench.installation import Machine
from tests.bench.peers.installing import PEERS, NotInstalled, Peer
from tests.bench.verification import ACTIVE, CONNECTIONS, Pairs
from tests.bench.verification_load import Load, Traffic

COUNT = 10_000
WARM_SECONDS = 6.0
"""What is compiled while it runs is fast after some thousands of requests only."""
BUSY = 0.9
"""Of a core: below it, something else was the limit too."""


async def measure(machine: Machine, plan: Plan) -> list[Row]:
    """Compare with each peer that can be installed here; the others' rows say so."""
    rows: list[Row] = []
    peers: list[Peer] = []
    for peer in PEERS:
        try:
            peer.ready()
            peers.append(peer)
        except NotInstalled as error:
            say(f"peers: left out: {error}")
            rows.append(Row("requests/s", "not measured", peer.name, ""))
    loaded = await verification_data.load(machine, COUNT)
    async with installation.service(machine.core, loaded.tenant.urls) as service:
        ours = {
            "POST /introspect": verification.introspecting(service, loaded),
            "GET /verify": verification.verifying(service, loaded),
        }
        for peer in peers:
            rows += await _against(machine, plan, ours, peer)
    return rows


async def _against(
    machine: Machine, plan: Plan, ours: Mapping[str, Traffic], peer: Peer
) -> list[Row]:
    rows: list[Row] = []
    url = (await machine.server.empty()).owner
    keys = peer.keys(url, COUNT)
    await _settle(url)
    with peer.serving(machine.core, url) as at:
        await _check(at, peer, keys[0])
        theirs = Traffic(at, [_request(at, peer, key) for key in keys], ACTIVE, url)
        for traffic in (*ours.values(), theirs):
            await _window(traffic, min(WARM_SECONDS, 2 * plan.seconds))
        for name, own in ours.items():
            say(f"peers: {name}, {peer.name}: load average {_load_average()} before")
            pairs = await harness.in_turn(
                plan,
                partial(_window, own, plan.seconds),
                partial(_window, theirs, plan.seconds),
            )
            say(f"peers: {harness.rates(pairs)}, load average {_load_average()} after")
            rows += _rows(name, peer, pairs)
    return rows


async def _settle(url: str) -> None:
    """Leave nothing to the planner's guesses or to the checkpointer, as for our own tokens."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("VACUUM (ANALYZE)")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


async def _check(at: Target, peer: Peer, key: str) -> None:
    """Insist that a key is good and one that nobody was given is not."""
    name, _, scheme = peer.header.partition(":")
    wrong = key[:-1] + ("b" if key.endswith("a") else "a")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{at.port}") as client:
        answers = [
            await client.get(peer.path, headers={name: f"{scheme} {asked}".strip()})
            for asked in (key, wrong)
        ]
    verdicts = [answer.is_success and answer.json()["active"] for answer in answers]
    if verdicts != [True, False]:
        raise RuntimeError(f"{peer.name}: not a judge of keys: {[a.text for a in answers]}")


def _request(at: Target, peer: Peer, key: str) -> bytes:
    head = [
        f"GET {peer.path} HTTP/1.1",
        f"Host: 127.0.0.1:{at.port}",
        "User-Agent: bench",
        f"{peer.header} {key}",
    ]
    return "\r\n".join([*head, "", ""]).encode()


async def _window(traffic: Traffic, seconds: float) -> Load:
    requests = random.sample(traffic.requests, len(traffic.requests))
    return await replace(traffic, requests=requests).load(CONNECTIONS, seconds)


def _load_average() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def _rows(name: str, peer: Peer, pairs: Pairs) -> list[Row]:
    idle: list[str] = []
    for side, whose in enumerate(("ours", "theirs")):
        busy = statistics.median(pair[side].cpu_seconds / pair[side].seconds for pair in pairs)
        if busy < BUSY:
            idle.append(f", {whose} at {busy:.0%} of its core")
    of_worker = [theirs.cpu_micros / ours.cpu_micros for ours, theirs in pairs]
    of_all = statistics.median(theirs.all_micros / ours.all_micros for ours, theirs in pairs)
    return [
        Row(
            f"{name}, requests/s",
            harness.ratio(pairs) + "".join(idle),
            peer.name,
            verification.cpu(pairs),
        ),
        Row(
            f"{name}, requests per second of the worker's CPU",
            f"{harness.spread(of_worker)}, with PostgreSQL's {of_all:.2f}",
            "the same",
            "",
        ),
    ]
