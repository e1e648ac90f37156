"""A token in the URL is refused, wherever in it, before anything is done with it."""

from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest

from app.api import decoder
from tests.api.recorded_uses import activity
from tests.api.world import World
from tests.api_client import Api
from tests.service import Service

IDENTIFY = 'query($t: String!) { identifyToken(organizationId: "%", token: $t) { isActive } }'


def urls(world: World, token: str) -> dict[str, str]:
    """Return query strings with a text in them, by where it stands."""
    organization_id = world.organization.id
    document = IDENTIFY.replace("%", organization_id)
    literal = document.replace("query($t: String!) ", "").replace("$t", f'"{token}"')
    variables = f'{{"t": "{token}"}}'
    return {
        "in the document": urlencode({"query": literal}),
        "in a variable": urlencode({"query": document, "variables": variables}),
        "as a credential": urlencode({"query": "{ __typename }", "access_token": token}),
        "behind a plus": urlencode({"query": "{ __typename }", "note": f"it is {token}"}),
        "as the name of something": urlencode({"query": "{ __typename }", token: ""}),
        "bare": token,
        "percent-encoded": f"query={quote('{ __typename }')}&x="
        + "".join(f"%{ord(character):02x}" for character in token),
        "as the operation": urlencode({"query": "{ __typename }", "operationName": token}),
    }


async def get(api: Api, query: str, **headers: str) -> httpx.Response:
    """Ask by GET as the caller."""
    bearer = {"Authorization": f"Bearer {api.token}"}
    return await api.client.get(f"/graphql?{query}", headers=bearer | headers)


def check(response: httpx.Response, token: str) -> None:
    """Check that an answer is the refusal, and repeats nothing."""
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "BAD_REQUEST"}
    assert "never sent in a URL" in error["message"]
    assert token[5:27] not in response.text
    assert token[50:60] not in response.text
    assert response.headers["cache-control"] == "no-store"


async def test_wherever_it_stands(world: World, lazy: Service) -> None:
    caller = await lazy.caller(token=world.full)
    for query in urls(world, str(world.organization.admin.token)).values():
        check(await get(caller, query), str(world.organization.admin.token))
    # Nothing was looked up: not even who asked.
    await lazy.activity.flush()
    rows = await activity(world.organization.admin, world.organization.id, token=world.token_id)
    assert rows == []


async def test_whatever_the_method_or_the_media_type(world: World) -> None:
    admin = world.organization.admin
    check(await get(admin, f"x={world.full}", Accept="text/html"), world.full)
    response = await admin.client.post(
        f"/graphql?access_token={world.full}", json={"query": "{ __typename }"}
    )
    check(response, world.full)


@pytest.mark.parametrize("where", ["in the document", "in a variable"])
async def test_its_beginning_is_no_secret(world: World, where: str) -> None:
    response = await get(world.organization.admin, urls(world, world.full[:27])[where])
    assert response.json() == {"data": {"identifyToken": {"isActive": True}}}


async def test_control_without_the_check_it_is_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_in(_text: str) -> bool:
        return False

    monkeypatch.setattr(decoder.token_format, "is_in", is_in)
    for where in ("in the document", "in a variable"):
        response = await get(world.organization.admin, urls(world, world.full)[where])
        found: dict[str, Any] = response.json()
        assert found == {"data": {"identifyToken": {"isActive": True}}}
