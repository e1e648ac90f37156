"""The faults, each from its begin to the moment from which on all is well again."""

import os
import random
import signal
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from enum import Enum
from types import MappingProxyType
from typing import TypeAlias

from tests.faults import disk
from tests.faults.installation import Installation
from tests.faults.link import AtCommit, Condition
from tests.faults.nodes import Node


class Fault(Enum):
    """What breaks."""

    POSTGRES_KILLED = "PostgreSQL killed, and down for a while"
    POSTGRES_STOPPED = "PostgreSQL stopped without a checkpoint"
    POSTGRES_FROZEN = "PostgreSQL frozen by SIGSTOP, every process of it"
    BACKENDS_TERMINATED = "back ends terminated"
    BACKEND_KILLED = "a back end killed: PostgreSQL recovers by itself"
    BACKENDS_FROZEN = "back ends frozen by SIGSTOP"
    TABLE_LOCKED = "a table locked in ACCESS EXCLUSIVE mode"
    DISK_FULL = "the disk full: errors, and then PostgreSQL ends"
    NODE_KILLED = "a node killed"
    WORKER_KILLED = "one of two workers killed"
    WORKER_FROZEN = "a worker frozen by SIGSTOP"
    CUT = "connections to PostgreSQL reset"
    REFUSED = "connections to PostgreSQL reset, and further ones refused for a while"
    CUT_AT_COMMIT = "a connection cut behind its COMMIT"
    UNTOLD_AT_COMMIT = "a connection cut at the answer to its COMMIT"
    LOST_AT_COMMIT = "a connection half-open for good from its COMMIT on"
    HELD = "connections to PostgreSQL held for a while"
    HALF_OPEN = "connections to PostgreSQL half-open for good"
    DELAYED = "connections to PostgreSQL slow"


PROCESSES = frozenset({Fault.NODE_KILLED, Fault.WORKER_KILLED, Fault.WORKER_FROZEN})
"""What leaves the database and the ways to it alone."""
LINKS = frozenset(
    {
        Fault.CUT,
        Fault.REFUSED,
        Fault.CUT_AT_COMMIT,
        Fault.UNTOLD_AT_COMMIT,
        Fault.LOST_AT_COMMIT,
        Fault.HELD,
        Fault.HALF_OPEN,
        Fault.DELAYED,
    }
)
"""What befalls the way of one node to PostgreSQL."""
SECONDS: Mapping[Fault, tuple[float, float]] = MappingProxyType(
    {
        Fault.POSTGRES_KILLED: (0.2, 1.5),
        Fault.POSTGRES_STOPPED: (0.0, 0.5),
        Fault.POSTGRES_FROZEN: (0.2, 2.5),
        Fault.BACKENDS_FROZEN: (0.2, 2.5),
        Fault.TABLE_LOCKED: (0.2, 2.5),
        Fault.DISK_FULL: (0.5, 1.5),
        Fault.WORKER_FROZEN: (0.2, 2.5),
        Fault.REFUSED: (0.2, 1.5),
        Fault.CUT_AT_COMMIT: (0.2, 1.0),
        Fault.UNTOLD_AT_COMMIT: (0.2, 1.0),
        Fault.LOST_AT_COMMIT: (0.2, 1.0),
        Fault.HELD: (0.2, 2.5),
        Fault.HALF_OPEN: (1.0, 3.0),
        Fault.DELAYED: (0.5, 2.0),
    }
)
"""For how long, of those that last."""
TABLES = ("token", "organization_user", "organization", "permission_grant", "audit_chain")

Strike: TypeAlias = AbstractAsyncContextManager[None]


def begun(fault: Fault, place: Installation, node: Node, draw: random.Random) -> Strike:
    """Return what strikes when it is entered, and is over, mended too, when it is left.

    ``node`` is whose process or link is struck, where it is one.
    """
    return _STRIKES[fault](place, node, draw)


@asynccontextmanager
async def _kill_postgres(place: Installation, *_: object) -> AsyncGenerator[None]:
    await place.postgres.kill()
    yield
    await place.postgres.start()


@asynccontextmanager
async def _stop_postgres(place: Installation, *_: object) -> AsyncGenerator[None]:
    await place.postgres.stop_immediately()
    yield
    await place.postgres.start()


