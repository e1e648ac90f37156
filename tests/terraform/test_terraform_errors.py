"""What goes wrong is said with its cause, and state that may still be true is kept."""

import asyncio
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.client import Client
from app.client.generated import CreateApplicationUserInput, GenerateTokenInput
from tests.conftest import LiveServer
from tests.terraform.cut import Cutting
from tests.terraform.workspace import Workspace

USER, TOKEN = (f"appusers_organization_application_user{end}" for end in ("", "_token"))
CONFIGURATION = """
resource "appusers_organization_application_user" "foo" {
  organization_id = var.organization_id
  name            = "NAME"
}

resource "appusers_organization_application_user_token" "foo" {
  organization_id = var.organization_id
  user_id         = appusers_organization_application_user.foo.user_id
}
"""
INVALID = """
resource "appusers_organization_application_user" "foo" {
  organization_id = "user_1"
  name            = " spaces "
  description     = ""
  is_super_admin  = true
}

resource "appusers_organization_application_user_token" "foo" {
  organization_id  = var.organization_id
  user_id          = "user_1"
  max_age_seconds  = 60
  ip_allowlist     = ["10.0.0.1/8"]
  scopes           = []
}

resource "appusers_organization_application_user_token" "bar" {
  organization_id  = var.organization_id
  user_id          = "user_1"
  extend_when_used = true
}

data "appusers_organization_application_user" "both" {
  organization_id = var.organization_id
}
"""


def operator(live_server: LiveServer, *command: str) -> str:
    """Run a command of the service's operator."""
    return subprocess.run(
        [sys.executable, "-m", "app", *command],
        env=live_server.environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@pytest.fixture(scope="module")
def other(live_server: LiveServer) -> dict[str, str]:
    """Variables for another organization of the service."""
    made = json.loads(
        operator(live_server, "bootstrap", "--json", "--organization=Other", "--admin=a@b.example")
    )
    return {"APPUSERS_TOKEN": made["token"], "TF_VAR_organization_id": made["organizationId"]}


async def test_values_that_cannot_be_right(workspace: Workspace) -> None:
    workspace.write(INVALID)
    run = await workspace.terraform("validate", "-no-color")
    assert run.code == 1
    for said in (
        "It begins with org_.",
        "It begins or ends with white space",
        "It cannot be empty: leave it out.",
        "Making application users super admin is no longer supported.",
        "It is a whole number from 600 to 315360000",
        "10.0.0.1/8 has host bits set.",
        "It has 1 to 100 entries",
        "It needs `max_age_seconds`",
        "Set `user_id` or `name`",
    ):
        assert said in run.output


async def test_who_is_not_let_in_learns_why_and_loses_nothing(
    workspace: Workspace, other: dict[str, str], client: Client, live_server: LiveServer
) -> None:
    workspace.write(CONFIGURATION.replace("NAME", "tf-kept"))
    await workspace.apply()
    state = workspace.state()
    organization_id = live_server.organization_id
    powerless = await client.create_application_user(
        CreateApplicationUserInput(organization_id=organization_id, name="tf-powerless")
    )
    its = await client.generate_token(
        GenerateTokenInput(application_user_id=powerless.application_user.id)
    )
    assert its.typename__ == "GenerateTokenSuccess"
    expected = (
        ({"APPUSERS_TOKEN": "appu_nonsense"}, "The provider's token is not accepted"),
        ({"APPUSERS_TOKEN": its.full_token}, "organization:app_users:write"),
        ({"APPUSERS_TOKEN": other["APPUSERS_TOKEN"]}, "The provider's token is not of this"),
        ({"APPUSERS_URL": f"{live_server.url}/nowhere"}, "Something else than the service"),
        ({"APPUSERS_URL": "", "APPUSERS_TOKEN": ""}, "The provider knows no service"),
        ({"APPUSERS_URL": live_server.token}, "The address is not that of a service"),
    )
    runs = await asyncio.gather(
        *(workspace.plan("-lock=false", **changes) for changes, _ in expected)
    )
    for run, (changes, said) in zip(runs, expected, strict=True):
        assert run.code == 1
        assert said in run.output
        for token in (live_server.token, changes.get("APPUSERS_TOKEN") or live_server.token):
            assert token not in run.output
    # Not even what Terraform was told to destroy, blindly.
    for token in ("appu_nonsense", other["APPUSERS_TOKEN"]):
        run = await workspace.failing_apply("-destroy", "-refresh=false", APPUSERS_TOKEN=token)
        assert run.code == 1
        assert workspace.state() == state


async def test_what_was_made_before_the_limit_is_kept(
    workspace: Workspace, other: dict[str, str], live_server: LiveServer
) -> None:
    operator(live_server, "organization", "set-limit", other["TF_VAR_organization_id"], "1")
    workspace = replace(workspace, environment=workspace.environment | other)
    second = (
        f'resource "{USER}" "bar" {{\n  organization_id = var.organization_id\n'
        f'  name = "second"\n  depends_on = [{TOKEN}.foo]\n}}'
    )
    workspace.write(CONFIGURATION.replace("NAME", "first") + second)
    run = await workspace.failing_apply()
    assert run.code == 1
    assert "The limit of application users is reached" in run.output
    assert "requestLimitIncrease" in run.output
    assert set(workspace.state()) == {f"{USER}.foo", f"{TOKEN}.foo"}
    # What only the service can tell is told at the resource.
    workspace.write(
        CONFIGURATION.replace("NAME", "first").replace(
            "application_user.foo.user_id", 'application_user.foo.user_id\n  scopes = ["a:b"]'
        )
    )
    run = await workspace.failing_apply()
    assert run.code == 1
    assert "The service refuses a value" in run.output
    assert "with appusers_organization_application_user_token.foo" in run.output


async def test_a_lost_answer_is_told(
    workspace: Workspace, tmp_path: Path, live_server: LiveServer
) -> None:
    """The user exists, but its answer was lost; the token exists, and its text nobody has."""
    workspace.write(CONFIGURATION.replace("NAME", "tf-lost"))
    with Cutting(live_server.url) as cut:
        cut.operations = {"CreateApplicationUser": 1}
        run = await workspace.failing_apply(APPUSERS_URL=cut.url)
        assert run.code == 1
        assert "The answer was lost, and an application user 'tf-lost' is there" in run.output
        found = run.output.partition("import it as ")[2].partition(";")[0]
        workspace.write(
            CONFIGURATION.replace("NAME", "tf-lost")
            + f'import {{\n  to = {USER}.foo\n  id = "{found}"\n}}'
        )
        cut.operations = {"GenerateToken": 1}
        run = await workspace.failing_apply(APPUSERS_URL=cut.url)
        assert run.code == 1
        assert "the answer that held it was lost" in run.output
        assert workspace.status(f"{TOKEN}.foo") == "tainted"
        half = workspace.state()[f"{TOKEN}.foo"]
        assert half["full_token"] is None
        assert "1 added, 0 changed, 1 destroyed" in await workspace.apply(APPUSERS_URL=cut.url)
        whole = workspace.state()[f"{TOKEN}.foo"]
        assert whole["full_token"].startswith(whole["token_prefix"])
        assert whole["token_id"] != half["token_id"]
        assert (await workspace.plan(APPUSERS_URL=cut.url)).code == 0
