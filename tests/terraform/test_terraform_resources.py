"""Users, groups, members and permissions: made, changed, imported, missed and destroyed."""

from app.client import Client
from app.client.generated import (
    DeleteApplicationUserInput,
    GrantPermissionsInput,
    RemoveGroupMembersInput,
)
from tests.conftest import LiveServer
from tests.terraform.workspace import Workspace

P = "appusers_organization"
EVERYTHING = """
resource "appusers_organization_application_user" "ci" {
  organization_id = var.organization_id
  name            = "tf-ci"
  description     = "Deploys."
}

resource "appusers_organization_application_user_token" "ci" {
  organization_id = var.organization_id
  user_id         = appusers_organization_application_user.ci.user_id
  max_age_seconds = 86400
  ip_allowlist    = ["192.0.2.0/24"]
  scopes          = ["user:read", "authentication:read"]
}

resource "appusers_organization_user_group" "auditors" {
  organization_id = var.organization_id
  name            = "tf-auditors"
}

resource "appusers_organization_user_group_member" "ci" {
  organization_id = var.organization_id
  group_id        = appusers_organization_user_group.auditors.group_id
  user_id         = appusers_organization_application_user.ci.user_id
}

resource "appusers_organization_permission" "auditors" {
  organization_id = var.organization_id
  resource_id     = var.organization_id
  principal_id    = appusers_organization_user_group.auditors.group_id
  permissions     = ["organization:event_logs:read"]
}
"""
SOURCES = """
data "appusers_organization_application_user" "by_name" {
  organization_id = var.organization_id
  name            = appusers_organization_application_user.ci.name
}

data "appusers_organization_application_user" "by_id" {
  organization_id = var.organization_id
  user_id         = appusers_organization_application_user.ci.user_id
}

data "appusers_organization_user_list" "all" {
  organization_id = var.organization_id
  depends_on      = [appusers_organization_application_user.ci]
}

output "idle" {
  value = [
    for user in data.appusers_organization_user_list.all.users : user.user_info[0].real_name
    if user.user_info[0].is_application_user && user.last_activity_time == null
  ]
}
"""
ADDRESSES = (
    f"{P}_application_user.ci",
    f"{P}_application_user_token.ci",
    f"{P}_user_group.auditors",
    f"{P}_user_group_member.ci",
    f"{P}_permission.auditors",
)


async def test_the_life_of_a_configuration(
    workspace: Workspace, template: Workspace, client: Client, live_server: LiveServer
) -> None:
    organization_id = live_server.organization_id
    workspace.write(EVERYTHING + SOURCES)
    assert "5 added, 0 changed, 0 destroyed" in await workspace.apply()
    made = workspace.state()
    user, group = made[ADDRESSES[0]], made[ADDRESSES[2]]
    assert user["id"] == f"{organization_id}/{user['user_id']}"
    assert user["email"]
    for which in ("by_name", "by_id"):
        assert made[f"{P}_application_user.{which}"]["email"] == user["email"]
    people = {each["user_id"]: each for each in made[f"{P}_user_list.all"]["users"]}
    assert people[user["user_id"]]["last_activity_time"] is None
    assert {each["user_info"][0]["is_application_user"] for each in people.values()} == {
        True,
        False,
    }
    assert (await workspace.plan()).code == 0

    await _imports(workspace, template, made)

    # What others grant and take shows, and so does who left a group.
    await client.grant_permissions(
        GrantPermissionsInput(
            principal_id=group["group_id"],
            resource_id=organization_id,
            permissions=["organization:billing:read"],
        )
    )
    await client.remove_group_members(
        RemoveGroupMembersInput(group_id=group["group_id"], user_ids=[user["user_id"]])
    )
    plan = await workspace.plan()
    assert "1 to add, 1 to change, 0 to destroy" in plan.output
    assert '- "organization:billing:read"' in plan.output

    # Names, descriptions and permissions change in place.
    workspace.write(
        EVERYTHING.replace("tf-ci", "tf-deployments")
        .replace('"Deploys."', "null")
        .replace("tf-auditors", "tf-readers")
        .replace("organization:event_logs:read", "organization:billing:read")
    )
    assert "1 added, 3 changed, 0 destroyed" in await workspace.apply()
    changed = workspace.state()
    assert changed[ADDRESSES[0]]["user_id"] == user["user_id"]
    assert changed[ADDRESSES[0]]["description"] is None
    assert changed[ADDRESSES[4]]["permissions"] == ["organization:billing:read"]
    assert (await workspace.plan()).code == 0

    # A user that was deleted elsewhere takes its token and membership along.
    await client.delete_application_user(
        DeleteApplicationUserInput(application_user_id=user["user_id"])
    )
    plan = await workspace.plan()
    assert "3 to add, 0 to change, 0 to destroy" in plan.output
    assert "2 destroyed" in await workspace.destroy()
    assert workspace.state() == {}


async def _imports(
    workspace: Workspace, template: Workspace, made: dict[str, dict[str, str]]
) -> None:
    """Import everything by its id: nothing is to change, but for a token's text being unknown."""
    other = Workspace(workspace.folder / "imports", workspace.environment)
    other.folder.mkdir()
    for path in (".terraform", ".terraform.lock.hcl", "versions.tf"):
        (other.folder / path).symlink_to(template.folder / path)
    blocks = (f'import {{\n  to = {each}\n  id = "{made[each]["id"]}"\n}}\n' for each in ADDRESSES)
    other.write(EVERYTHING + "\n".join(blocks))
    assert "5 imported, 0 added, 0 changed, 0 destroyed" in await other.apply()
    imported = other.state()
    unknown = dict.fromkeys(("full_token",))
    for address in ADDRESSES:
        before = made[address]
        assert imported[address] == before | (unknown if "full_token" in before else {})


async def test_what_cannot_be_imported(workspace: Workspace, live_server: LiveServer) -> None:
    organization_id = live_server.organization_id
    foreign = f"org_{'0' * 22}"
    bad = {
        f"{P}_application_user.one": (organization_id, "cannot be imported"),
        f"{P}_application_user.two": (f"{organization_id}/user_{'0' * 44}", "There is no"),
        f"{P}_application_user.three": (f"{foreign}/user_1", "not of this organization"),
    }
    workspace.write(
        "\n".join(
            f'resource "{P}_application_user" "{to.rpartition(".")[2]}" {{\n'
            f'  organization_id = var.organization_id\n  name = "never"\n}}\n'
            f'import {{\n  to = {to}\n  id = "{given}"\n}}'
            for to, (given, _) in bad.items()
        )
    )
    run = await workspace.plan()
    assert run.code == 1
    for _, said in bad.values():
        assert said in run.output
