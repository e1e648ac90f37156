"""A folder with a configuration, and the real ``terraform`` run in it."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import LiveServer

BEGIN = """\
variable "organization_id" {
  type = string
}
"""


@dataclass(frozen=True)
class Run:
    """What a run of ``terraform`` came to."""

    code: int
    output: str
    """Both streams, as a person sees them."""


@dataclass(frozen=True)
class Workspace:
    """A folder of its own; nothing of the machine's configuration of Terraform counts in it."""

    folder: Path
    environment: dict[str, str] = field(repr=False)

    def write(self, text: str, name: str = "main.tf") -> None:
        """Write the configuration."""
        (self.folder / name).write_text(BEGIN * (name == "main.tf") + text)

    async def terraform(self, *command: str, **changes: str) -> Run:
        """Run a command without colours and questions."""
        process = await asyncio.create_subprocess_exec(
            "terraform",
            *command,
            cwd=self.folder,
            env=self.environment | changes,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        assert process.returncode is not None
        # Terraform wraps and frames what it says.
        said = " ".join(output.decode().replace("│", " ").split())
        return Run(process.returncode, said)

    async def apply(self, *options: str, **changes: str) -> str:
        """Apply the configuration and return what Terraform says."""
        run = await self.failing_apply(*options, **changes)
        assert run.code == 0, run.output
        return run.output

    async def failing_apply(self, *options: str, **changes: str) -> Run:
        """Apply it, whatever comes of it."""
        return await self.terraform(
            "apply", "-no-color", "-input=false", "-auto-approve", *options, **changes
        )

    async def plan(self, *options: str, **changes: str) -> Run:
        """Plan: code 0 is nothing to do, 2 something, 1 an error."""
        return await self.terraform(
            "plan", "-no-color", "-input=false", "-detailed-exitcode", *options, **changes
        )

    async def destroy(self) -> str:
        """Destroy everything."""
        return await self.apply("-destroy")

    def state(self) -> dict[str, dict[str, Any]]:
        """Return the attributes of what is managed, and of data sources, by ``type.name``."""
        stored = json.loads((self.folder / "terraform.tfstate").read_text())
        return {
            f"{each['type']}.{each['name']}": instance["attributes"]
            for each in stored["resources"]
            for instance in each["instances"]
        }

    def status(self, address: str) -> str | None:
        """Return whether a managed thing is ``tainted``."""
        kind, name = address.split(".")
        stored = json.loads((self.folder / "terraform.tfstate").read_text())
        (found,) = (
            instance.get("status")
            for each in stored["resources"]
            if (each["type"], each["name"]) == (kind, name)
            for instance in each["instances"]
        )
        return found


def environment(home: Path, live_server: LiveServer) -> dict[str, str]:
    """Return the environment of a person without any configuration, who calls a service."""
    empty = home / "empty.tfrc"
    empty.touch()
    others = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    return others | {
        "HOME": str(home),
        "TF_CLI_CONFIG_FILE": str(empty),
        "CHECKPOINT_DISABLE": "1",
        "APPUSERS_URL": live_server.url,
        "APPUSERS_TOKEN": live_server.token,
        "TF_VAR_organization_id": live_server.organization_id,
    }


def installed(folder: Path, live_server: LiveServer) -> Workspace:
    """Install the provider for a home of its own and initialize a folder with it, as printed."""
    home, place = folder / "home", folder / "template"
    home.mkdir()
    place.mkdir()
    made = Workspace(place, environment(home, live_server))
    install = subprocess.run(
        [sys.executable, "-m", "app", "terraform", "install"],
        env=made.environment,
        check=True,
        capture_output=True,
        text=True,
    )
    made.write(install.stdout, "versions.tf")
    subprocess.run(
        ["terraform", "init", "-no-color", "-input=false"],
        cwd=place,
        env=made.environment,
        check=True,
        capture_output=True,
    )
    return made


def copied(template: Workspace, folder: Path) -> Workspace:
    """Return a workspace of its own that is initialized already."""
    shutil.copytree(template.folder, folder, symlinks=True, dirs_exist_ok=True)
    return Workspace(folder, template.environment)
