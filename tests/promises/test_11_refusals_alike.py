"""All refusals look and take the same.

Whatever a token is refused for, at every endpoint that takes one. The threshold: somebody who sees
how long one answer took, and has to say which of two reasons it was, is right in at most 70 of 100
cases (50 is guessing). The chance is that of a look at each of two classes being ordered rightly,
the area under the ROC curve, over 400 looks at either.

Three tenths of a millisecond, of which the control makes one reason take longer, are beyond it.
What has no token's shape is left out: it never reaches the database and is answered sooner, which
tells nobody anything, since the checksum is public.
"""

import gc
import json
import random
import statistics
import time
from bisect import bisect_left, bisect_right
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from app import token_format
from app.asgi import create_app
from app.web import raw
from tests.api.policies import set_policy
from tests.api_client import Organization
from tests.conftest import settings_for
from tests.owner import Owner, organization_key, token_key
from tests.postgres import Urls
from tests.promises.conftest import Figure

LOOKS = 400
MOST_OFTEN_RIGHT = 0.7
NOISY = 4
"""How often the control looks: what else a machine does can hide three tenths of a millisecond."""


@dataclass(frozen=True)
class Look:
    """What one answer is, and how long it took."""

    seen: tuple[object, ...]
    seconds: float


async def ask(app: Any, method: str, path: str, query: str, headers: Any, body: bytes) -> Look:
    """Ask the application itself: a network would hide differences, and add noise."""
    scope: dict[str, object] = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(b"host", b"test"), (b"x-request-id", b"same"), *headers],
        "client": ("127.0.0.1", 50000),
        "http_version": "1.1",
        "scheme": "http",
        "server": ("test", 80),
    }
    sent: list[object] = []

    def send_whole(*answer: object) -> bool:
        sent.append(answer)
        return True

    # As the server offers it: what is compared is what a client is sent.
    scope["extensions"] = {raw.WHOLE: {"send": send_whole}}

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    started = time.perf_counter()
    await app(scope, receive, send)
    took = time.perf_counter() - started
    return Look(tuple(map(repr, sent)), took)


async def verify(app: Any, organization: Organization, _caller: str, token: str) -> Look:
    headers = [(b"authorization", f"Bearer {token}".encode())]
    return await ask(app, "GET", "/verify", f"organization_id={organization.id}", headers, b"")


async def introspect(app: Any, _organization: Organization, caller: str, token: str) -> Look:
    headers = [
        (b"authorization", f"Bearer {caller}".encode()),
        (b"content-type", b"application/x-www-form-urlencoded"),
    ]
    form = urlencode({"token": token, "client_ip": "203.0.113.7"}).encode()
    return await ask(app, "POST", "/introspect", "", headers, form)


async def graphql(app: Any, _organization: Organization, _caller: str, token: str) -> Look:
    headers = [
        (b"authorization", f"Bearer {token}".encode()),
        (b"content-type", b"application/json"),
    ]
    body = b'{"query":"{ viewer { memberships { organizationId } } }"}'
    return await ask(app, "POST", "/graphql", "", headers, body)


async def introspect_token(app: Any, organization: Organization, caller: str, token: str) -> Look:
    headers = [
        (b"authorization", f"Bearer {caller}".encode()),
        (b"content-type", b"application/json"),
    ]
    body = {
        "query": "query($id: ID!, $token: String!)"
        " { introspectToken(organizationId: $id, token: $token) { active } }",
        "variables": {"id": organization.id, "token": token},
    }
    return await ask(app, "POST", "/graphql", "", headers, json.dumps(body).encode())


ENDPOINTS = pytest.mark.parametrize("endpoint", [verify, introspect, graphql, introspect_token])
_Endpoint = Callable[[Any, Organization, str, str], Awaitable[Look]]


async def refused(
    organization: Organization, stranger: Organization, owner: Owner
) -> Mapping[str, str]:
    """Return a token for each reason that there is."""
    kinds = ("revoked", "rotated", "expired", "deleted", "deactivated", "unused", "live")
    users = {kind: await organization.user(kind) for kind in kinds}
    made = {
        kind: await organization.token(user_id, maxAgeSeconds=3600)
        for kind, user_id in users.items()
    }
    await organization.admin.mutate("revokeToken", "token { id }", tokenId=made["revoked"][0])
    await organization.admin.mutate("rotateToken", "__typename", tokenId=made["rotated"][0])
    await owner.set_left(made["expired"][0], -1)
    await owner.deactivate(made["unused"][0])
    await organization.admin.mutate(
        "deleteApplicationUser", "revokedTokenCount", applicationUserId=users["deleted"]
    )
    await organization.admin.mutate(
        "updateApplicationUser",
        "applicationUser { id }",
        applicationUserId=users["deactivated"],
        state="DEACTIVATED",
    )
    _, for_ever = await organization.token(users["live"])
    _, elsewhere = await organization.token(
        users["live"], maxAgeSeconds=3600, ipAllowlist=["198.51.100.0/24"]
    )
    await set_policy(organization, expiryRequired=True, allowedNetworks=["198.51.100.0/24"])
    _, foreign = await stranger.token(await stranger.user())
    own = organization_key(organization.id)
    return {kind: made[kind][1] for kind in kinds[:-1]} | {
        "against the policy": for_ever,
        "from elsewhere": elsewhere,
        "from elsewhere by the policy": made["live"][1],
        "with another secret": token_format.make(*token_key(made["live"][0])),
        "missing": token_format.make(own, uuid4()),
        "of a missing organization": token_format.make(uuid4(), uuid4()),
        "foreign": foreign,
    }


