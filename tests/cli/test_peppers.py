"""The pepper changed under traffic, as the runbook has it: no token of any node is refused."""

import json
from contextlib import AsyncExitStack

import pytest
from pydantic import SecretStr

from tests.api import hooks
from tests.api_client import Organization
from tests.cli.processes import appusers
from tests.cli.restored import bootstrapped
from tests.conftest import PEPPER, settings_for
from tests.credentials import is_accepted
from tests.postgres import Server, Urls
from tests.service import started

NEW = "another-pepper-for-tests-longer-than-32-characters"
OLD_ALONE, STAGED, CHANGED, NEW_ALONE = (
    PEPPER,
    f"1:{PEPPER},2:{NEW}",
    f"2:{NEW},1:{PEPPER}",
    f"2:{NEW}",
)


@pytest.fixture
async def urls(server: Server) -> Urls:
    return await server.copy()


class Nodes:
    """Services on one database, each with a pepper of its own."""

    def __init__(self, urls: Urls, stack: AsyncExitStack) -> None:
        self.urls = urls
        self.stack = stack

    async def start(self, pepper: str, like: Organization) -> Organization:
        """Start a node and return the organization as seen through it."""
        settings = settings_for(self.urls, pepper=SecretStr(pepper))
        service = await self.stack.enter_async_context(started(settings))
        return Organization(like.id, like.admin_id, await service.caller(token=like.admin.token))


def environment(urls: Urls, pepper: str) -> dict[str, str]:
    return {
        "DATABASE_URL": urls.serving,
        "APPUSERS_MIGRATION_DATABASE_URL": urls.owner,
        "APPUSERS_PEPPER": pepper,
    }


async def counted(urls: Urls, pepper: str) -> tuple[int, dict[int, tuple[str, int, int]]]:
    """Return the exit code of ``appusers peppers``, and what it says of each version."""
    done = await appusers(environment(urls, pepper), "peppers", "--json")
    found = [json.loads(line) for line in done.out.splitlines()]
    return done.code, {
        line["version"]: (line["use"], line["tokenCount"], line["webhookCount"]) for line in found
    }


async def test_two_nodes_change_it(urls: Urls) -> None:
    async with AsyncExitStack() as stack:
        nodes = Nodes(urls, stack)
        organization = await bootstrapped(urls, stack)
        old = await nodes.start(OLD_ALONE, organization)
        user_id = await old.user()
        token_id, first = await old.token(user_id)
        # Every node learns the pepper before one of them uses it …
        staged = await nodes.start(STAGED, organization)
        _, second = await staged.token(user_id)
        assert await is_accepted(old.admin, second)
        # … then they use it, one behind the other, beside those that do not yet.
        changed = await nodes.start(CHANGED, organization)
        _, third = await changed.token(user_id)
        webhook_id = await hooks.made(changed)
        for node in (staged, changed):
            for full in (first, second, third):
                assert await is_accepted(node.admin, full)
        # The control: a node that was left out refuses what the others made.
        assert not await is_accepted(old.admin, third)
        code, found = await counted(urls, OLD_ALONE)
        assert (code, found[2][0]) == (1, "MISSING")

        code, found = await counted(urls, CHANGED)
        assert (code, found) == (0, {2: ("CURRENT", 1, 1), 1: ("OLDER", 3, 0)})
        # Tokens leave the old pepper by being rotated; the administrator's own by a new one.
        await changed.admin.mutate("rotateToken", "__typename", tokenId=token_id)
        _, found = await counted(urls, CHANGED)
        assert (found[2][1], found[1][1]) == (2, 2)
        await changed.admin.mutate("deleteApplicationUser", "__typename", applicationUserId=user_id)
        await hooks.delete(changed, webhook_id)
        _, found = await counted(urls, CHANGED)
        assert found == {2: ("CURRENT", 0, 0), 1: ("OLDER", 1, 0)}
        # Nothing but the administrator's token needs the old one, and goes with it.
        after = await nodes.start(NEW_ALONE, organization)
        assert not await is_accepted(after.admin, organization.admin.token or "")
        code, found = await counted(urls, NEW_ALONE)
        assert (code, found[1]) == (1, ("MISSING", 1, 0))


async def test_in_words(urls: Urls) -> None:
    done = await appusers(environment(urls, STAGED), "peppers")
    assert done.out.splitlines() == [
        "version 2: verifies what it made; needed by 0 live tokens and 0 webhook endpoints",
        "version 1: makes what is new; needed by 0 live tokens and 0 webhook endpoints",
    ]
    for name in ("APPUSERS_PEPPER", "APPUSERS_MIGRATION_DATABASE_URL"):
        missing = environment(urls, STAGED)
        del missing[name]
        refused = await appusers(missing, "peppers")
        assert (refused.code, name in refused.err) == (1, True)
