"""``appusers sweep``: says what it would do, does it with --apply, and once however often."""

import json
from collections.abc import AsyncGenerator
from typing import Any

import asyncpg
import pytest

from tests.api.policies import age, events, set_policy
from tests.api_client import Organization
from tests.cli.processes import appusers
from tests.conftest import PEPPER
from tests.credentials import is_accepted
from tests.owner import Owner, token_key
from tests.postgres import Urls


@pytest.fixture
def environment(urls: Urls) -> dict[str, str]:
    return {"DATABASE_URL": urls.serving, "APPUSERS_PEPPER": PEPPER}


@pytest.fixture
async def owner(urls: Urls) -> AsyncGenerator[Owner]:
    connection = await asyncpg.connect(urls.owner)
    yield Owner(connection)
    await connection.close()


@pytest.fixture
async def tokens(organization: Organization, owner: Owner) -> dict[str, tuple[str, str]]:
    """Tokens (id and text) under a policy of 30 and 90 days, by what it does to them."""
    user_id = await organization.user()
    made: dict[str, tuple[str, str]] = {}
    for what, days, used in (("keep", 1, None), ("deactivate", 60, 40), ("revoke", 99, None)):
        made[what] = await organization.token(user_id)
        await age(owner, made[what][0], days, used=used)
    await owner.connection.execute(
        "UPDATE token SET deactivate_time = now() - interval '61 days'"
        " WHERE organization_id = $1 AND token_id = $2",
        *token_key(made["revoke"][0]),
    )
    await set_policy(organization, deactivateUnusedAfterDays=30, revokeUnusedAfterDays=90)
    return made


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


class TestDryRun:
    async def test_says_it_and_changes_nothing(
        self,
        environment: dict[str, str],
        organization: Organization,
        owner: Owner,
        tokens: dict[str, tuple[str, str]],
    ) -> None:
        before = await owner.snapshot(organization.id)
        shown = await appusers(environment, "sweep", organization.id)
        assert shown.code == 0
        head, *middle, last = shown.out.splitlines()
        assert head == organization.id
        assert last == (
            "Unused tokens: 1 to deactivate and 1 to revoke, in 1 organization."
            " Nothing was changed; --apply does it."
        )
        for act, line in zip(("deactivate", "revoke"), middle, strict=True):
            token_id, full = tokens[act]
            assert line.split()[:2] == [act, full[:27]]
            assert line.endswith(token_id)
            assert ("never used" in line) is (act == "revoke")
            assert full not in shown.out
        assert await owner.snapshot(organization.id) == before

    async def test_json(
        self,
        environment: dict[str, str],
        organization: Organization,
        tokens: dict[str, tuple[str, str]],
    ) -> None:
        shown = await appusers(environment, "sweep", organization.id, "--json")
        first, second = lines(shown.out)
        assert (first["act"], first["tokenId"]) == ("DEACTIVATE", tokens["deactivate"][0])
        assert (second["act"], second["tokenId"]) == ("REVOKE", tokens["revoke"][0])
        assert first["organizationId"] == organization.id
        assert first["tokenPrefix"] == tokens["deactivate"][1][:27]
        assert first["lastUsedTime"] == first["unusedSinceTime"]
        assert second["lastUsedTime"] is None
        assert second["unusedSinceTime"].endswith("Z")
        assert not first["isDone"]
        assert shown.err == ""

    async def test_without_policy_there_is_nothing(
        self, environment: dict[str, str], organization: Organization, owner: Owner
    ) -> None:
        token_id, _ = await organization.token(await organization.user())
        await age(owner, token_id, 9999)
        shown = await appusers(environment, "sweep", organization.id)
        assert shown.out.startswith("Unused tokens: 0 to deactivate and 0 to revoke")


class TestApply:
    async def test_does_it_once(
        self,
        environment: dict[str, str],
        organization: Organization,
        owner: Owner,
        tokens: dict[str, tuple[str, str]],
    ) -> None:
        command = ["sweep", organization.id, "--apply"]
        done = await appusers(environment, *command)
        assert done.code == 0
        assert "deactivated  appu_" in done.out
        assert "revoked      appu_" in done.out
        assert done.out.endswith("Unused tokens: 1 deactivated and 1 revoked, in 1 organization.\n")
        assert done.err == "1 deactivated, 1 revoked so far\n"
        accepted = {
            what: await is_accepted(organization.admin, full) for what, (_, full) in tokens.items()
        }
        assert accepted == {"keep": True, "deactivate": False, "revoke": False}
        found = await organization.admin.query(
            """query($d: ID!, $r: ID!) {
                d: node(id: $d) { ... on Token { status revokeTime } }
                r: node(id: $r) { ... on Token { status revokedBy { id } } } }""",
            d=tokens["deactivate"][0],
            r=tokens["revoke"][0],
        )
        assert found == {
            "d": {"status": "DEACTIVATED", "revokeTime": None},
            "r": {"status": "REVOKED", "revokedBy": None},
        }
        again = await appusers(environment, *command)
        assert again.out == "Unused tokens: 0 deactivated and 0 revoked, in 0 organizations.\n"
        for action in ("application_user:token:deactivate", "application_user:token:revoke"):
            (event,) = await events(owner, organization.id, action)
            assert (event["actor_kind"], event["actor_user_id"]) == ("OPERATOR", None)

    async def test_all_organizations(
        self,
        environment: dict[str, str],
        organization: Organization,
        tokens: dict[str, tuple[str, str]],
    ) -> None:
        done = await appusers(environment, "sweep", "--apply", "--json")
        swept = {line["tokenId"] for line in lines(done.out)}
        assert {tokens["deactivate"][0], tokens["revoke"][0]} <= swept
        assert tokens["keep"][0] not in swept
        assert all(line["isDone"] for line in lines(done.out))


class TestRefused:
    @pytest.mark.parametrize(
        ("organization_id", "said"),
        [
            ("nonsense", "not an organization's id"),
            ("", "not an organization's id"),
            ("org_" + "0" * 22, "no such organization"),
        ],
    )
    async def test_an_organization_that_is_none(
        self, environment: dict[str, str], organization_id: str, said: str
    ) -> None:
        refused = await appusers(environment, "sweep", "--apply", organization_id)
        assert refused.code == 1
        assert said in refused.err
        assert refused.out == ""

    async def test_wrong_usage(self, environment: dict[str, str]) -> None:
        assert (await appusers(environment, "sweep", "--force")).code == 2