@asynccontextmanager
async def _freeze_postgres(place: Installation, *_: object) -> AsyncGenerator[None]:
    place.postgres.freeze()
    try:
        yield
    finally:
        place.postgres.thaw()


@asynccontextmanager
async def _terminate_backends(place: Installation, *_: object) -> AsyncGenerator[None]:
    await place.postgres.terminate_backends()
    yield


@asynccontextmanager
async def _kill_backend(place: Installation, *_: object) -> AsyncGenerator[None]:
    await place.postgres.kill_backend()
    yield


@asynccontextmanager
async def _freeze_backends(place: Installation, *_: object) -> AsyncGenerator[None]:
    pids = await place.postgres.service_backends()
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@asynccontextmanager
async def _lock_table(place: Installation, _: Node, draw: random.Random) -> AsyncGenerator[None]:
    async with place.postgres.locked(draw.choice(TABLES)):
        yield


@asynccontextmanager
async def _fill_disk(place: Installation, *_: object) -> AsyncGenerator[None]:
    assert place.disk is not None
    disk.fill(place.disk)
    try:
        yield
        await place.postgres.use_up_wal()
    finally:
        disk.free(place.disk)
        await place.postgres.until_back()


@asynccontextmanager
async def _kill_node(_: Installation, node: Node, __: object) -> AsyncGenerator[None]:
    await node.until_up()
    await node.kill()
    yield


@asynccontextmanager
async def _kill_worker(_: Installation, node: Node, __: object) -> AsyncGenerator[None]:
    await node.until_up()
    await node.kill_worker()
    yield


@asynccontextmanager
async def _freeze_worker(_: Installation, node: Node, __: object) -> AsyncGenerator[None]:
    await node.until_up()
    with node.frozen():
        yield


@asynccontextmanager
async def _cut(_: Installation, node: Node, __: object) -> AsyncGenerator[None]:
    node.link.cut()
    yield


@asynccontextmanager
async def _refuse(_: Installation, node: Node, __: object) -> AsyncGenerator[None]:
    await node.link.refuse()
    try:
        yield
    finally:
        await node.link.open()


def _at_commit(trap: AtCommit) -> Callable[[Installation, Node, random.Random], Strike]:
    @asynccontextmanager
    async def strike(_: Installation, node: Node, __: object) -> AsyncGenerator[None]:
        node.link.at_commit = trap
        try:
            yield
        finally:
            node.link.at_commit = None

    return strike


def _condition(condition: Condition) -> Callable[[Installation, Node, random.Random], Strike]:
    @asynccontextmanager
    async def strike(_: Installation, node: Node, __: object) -> AsyncGenerator[None]:
        node.link.condition = condition
        try:
            yield
        finally:
            node.link.condition = Condition.WORKS

    return strike


_STRIKES: Mapping[Fault, Callable[[Installation, Node, random.Random], Strike]] = MappingProxyType(
    {
        Fault.POSTGRES_KILLED: _kill_postgres,
        Fault.POSTGRES_STOPPED: _stop_postgres,
        Fault.POSTGRES_FROZEN: _freeze_postgres,
        Fault.BACKENDS_TERMINATED: _terminate_backends,
        Fault.BACKEND_KILLED: _kill_backend,
        Fault.BACKENDS_FROZEN: _freeze_backends,
        Fault.TABLE_LOCKED: _lock_table,
        Fault.DISK_FULL: _fill_disk,
        Fault.NODE_KILLED: _kill_node,
        Fault.WORKER_KILLED: _kill_worker,
        Fault.WORKER_FROZEN: _freeze_worker,
        Fault.CUT: _cut,
        Fault.REFUSED: _refuse,
        Fault.CUT_AT_COMMIT: _at_commit(AtCommit.CUT),
        Fault.UNTOLD_AT_COMMIT: _at_commit(AtCommit.UNTOLD),
        Fault.LOST_AT_COMMIT: _at_commit(AtCommit.LOST),
        Fault.HELD: _condition(Condition.HOLDS),
        Fault.HALF_OPEN: _condition(Condition.LOSES),
        Fault.DELAYED: _condition(Condition.DELAYS),
    }
)
