"""The configuration of the README is applied as it is printed."""

from pathlib import Path

from app.client import Client
from tests.conftest import LiveServer
from tests.terraform.workspace import Workspace

README = (Path(__file__).parents[2] / "README.md").read_text()
(PRINTED,) = (
    block.partition("\n```")[0]
    for block in README.split("tests/terraform/test_terraform_readme.py -->\n```hcl\n")[1:]
)


async def test_the_configuration_of_the_readme(
    template: Workspace, live_server: LiveServer, tmp_path: Path
) -> None:
    workspace = Workspace(tmp_path, template.environment)
    workspace.write(PRINTED, "readme.tf")
    init = await workspace.terraform("init", "-no-color", "-input=false")
    assert init.code == 0, init.output
    assert "5 added" in await workspace.apply()
    assert (await workspace.plan()).code == 0
    token = await workspace.terraform("output", "-raw", "token")
    async with Client(live_server.url, token.output) as itself:
        viewer = await itself.viewer()
        assert viewer.memberships[0].permissions == ["organization:event_logs:read"]
    assert "5 destroyed" in await workspace.destroy()
