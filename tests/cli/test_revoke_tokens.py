"""``appusers organization revoke-tokens``: all that were made until a time, for a backup alone."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from app.cli import main
from tests.api.policies import age, events
from tests.api_client import Organization
from tests.cli.processes import appusers
from tests.conftest import PEPPER
from tests.credentials import is_accepted
from tests.owner import Owner
from tests.postgres import Urls

COMMAND = ("organization", "revoke-tokens")


@pytest.fixture
def environment(urls: Urls) -> dict[str, str]:
    return {"DATABASE_URL": urls.serving, "APPUSERS_PEPPER": PEPPER}


async def test_ends_what_was_made_before(
    environment: dict[str, str], organization: Organization, owner: Owner
) -> None:
    user_id = await organization.user()
    (old_id, old), (_, fresh) = [await organization.token(user_id) for _ in range(2)]
    await age(owner, old_id, 2)
    until = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    command = (*COMMAND, organization.id, "--created-until", until)
    planned = await appusers(environment, *command)
    assert planned.code == 0, planned.err
    assert f"{old[:27]}  {old_id}" in planned.out
    assert "1 to revoke, in 1 organization. Nothing was changed; --apply does it." in planned.out
    assert await is_accepted(organization.admin, old)
    done = await appusers(environment, *command, "--apply")
    assert "1 revoked, in 1 organization." in done.out
    assert not await is_accepted(organization.admin, old)
    assert await is_accepted(organization.admin, fresh)
    again = await appusers(environment, *command, "--apply")
    assert "0 revoked, in 0 organizations." in again.out
    (event,) = await events(owner, organization.id, "application_user:token:revoke")
    assert (event["actor_kind"], event["actor_user_id"]) == ("OPERATOR", None)


async def test_now_goes_by_no_clock_of_this_machine(
    environment: dict[str, str], organization: Organization, owner: Owner
) -> None:
    token_id, token = await organization.token(await organization.user())
    await age(owner, token_id, -1)  # The database's clock is a day ahead.
    command = (*COMMAND, organization.id, "--created-until", "now", "--apply")
    done = await appusers(environment, *command)
    assert "Tokens made until now: 2 revoked, in 1 organization." in done.out
    assert not await is_accepted(organization.admin, token)


async def test_people_get_another_one(
    environment: dict[str, str], organization: Organization
) -> None:
    command = (*COMMAND, organization.id, "--created-until", "now", "--apply")
    assert (await appusers(environment, *command)).code == 0
    assert organization.admin.token is not None
    assert not await is_accepted(organization.admin, organization.admin.token)
    made = await appusers(
        environment, "organization", "new-token", organization.id, organization.admin_id
    )
    (token,) = [word for word in made.out.split() if word.startswith("appu_")]
    assert await is_accepted(organization.admin, token)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--created-until", "now"],
        ["org_0000000000000000000001"],
        ["org_0000000000000000000001", "--all", "--created-until", "now"],
        ["--all", "--created-until", "yesterday"],
        ["--all", "--created-until", "2026-01-01T00:00:00"],
        ["--all", "--created-until", "2999-01-01T00:00:00Z"],
        ["--all", "--created-until", "0001-01-01T00:00:00+14:00"],
    ],
)
def test_wrong_usage(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, [*COMMAND, *arguments]).exit_code == 2
