"""The tasks of the reference page do what they say, and the page is what is printed."""

import re
from pathlib import Path

import pytest

import app.client
from app.client import Client, Unauthenticated
from tests.client import tasks
from tests.conftest import LiveServer
from tests.reference import client as reference

PAGE = Path(__file__).parents[2] / "app" / "client" / "REFERENCE.md"


async def test_the_tasks(live_server: LiveServer, capsys: pytest.CaptureFixture[str]) -> None:
    organization_id = live_server.organization_id
    async with Client(live_server.url, live_server.token) as client:
        user_id = await tasks.create_an_application_user(client, organization_id)
        await tasks.let_it_do_something(client, organization_id, user_id)
        held = await client.effective_permissions(user_id, organization_id)
        assert held.permissions == ["project:services:read"]
        token_id, _ = await tasks.generate_a_token(client, user_id)
        await tasks.see_when_tokens_were_used(client, organization_id, user_id)
        assert capsys.readouterr().out.endswith(" None None\n")
        successor = await tasks.rotate_a_token(client, token_id)
        assert successor.startswith("appu_")
        assert token_id not in await tasks.find_unused_tokens(client, organization_id)
        await tasks.revoke_a_token(client, token_id)
        assert await tasks.delete_an_application_user(client, user_id) == 1
    async with Client(live_server.url, successor) as itself:
        with pytest.raises(Unauthenticated):
            await itself.viewer()


def test_what_is_raised_can_be_imported() -> None:
    raised = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(), re.MULTILINE)
    assert {"Refused", "Unreached"} <= set(raised)
    assert [name for name in raised if name not in app.client.__all__] == []


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == reference.page()
