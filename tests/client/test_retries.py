"""What the client waits for, and what it never does twice."""

import json

import httpx
import pytest
import stamina

from app.client import Client, NotAnswered, RateLimited, Refused, Unavailable, Unreadable
from app.client.generated import (
    CreateApplicationUserInput,
    GenerateTokenInput,
)
from tests.conftest import LiveServer

RETRY_AFTER_S = 1
JSON = {"Content-Type": "application/json"}


class Troubled(httpx.AsyncBaseTransport):
    """The way to the service, on which the first requests meet with something."""

    def __init__(self, *mishaps: str) -> None:
        self._mishaps = list(mishaps)
        self._way = httpx.AsyncHTTPTransport()
        self.sent: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, or have it fail."""
        self.sent.append(request)
        mishap = self._mishaps.pop(0) if self._mishaps else ""
        if mishap == "unreached":
            raise httpx.ConnectError("refused", request=request)
        if mishap in ("429", "503"):
            return _refusal(mishap, request)
        if mishap.startswith("proxy "):
            status = int(mishap.removeprefix("proxy "))
            return httpx.Response(status, html="<h1>Not now</h1>", request=request)
        response = await self._way.handle_async_request(request)
        if mishap == "another release":
            answer = (await response.aread()).replace(b'"ACTIVE"', b'"LATER"')
            return httpx.Response(200, content=answer, headers=JSON, request=request)
        if mishap == "lost":
            await response.aread()
            await response.aclose()
            raise httpx.ReadError("the connection broke", request=request)
        return response

    async def aclose(self) -> None:
        """Close the way."""
        await self._way.aclose()

    def inputs(self) -> list[dict[str, object]]:
        """Return the inputs that were sent."""
        asked = [json.loads(request.content)["variables"] for request in self.sent]
        return [each["input"] for each in asked if "input" in each]


def _refusal(status: str, request: httpx.Request) -> httpx.Response:
    code = {"429": "RATE_LIMITED", "503": "UNAVAILABLE"}[status]
    return httpx.Response(
        int(status),
        headers={"Retry-After": str(RETRY_AFTER_S)},
        json={"errors": [{"message": "Later.", "extensions": {"code": code}}]},
        request=request,
    )


def troubled(live_server: LiveServer, *mishaps: str) -> tuple[Client, Troubled]:
    way = Troubled(*mishaps)
    return Client(live_server.url, live_server.token, transport=way), way


@pytest.mark.parametrize("mishap", ["429", "503", "proxy 429", "proxy 502", "unreached", "lost"])
async def test_a_question_is_asked_again(live_server: LiveServer, mishap: str) -> None:
    client, way = troubled(live_server, mishap, mishap)
    async with client:
        viewer = await client.viewer()
    assert [each.organization_id for each in viewer.memberships] == [live_server.organization_id]
    assert len(way.sent) == 3


async def user(live_server: LiveServer, name: str) -> str:
    async with Client(live_server.url, live_server.token) as client:
        made = await client.create_application_user(
            CreateApplicationUserInput(organization_id=live_server.organization_id, name=name)
        )
    return made.application_user.id


async def test_a_token_whose_answer_is_lost_is_not_generated_twice(live_server: LiveServer) -> None:
    user_id = await user(live_server, "lost-answer")
    client, way = troubled(live_server, "lost")
    async with client:
        made = await client.generate_token(GenerateTokenInput(application_user_id=user_id))
        found = await client.tokens(live_server.organization_id, user_id)
    # It exists, and nobody has its text: the caller is told.
    assert made.typename__ == "GenerateTokenReplayed"
    assert [token.id for token in found.nodes] == [made.token.id]
    first, second = way.inputs()[:2]
    assert first["idempotencyKey"] == second["idempotencyKey"]


async def test_keys_are_of_one_call_and_the_callers_own_is_kept(live_server: LiveServer) -> None:
    user_id = await user(live_server, "keys")
    client, way = troubled(live_server)
    async with client:
        given = GenerateTokenInput(application_user_id=user_id)
        for _ in range(2):
            made = await client.generate_token(given)
            assert made.typename__ == "GenerateTokenSuccess"
        own = GenerateTokenInput(application_user_id=user_id, idempotency_key="deploy-1")
        await client.generate_token(own)
    assert given.idempotency_key is None
    keys = [each["idempotencyKey"] for each in way.inputs()]
    assert len(set(keys)) == 3
    assert keys[2] == "deploy-1"


@pytest.mark.parametrize(
    ("mishap", "error"),
    [("proxy 502", Unavailable), ("503", Unavailable), ("lost", NotAnswered)],
    ids=["proxy 502", "503", "lost"],
)
async def test_what_may_have_been_done_is_not_done_again(
    live_server: LiveServer, mishap: str, error: type[Exception]
) -> None:
    client, way = troubled(live_server, mishap)
    given = CreateApplicationUserInput(
        organization_id=live_server.organization_id, name=f"once-{mishap}"
    )
    async with client:
        with pytest.raises(error):
            await client.create_application_user(given)
    assert len(way.sent) == 1


@pytest.mark.parametrize("mishap", ["429", "proxy 429", "unreached"])
async def test_what_was_not_done_is_done_later(live_server: LiveServer, mishap: str) -> None:
    client, way = troubled(live_server, mishap)
    given = CreateApplicationUserInput(
        organization_id=live_server.organization_id, name=f"later-{mishap}"
    )
    async with client:
        await client.create_application_user(given)
        # The control: the second time it is refused, and that is no reason to ask again.
        with pytest.raises(Refused) as refused:
            await client.create_application_user(given)
    assert refused.value.kind == "NameTakenError"
    assert len(way.sent) == 3


async def test_it_waits_as_long_as_it_is_told(live_server: LiveServer) -> None:
    client, _ = troubled(live_server, "429")
    hooks = stamina.instrumentation.get_on_retry_hooks()
    told: list[float] = []
    stamina.instrumentation.set_on_retry_hooks([lambda details: told.append(details.wait_for)])
    try:
        async with client:
            await client.viewer()
    finally:
        stamina.instrumentation.set_on_retry_hooks(hooks)
    assert told == [RETRY_AFTER_S]


async def test_what_lasts_long_is_waited_for(live_server: LiveServer) -> None:
    client, way = troubled(live_server, *["429"] * 3, *["unreached"] * 5, "503")
    async with client:
        await client.viewer()
    assert len(way.sent) == 10


async def test_an_answer_of_another_release_says_nothing_of_what_it_holds(
    live_server: LiveServer,
) -> None:
    user_id = await user(live_server, "another-release")
    client, way = troubled(live_server, "another release")
    async with client:
        with pytest.raises(Unreadable) as failure:
            await client.generate_token(GenerateTokenInput(application_user_id=user_id))
    assert "appu_" not in f"{failure.value!r}{failure.value.__cause__!r}"
    assert failure.value.__suppress_context__
    assert len(way.sent) == 1


async def test_patience_ends(live_server: LiveServer) -> None:
    way = Troubled(*["429"] * 100)
    async with Client(live_server.url, live_server.token, patience_s=2, transport=way) as client:
        with pytest.raises(RateLimited, match="Later"):
            await client.viewer()
    assert 1 < len(way.sent) < 100
