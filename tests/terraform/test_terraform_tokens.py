"""The model's acceptance test for tokens, with names changed, and what becomes of tokens after."""

import pytest

from app.client import Client, Unauthenticated
from app.client.generated import RevokeTokenInput
from tests import waiting
from tests.conftest import LiveServer
from tests.terraform.workspace import Workspace

USER = """
resource "appusers_organization_application_user" "foo" {
  organization_id = var.organization_id
  name            = "tf-tokens"
}
"""
FULL = """
resource "appusers_organization_application_user_token" "full" {
  organization_id  = var.organization_id
  user_id          = appusers_organization_application_user.foo.user_id
  description      = "DESCRIPTION"
  max_age_seconds  = 3600
  extend_when_used = true
  scopes           = ["user:read"]
  ip_allowlist     = ["10.0.0.0/8", "192.0.2.7"]
}
"""
REQUIRED = """
resource "appusers_organization_application_user_token" "required" {
  organization_id = var.organization_id
  user_id         = appusers_organization_application_user.foo.user_id
}
"""
KIND = "appusers_organization_application_user_token"


async def test_the_models_acceptance_test(
    workspace: Workspace, client: Client, live_server: LiveServer
) -> None:
    workspace.write(USER + FULL + REQUIRED)
    said = await workspace.apply()
    assert said.count("A token is stored in the state") == 1
    full, required = (workspace.state()[f"{KIND}.{name}"] for name in ("full", "required"))
    assert full["max_age_seconds"] == 3600
    assert full["expiry_time"] is not None
    assert full["ip_allowlist"] == ["10.0.0.0/8", "192.0.2.7"]
    assert required["scopes"] is None
    assert required["expiry_time"] is None
    for token in (full, required):
        assert token["full_token"].startswith(token["token_prefix"])
        assert token["full_token"] not in said
        assert token["created_manually"] is True
        assert token["currently_active"] is False
    async with Client(live_server.url, required["full_token"]) as itself:
        assert await itself.viewer()

    async def is_shown() -> bool:
        shown = await client.token(required["token_id"])
        return shown is not None and shown.last_used_time is not None

    await waiting.until(is_shown)
    # Nothing is to do although one was used, and the texts outlive a refresh.
    assert (await workspace.plan()).code == 0
    await workspace.apply("-refresh-only")
    assert workspace.state()[f"{KIND}.required"]["last_ip"] == "127.0.0.1"
    assert workspace.state()[f"{KIND}.full"]["full_token"] == full["full_token"]
    assert workspace.state()[f"{KIND}.required"]["full_token"] == required["full_token"]
    # A description changes in place, a lifetime makes another token.
    workspace.write(USER + FULL.replace("DESCRIPTION", "changed").replace("3600", "7200"))
    plan = await workspace.plan()
    assert "1 to add, 0 to change, 2 to destroy" in plan.output
    workspace.write(USER + FULL.replace("DESCRIPTION", "changed") + REQUIRED)
    assert "0 added, 1 changed, 0 destroyed" in await workspace.apply()
    changed = workspace.state()[f"{KIND}.full"]
    assert changed["description"] == "changed"
    assert changed["full_token"] == full["full_token"]
    # One that was revoked elsewhere is made anew, and nothing else is to do.
    await client.revoke_token(RevokeTokenInput(token_id=required["token_id"]))
    said = await workspace.apply()
    assert "1 to add, 0 to change, 0 to destroy" in said
    assert "A token is revoked" in said
    anew = workspace.state()[f"{KIND}.required"]
    assert anew["token_id"] != required["token_id"]
    await workspace.destroy()
    assert workspace.state() == {}
    async with Client(live_server.url, anew["full_token"]) as itself:
        with pytest.raises(Unauthenticated):
            await itself.viewer()