async def looks(
    endpoint: _Endpoint, app: Any, organization: Organization, tokens: Mapping[str, str]
) -> dict[str, list[Look]]:
    """Look at each kind in turn, in an order that is another one each time."""
    caller = organization.admin.token or ""
    found: dict[str, list[Look]] = {kind: [] for kind in tokens}
    kinds = list(tokens)
    order = random.Random(1)
    gc.collect()
    gc.disable()
    try:
        for _ in range(LOOKS + 10):
            order.shuffle(kinds)
            for kind in kinds:
                found[kind].append(await endpoint(app, organization, caller, tokens[kind]))
    finally:
        gc.enable()
    return {kind: seen[10:] for kind, seen in found.items()}


def often_right(one: Sequence[Look], other: Sequence[Look]) -> float:
    """Return how often a look at each of two kinds tells which is which; 0.5 is guessing."""
    ordered = sorted(look.seconds for look in other)
    below = sum(
        (bisect_left(ordered, look.seconds) + bisect_right(ordered, look.seconds)) / 2
        for look in one
    )
    right = below / (len(one) * len(other))
    return max(right, 1 - right)


def told_apart(found: Mapping[str, Sequence[Look]]) -> dict[tuple[str, str], float]:
    """Return the pairs of kinds that time tells apart more often than the threshold has it."""
    rates = {
        (one, other): often_right(found[one], found[other]) for one, other in combinations(found, 2)
    }
    return {pair: rate for pair, rate in rates.items() if rate > MOST_OFTEN_RIGHT}


@pytest.fixture
async def tokens(
    organization: Organization,
    new_organization: Callable[[], Awaitable[Organization]],
    owner: Owner,
) -> Mapping[str, str]:
    return await refused(organization, await new_organization(), owner)


@ENDPOINTS
async def test_bytes_and_time_tell_no_reason(
    endpoint: _Endpoint,
    urls: Urls,
    organization: Organization,
    tokens: Mapping[str, str],
    figure: Figure,
) -> None:
    if endpoint is graphql:
        # A token is used wherever its organization is: to GraphQL none is foreign.
        tokens = {kind: token for kind, token in tokens.items() if kind != "foreign"}
    # Refusals are counted, as they are by default, and none is one too many.
    settings = settings_for(urls, log_level="warning", failed_requests_per_minute=1_000_000)
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        found = await looks(endpoint, app, organization, tokens)
    assert len({look.seen for kind in found.values() for look in kind}) == 1
    medians = {
        kind: round(statistics.median(look.seconds for look in seen) * 1e6)
        for kind, seen in found.items()
    }
    assert told_apart(found) == {}, f"medians in µs: {medians}"
    right = max(often_right(found[one], found[other]) for one, other in combinations(found, 2))
    name = endpoint.__name__
    figure(f"`{name}`: {len(tokens)} reasons, {right:.0%} of looks tell two apart at most")


async def test_control_a_reason_that_takes_longer_is_told_apart(
    urls: Urls,
    organization: Organization,
    tokens: Mapping[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Three tenths of a millisecond more for one reason."""
    slow = tokens["revoked"]
    matches = token_format.matches

    def slower(token: str, *arguments: Any) -> bool:
        found = matches(token, *arguments)
        if token == slow:
            end = time.perf_counter() + 3e-4
            while time.perf_counter() < end:
                pass
        return found

    monkeypatch.setattr(token_format, "matches", slower)
    app = create_app(settings_for(urls, log_level="warning"))
    async with app.router.lifespan_context(app):
        apart = list[tuple[str, str]]()
        for _ in range(NOISY):
            found = await looks(verify, app, organization, tokens)
            apart = [pair for pair in told_apart(found) if "revoked" in pair]
            if len(apart) == len(tokens) - 1:
                break
    assert len(apart) == len(tokens) - 1
