"""An installation with tokens lost in it: what is pasted where, and what was written meanwhile."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from app import ids, organizations
from app.database import Database
from app.token_format import parse_peppers
from tests.api.place import Place, make_place
from tests.api_client import Api, Organization
from tests.issuer import Issuer, issuer_at_work
from tests.promises import (
    canary_cluster,
    canary_node,
    canary_places,
    canary_surfaces,
    canary_tokens,
)
from tests.promises.canary_cluster import Cluster
from tests.promises.canary_needles import Needles
from tests.promises.canary_process import EXPORT_SECONDS, HAS_TRACES, PEPPER, node
from tests.promises.canary_sent import VIEWER, Sent, graphql
from tests.receiver import Receiver, receiving

PEPPERS = parse_peppers(PEPPER)
AT_ONCE = 16
LOGS = {"console": "--no-json-logs", "json": "--json-logs"}


@dataclass
class Scene:
    """A cluster, two nodes that log each in its way, and what they answered."""

    cluster: Cluster
    folder: Path
    places: Sequence[Place]
    """The same organization as each node serves it."""
    issuer: Issuer
    receiver: Receiver
    """Of webhooks."""
    spans: Receiver | None
    """Of what traces export, where the service has them."""
    needles: Needles = field(default_factory=Needles)
    answers: bytearray = field(default_factory=bytearray, repr=False)
    statuses: Counter[int] = field(default_factory=Counter[int])
    pasted: Counter[str] = field(default_factory=Counter[str])
    """How often something was put into each place."""
    unsent: Counter[str] = field(default_factory=Counter[str])
    """What the client itself refused to send, or the server to read to its end."""

    async def lose(self, count: int) -> list[str]:
        """Make tokens to look for: a third each is live, revoked, or was never made."""
        organization = self.places[0].organization
        asked = await canary_tokens.minted(organization, count // 10)
        opened = await Database.open(self.cluster.serving_url, size=1)
        try:
            others = await canary_tokens.inserted(
                opened, PEPPERS, organization, 2 * count // 3 - len(asked)
            )
        finally:
            await opened.close()
        known = {token: token_id for token, (token_id, _) in asked.items()} | others
        ended = list(known.values())[::2]
        for begin in range(0, len(ended), 1000):
            revoked = await organization.admin.mutate(
                "revokeTokens", "__typename", tokenIds=ended[begin : begin + 1000]
            )
            assert revoked["__typename"] == "RevokeTokensSuccess", revoked
        tokens = [*known, *canary_tokens.never_made(organization, count - len(known))]
        self.needles.add_tokens(tokens)
        self.needles.add_tokens([place.organization.admin.token or "" for place in self.places])
        self.needles.add("pepper", PEPPER)
        self.needles.add("password", canary_cluster.PASSWORD)
        # Where each belongs: it is the one secret of the one answer that it was made with.
        for token, (_, answer) in asked.items():
            assert self.needles.found_in(answer) == {token[:27]}
        return tokens

    async def paste(self, tokens: Sequence[str], pastes: int) -> None:
        """Put each token into so many places, in turn into all of them, in turn in each form."""
        turns = asyncio.Semaphore(AT_ONCE)
        wrong = [canary_places.wrong_places(place) for place in self.places]

        async def one(number: int) -> None:
            turn, index = divmod(number, len(wrong[0]))
            served_by = (turn + index) % len(self.places)
            place = wrong[served_by][index]
            forms = canary_tokens.forms(place.least, one_word=place.one_word)
            # As a whole every other turn.
            form = forms[number % len(forms)] if turn % 2 else forms[0]
            text = form.make(tokens[number % len(tokens)])
            async with turns:
                self.pasted[place.name] += 1
                await self.send(served_by, place.name, place.paste(text))

        await asyncio.gather(*(one(number) for number in range(len(tokens) * pastes)))
        await self._paste_elsewhere(tokens)

    async def _paste_elsewhere(self, tokens: Sequence[str]) -> None:
        """Sign in with a token in a JWT, meet bugs with one, and have a use of one delivered."""
        for index, token in enumerate(tokens[: 2 * len(self.places)]):
            number = index % len(self.places)
            for subject, claims in ((token, {}), ("x", {"name": token}), ("x", {"aud": token})):
                headers = {"Authorization": f"Bearer {self.issuer.sign(subject, **claims)}"}
                await self.send(number, "JWT", graphql({"query": VIEWER}, headers))
            for word in (canary_node.BUG, canary_node.DATABASE_BUG):
                answer = await self.describe(number, f"{word}: {token}")
                assert answer.json()["errors"][0]["extensions"]["code"] == "INTERNAL", answer.text

    async def describe(self, number: int, description: str) -> httpx.Response:
        """Describe a token, which is where the nodes have their weak places."""
        place = self.places[number]
        answer = await place.organization.admin.run(
            "mutation($i: UpdateTokenInput!) { updateToken(input: $i) {"
            " ... on InvalidInputError { fields { message } } } }",
            {"i": {"tokenId": place.token_id, "description": description}},
        )
        self._keep(answer.response)
        return answer.response

    async def send(self, number: int, name: str, sent: Sent) -> None:
        """Send a request and keep all of its answer."""
        client = self.places[number].organization.admin.client
        try:
            answer = await client.request(
                sent.method, sent.path, headers=sent.headers, content=sent.content
            )
        except (httpx.ProtocolError, httpx.InvalidURL, httpx.ReadError, httpx.WriteError):
            self.unsent[name] += 1
            return
        self._keep(answer)

    def _keep(self, answer: httpx.Response) -> None:
        self.statuses[answer.status_code] += 1
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        self.answers.extend(head.encode() + b"\n\n" + answer.content + b"\n\n")

    async def surfaces(self) -> dict[str, bytes]:
        """Return all that was written."""
        clients = [place.organization.admin.client for place in self.places]
        metrics = [await client.get("/metrics") for client in clients]
        assert [answer.status_code for answer in metrics] == [200] * len(metrics)
        if self.spans is not None:
            # What is exported waits for a moment, so that it is sent together.
            await asyncio.sleep(2 * EXPORT_SECONDS)
        return {
            "answers": bytes(self.answers),
            "metrics": b"\n".join(answer.content for answer in metrics),
            "webhooks": _received(self.receiver),
            **({"spans": _received(self.spans)} if self.spans else {}),
            **{f"{name} log": (self.folder / name).read_bytes() for name in LOGS},
            **await canary_surfaces.of_server(self.cluster),
        }

    def found(self, surfaces: dict[str, bytes]) -> dict[str, set[str]]:
        """Return which secrets there are on which surface; none is named that has none."""
        found = {name: self.needles.found_in(content) for name, content in surfaces.items()}
        return {name: secrets for name, secrets in found.items() if secrets}


def _received(receiver: Receiver) -> bytes:
    return b"\n".join(
        f"{each.target}\n{each.headers}\n".encode() + each.body for each in receiver.received
    )


@asynccontextmanager
async def scene() -> AsyncGenerator[Scene]:
    """Yield an installation whose database, log and receiver all are looked at."""
    async with AsyncExitStack() as stack:
        cluster = await stack.enter_async_context(canary_cluster.running())
        issuer = await stack.enter_async_context(issuer_at_work())
        receiver = await stack.enter_async_context(receiving())
        spans = await stack.enter_async_context(receiving(200)) if HAS_TRACES else None
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="appusers-canary-")))
        opened = await Database.open(cluster.serving_url, size=1)
        try:
            made = await organizations.bootstrap(
                opened, PEPPERS, name="Canary", admin_email="a@canary.example"
            )
        finally:
            await opened.close()
        starting = (
            stack.enter_async_context(node(cluster, issuer, spans, folder / name, option))
            for name, option in LOGS.items()
        )
        organizations_served = [
            Organization(
                ids.organization_id(made.organization_id),
                ids.member_id("user", made.organization_id, made.user_id),
                Api(client, made.full_token),
            )
            for client in await asyncio.gather(*starting)
        ]
        place = await make_place(organizations_served[0])
        await place.organization.admin.mutate(
            "createWebhookEndpoint",
            "__typename",
            organizationId=place.organization.id,
            url=receiver.url,
        )
        places = [replace(place, organization=served) for served in organizations_served]
        yield Scene(cluster, folder, places, issuer, receiver, spans)
