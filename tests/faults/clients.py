"""The clients: some live the life of an integration, others do nothing but verify."""

import asyncio
from collections.abc import Awaitable, Sequence

from tests.faults import calls
from tests.faults.history import Kind, Outcome, Reply
from tests.faults.installation import Tenant
from tests.faults.nodes import Node
from tests.faults.scene import VERIFIED_BY, Known, Scene

TOKENS = 3
LEFT_ALIVE = 10
"""So many application users of each integration keep their tokens, which have to survive it all."""
LIFE_SECONDS = (0.0, 0.4)
THINK_SECONDS = (0.0, 0.02)


class Integration:
    """Creates an application user, generates tokens, and ends them, again and again."""

    def __init__(self, scene: Scene, process: int, tenant: Tenant) -> None:
        self._scene = scene
        self._process = process
        self._tenant = tenant
        self._draw = scene.draw(process)
        self._left_alive = 0

    async def run(self) -> None:
        """Live until the scene is over; what was begun by then is brought to its end."""
        while not self._scene.is_over:
            user = await self._create_user()
            count = self._draw.randint(1, TOKENS)
            made = [await self._generate(user) for _ in range(count)]
            tokens = [known for known in made if known is not None]
            await asyncio.sleep(self._draw.uniform(*LIFE_SECONDS))
            if self._leaves_alive():
                continue
            for known in tokens:
                if self._draw.random() < 0.6:
                    await self._revoke(known)
            await self._delete_user(user, tokens)

    def _leaves_alive(self) -> bool:
        """Tell whether these tokens stay; the first do, so that there are some from the start."""
        first = self._left_alive == 0
        leaves = first or (self._left_alive < LEFT_ALIVE and self._draw.random() < 0.2)
        self._left_alive += leaves
        return leaves

    async def _create_user(self) -> str:
        name = f"integration {next(self._scene.numbers)}"
        tenant = self._tenant
        async for node in self._scene.attempts(self._draw):
            admin = self._scene.administrator(node, tenant)
            told = await self._ask(
                Kind.CREATE_USER, node, calls.create_user(admin, tenant.public_id, name)
            )
            if told.user is not None:
                return told.user
            # The name is taken by what an earlier attempt made whose answer was lost.
            if told.outcome is Outcome.REFUSED:
                found = await calls.find_user(admin, tenant.public_id, name)
                if found is not None:
                    return found
        raise AssertionError("attempts never end")

    async def _generate(self, user: str) -> Known | None:
        """Return the token; None where it was made and the answer with its secret was lost."""
        key = f"key {next(self._scene.numbers)}"
        # A nervous client: it does not wait for the first answer, or repeats what it has.
        at_once = 2 if self._draw.random() < 0.2 else 1
        again = self._draw.random() < 0.2
        known: Known | None = None
        async for node in self._scene.attempts(self._draw):
            nodes = [node, self._draw.choice(self._scene.nodes() or [node])][:at_once]
            answers = await asyncio.gather(*(self._generate_at(n, user, key) for n in nodes))
            for told in answers:
                if told.secret is not None and told.token is not None:
                    known = Known(told.token, user, self._tenant, told.secret)
            settled = [told for told in answers if told.outcome in _SETTLED]
            if settled and not again:
                break
            again = again and not settled
        if known is not None:
            self._scene.learn(known)
        return known

    async def _generate_at(self, node: Node, user: str, key: str) -> Reply:
        admin = self._scene.administrator(node, self._tenant)
        return await self._ask(
            Kind.GENERATE, node, calls.generate(admin, user, key), user=user, key=key
        )

    async def _revoke(self, known: Known) -> None:
        self._scene.is_ending([known], self._draw)
        async for node in self._scene.attempts(self._draw):
            # Who gives a token up needs no other one; who repeats it may do so another way.
            if self._draw.random() < 0.5:
                call = calls.revoke_as_holder(node.client, known.secret)
                kind = Kind.REVOKE_AS_HOLDER
            else:
                call = calls.revoke(self._scene.administrator(node, self._tenant), known.id)
                kind = Kind.REVOKE
            told = await self._ask(kind, node, call, token=known.id, user=known.user)
            if told.outcome in _SETTLED:
                break
        await self._look_at_once([known])

    async def _delete_user(self, user: str, tokens: Sequence[Known]) -> None:
        self._scene.is_ending(tokens, self._draw)
        async for node in self._scene.attempts(self._draw):
            admin = self._scene.administrator(node, self._tenant)
            told = await self._ask(
                Kind.DELETE_USER, node, calls.delete_user(admin, user), user=user
            )
            if told.outcome in _SETTLED:
                break
        await self._look_at_once(tokens)

    async def _look_at_once(self, tokens: Sequence[Known]) -> None:
        """Verify right behind the acknowledgement, where a cache would show, and a little later."""
        await self._scene.verify_everywhere(self._process, tokens)
        await asyncio.sleep(self._draw.uniform(0, 0.1))
        await self._scene.verify_everywhere(self._process, tokens)

    async def _ask(
        self,
        kind: Kind,
        node: Node,
        call: Awaitable[Reply],
        *,
        token: str | None = None,
        user: str | None = None,
        key: str | None = None,
    ) -> Reply:
        return await self._scene.recorder.run(
            self._process, kind, node.name, call, token=token, user=user, key=key
        )


_SETTLED = frozenset({Outcome.DONE, Outcome.REPLAYED, Outcome.REFUSED})


async def read(scene: Scene, process: int) -> None:
    """Use the other ways in until the scene is closed: a query, and the question of readiness."""
    draw = scene.draw(process)
    while not scene.is_closed:
        await asyncio.sleep(draw.uniform(*THINK_SECONDS))
        tenant = draw.choice(scene.tenants)
        for node in scene.nodes():
            listing = calls.list_users(scene.administrator(node, tenant), tenant.public_id)
            await asyncio.gather(
                scene.recorder.run(process, Kind.LIST, node.name, listing),
                scene.recorder.run(process, Kind.READY, node.name, calls.ready(node.client)),
            )


async def verify(scene: Scene, process: int) -> None:
    """Verify tokens until the scene is closed, most often those whose end has begun."""
    draw = scene.draw(process)
    while not scene.is_closed:
        await asyncio.sleep(draw.uniform(*THINK_SECONDS))
        # In three of four cases what has to be refused, or soon will have to be.
        tokens = draw.choice((scene.ending(), scene.ending(), scene.ended, scene.living))
        nodes = scene.nodes()
        if tokens and nodes:
            kind = draw.choice(VERIFIED_BY)
            await scene.verify(process, draw.choice(tokens), draw.choice(nodes), kind)
