"""What clients share: where they ask, what they write down, and the tokens that they know."""

import asyncio
import itertools
import random
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass, field

from tests.api_client import Api
from tests.faults import calls
from tests.faults.history import Kind, Recorder, Reply
from tests.faults.installation import Installation, Tenant
from tests.faults.nodes import Node

VERIFIED_BY = (Kind.AUTHENTICATE, Kind.INTROSPECT, Kind.FORWARD)
FRESH = 20
"""Of the tokens that were ended last, so many are asked for more than others."""
MOST_ENDED = 200
BACK_OFF_SECONDS = (0.02, 0.3)


@dataclass(frozen=True, eq=False)
class Known:
    """A token whose generation was acknowledged."""

    id: str
    user: str
    tenant: Tenant
    secret: str = field(repr=False)


@dataclass
class Scene:
    """One run. What is drawn in it comes from its seed."""

    place: Installation
    recorder: Recorder
    tenants: Sequence[Tenant]
    seed: int
    is_over: bool = False
    """No client begins to live again; what it has begun it brings to its end."""
    is_closed: bool = False
    """Nobody verifies any more."""
    living: list[Known] = field(default_factory=list[Known])
    """Tokens whose end nobody has begun."""
    ended: list[Known] = field(default_factory=list[Known])
    """Those whose end was begun, perhaps in vain, the latest at the end."""
    is_alive: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when every organization has had a token."""
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def draw(self, process: int) -> random.Random:
        """Return what a client draws from."""
        return random.Random(f"{self.seed}/{process}")

    def nodes(self) -> Sequence[Node]:
        """Return the nodes that serve; those that do not would only refuse to connect."""
        return [node for node in self.place.nodes if node.is_up]

    async def attempts(self, draw: random.Random) -> AsyncGenerator[Node]:
        """Yield a node for each attempt at something, and wait between them, for ever."""
        while True:
            if nodes := self.nodes():
                yield draw.choice(nodes)
            await asyncio.sleep(draw.uniform(*BACK_OFF_SECONDS))

    def learn(self, known: Known) -> None:
        """Let everybody verify a token."""
        self.living.append(known)
        if {each.tenant for each in self.living} >= set(self.tenants):
            self.is_alive.set()

    def is_ending(self, tokens: Sequence[Known], draw: random.Random) -> None:
        """Turn everybody's attention to tokens whose end begins; some of the others are let go."""
        self.living = [known for known in self.living if known not in tokens]
        self.ended = [known for known in self.ended if known not in tokens]
        while len(self.ended) > MOST_ENDED:
            self.ended.pop(draw.randrange(len(self.ended)))
        self.ended += tokens

    def ending(self) -> Sequence[Known]:
        """Return those whose end was begun last."""
        return self.ended[-FRESH:]

    async def verify(self, process: int, known: Known, node: Node, kind: Kind) -> Reply:
        """Ask a node for a token in one of the ways."""
        secret, tenant = known.secret, known.tenant
        if kind is Kind.AUTHENTICATE:
            call = calls.authenticate(node.client, secret, known.id)
        elif kind is Kind.INTROSPECT:
            call = calls.introspect(node.client, secret, known.id, tenant.admin)
        else:
            call = calls.forward(node.client, secret, known.id, tenant.public_id)
        return await self.recorder.run(
            process, kind, node.name, call, token=known.id, user=known.user
        )

    async def verify_everywhere(self, process: int, tokens: Sequence[Known]) -> None:
        """Ask every node for tokens, in every way, all at once."""
        await asyncio.gather(
            *(
                self.verify(process, known, node, kind)
                for known in tokens
                for node in self.nodes()
                for kind in VERIFIED_BY
            )
        )

    def administrator(self, node: Node, tenant: Tenant) -> Api:
        """Return an organization's administrator at a node."""
        return Api(node.client, tenant.admin)
