"""What clients did and what they were told, on one clock: what `tests.faults.checker` judges.

Times are seconds of ``time.monotonic`` of the one process that all clients live in. A secret is in
no operation: tokens are named by their public ids.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """What a client asks for."""

    CREATE_USER = "createApplicationUser"
    GENERATE = "generateToken"
    REVOKE = "revokeToken"
    REVOKE_AS_HOLDER = "POST /revoke"
    DELETE_USER = "deleteApplicationUser"
    AUTHENTICATE = "GraphQL viewer"
    INTROSPECT = "POST /introspect"
    FORWARD = "GET /verify"
    LIST = "GraphQL query"
    READY = "GET /readyz"


VERIFICATIONS = frozenset({Kind.AUTHENTICATE, Kind.INTROSPECT, Kind.FORWARD})
ENDINGS = frozenset({Kind.REVOKE, Kind.REVOKE_AS_HOLDER, Kind.DELETE_USER})
"""What ends tokens for good: one, or all those of a user."""


class Outcome(Enum):
    """What a client learned."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DONE = "done"
    REPLAYED = "replayed"
    """A ``generateToken`` that was made before with this key: no secret was shown."""
    REFUSED = "refused"
    """A definite no; nothing was changed."""
    UNAVAILABLE = "503"
    LOST = "connection lost"
    UNANSWERED = "no answer"
    """The client gave up waiting."""
    CANCELLED = "cancelled"
    """The client was stopped with the run."""
    WRONG = "wrong"
    """An answer that the contract does not know; the detail says which."""


UNKNOWN = frozenset(
    {Outcome.UNAVAILABLE, Outcome.LOST, Outcome.UNANSWERED, Outcome.CANCELLED, Outcome.WRONG}
)
"""After these a change has happened, will happen, or never will: its interval is open."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What an answer says, for the client that goes on with it."""

    outcome: Outcome
    detail: str = ""
    user: str | None = None
    token: str | None = None
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """One request of one client."""

    process: int
    kind: Kind
    node: str
    begin: float
    end: float
    """When it was answered or given up."""
    outcome: Outcome
    token: str | None = None
    user: str | None = None
    """The token's user; of a user's deletion, whose tokens it ends."""
    key: str | None = None
    """The idempotency key."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """A time in which processes of a node were killed and others not yet in their place."""

    node: str
    begin: float
    end: float = math.inf


@dataclass(frozen=True, slots=True)
class History:
    """Everything that one run has seen."""

    operations: Sequence[Operation]
    absences: Sequence[Absence] = ()
    stalls: Sequence[tuple[float, float]] = ()
    """When the process of the clients did not get to run: no node is to blame for that time."""
    minted: Mapping[str, int] | None = None
    """How many tokens the database holds in the end for each idempotency key; None: not asked."""
    uses: Mapping[str, int] | None = None
    """How many uses of each token it holds in the end; None: not asked."""
    troubles: Sequence[tuple[float, float]] = ()
    """When a node may have had no working database: what it had to write, it kept."""
    freezes: Sequence[Absence] = ()
    """When a process of a node was frozen: what it had to answer waited for that."""
    has_to_recover: bool = False
    """Whether troubles are all that there were: a node goes on a second after the last one."""
    is_written_once: bool = True
    """Whether no node wrote uses again whose first write may have been one."""


@dataclass
class Recorder:
    """Writes operations down while clients work."""

    operations: list[Operation] = field(default_factory=list[Operation])
    stalls: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    patience: float = 15.0
    """Seconds after which a client gives up, well beyond any deadline."""
    _acknowledged: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(
        self,
        process: int,
        kind: Kind,
        node: str,
        call: Awaitable[Reply],
        *,
        token: str | None = None,
        user: str | None = None,
        key: str | None = None,
    ) -> Reply:
        """Let a client make one request, and write down what came of it."""
        begin = time.monotonic()
        reply = Reply(Outcome.CANCELLED)
        try:
            async with asyncio.timeout(self.patience):
                reply = await call
        except TimeoutError:
            reply = Reply(Outcome.UNANSWERED)
        finally:
            self.operations.append(
                Operation(
                    process,
                    kind,
                    node,
                    begin,
                    time.monotonic(),
                    reply.outcome,
                    token or reply.token,
                    user or reply.user,
                    key,
                    reply.detail,
                )
            )
        if reply.outcome is Outcome.DONE:
            self._acknowledged.set()
            self._acknowledged = asyncio.Event()
        return reply

    async def acknowledgement(self, patience: float) -> None:
        """Return right behind the next acknowledged change, or when patience is at its end."""
        try:
            async with asyncio.timeout(patience):
                await self._acknowledged.wait()
        except TimeoutError:
            pass

    async def watch_the_clock(self, step: float = 0.02) -> None:
        """Note for ever when this process was kept from running for longer than a step."""
        while True:
            begin = time.monotonic()
            await asyncio.sleep(step)
            end = time.monotonic()
            if end - begin > 2 * step:
                self.stalls.append((begin + step, end))
