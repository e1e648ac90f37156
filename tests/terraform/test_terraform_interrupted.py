"""Somebody stops Terraform while the service makes something."""

import asyncio
import os
import signal

from tests.conftest import LiveServer
from tests.terraform.cut import Cutting
from tests.terraform.workspace import Workspace

USER = "appusers_organization_application_user"
CONFIGURATION = f"""
resource "{USER}" "foo" {{
  organization_id = var.organization_id
  name            = "tf-interrupted"
}}
"""


async def test_what_is_made_after_ctrl_c_is_in_the_state(
    workspace: Workspace, live_server: LiveServer
) -> None:
    workspace.write(CONFIGURATION)
    with Cutting(live_server.url) as proxy:
        proxy.held = "CreateApplicationUser"
        process = await asyncio.create_subprocess_exec(
            *("terraform", "apply", "-no-color", "-input=false", "-auto-approve"),
            cwd=workspace.folder,
            env=workspace.environment | {"APPUSERS_URL": proxy.url, "TF_LOG_CORE": "trace"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=2**20,
            # A terminal sends Ctrl-C to a group of processes, the provider among them.
            start_new_session=True,
        )
        assert process.stdout is not None
        assert await asyncio.to_thread(proxy.is_holding.wait, 60)
        os.killpg(process.pid, signal.SIGINT)
        # Terraform has told the provider to stop.
        while b"GRPCProvider.v6: Stop" not in (line := await process.stdout.readline()):
            assert line
        proxy.release.set()
        await process.communicate()
    assert workspace.state()[f"{USER}.foo"]["user_id"].startswith("user_")
    assert workspace.status(f"{USER}.foo") is None
    assert (await workspace.plan()).code == 0
