"""Tokens that are made anew: by keepers, by `replace_triggered_by`, by what is not known yet."""

from app.client import Client
from tests.conftest import LiveServer
from tests.terraform.workspace import Workspace

TOKEN = "appusers_organization_application_user_token.foo"
ROTATING = """
resource "appusers_organization_application_user" "foo" {
  organization_id = var.organization_id
  name            = "tf-rotation"
}

resource "terraform_data" "clock" {
  input = "January"
}

resource "appusers_organization_application_user_token" "foo" {
  organization_id = var.organization_id
  user_id         = appusers_organization_application_user.foo.user_id
  description     = "since ${terraform_data.clock.output}"
  KEEPERS
  lifecycle {
    create_before_destroy = true
    TRIGGER
  }
}
"""
KEPT = ROTATING.replace("KEEPERS", "keepers = { clock = terraform_data.clock.id }").replace(
    "TRIGGER", ""
)
TRIGGERED = ROTATING.replace("KEEPERS", "").replace(
    "TRIGGER", "replace_triggered_by = [terraform_data.clock]"
)


async def test_rotation(workspace: Workspace, live_server: LiveServer) -> None:
    workspace.write(TRIGGERED)
    await workspace.apply()
    first = workspace.state()[TOKEN]
    assert first["description"] == "since January"
    # To begin keeping makes no other token.
    workspace.write(KEPT)
    assert "0 added, 1 changed, 0 destroyed" in await workspace.apply()
    kept = workspace.state()[TOKEN]
    assert kept["token_id"] == first["token_id"]
    assert kept["full_token"] == first["full_token"]
    assert list(kept["keepers"]) == ["clock"]
    # A clock that has run down is gone from the state, and made anew in the next plan: this is
    # how `time_rotating` rotates, which `replace_triggered_by` does not notice.
    assert (await workspace.terraform("state", "rm", "terraform_data.clock")).code == 0
    said = await workspace.apply()
    assert "2 added, 0 changed, 1 destroyed" in said
    second = workspace.state()[TOKEN]
    assert second["token_id"] != first["token_id"]
    assert said.index("foo: Creation complete") < said.index("foo: Destruction complete")
    async with Client(live_server.url, second["full_token"]) as itself:
        assert await itself.viewer()
    assert second["keepers"] != kept["keepers"]
    # To end keeping makes none either.
    workspace.write(TRIGGERED)
    assert "0 added, 1 changed, 0 destroyed" in await workspace.apply()
    workspace.write(TRIGGERED.replace("January", "February"))
    assert "1 added, 1 changed, 1 destroyed" in await workspace.apply()
    third = workspace.state()[TOKEN]
    assert third["token_id"] != second["token_id"]
    assert third["description"] == "since February"
    assert third["keepers"] is None
    assert (await workspace.plan()).code == 0
