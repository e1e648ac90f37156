"""Puts the provider where Terraform looks without being configured: its implied local mirror.

Standard library only: this also runs, and says what is missing, without the extra ``terraform``.
"""

import platform
import shutil
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

HOST, NAMESPACE, TYPE = "terraform.local", "application-users", "appusers"
SOURCE = f"{HOST}/{NAMESPACE}/{TYPE}"
MACHINES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}
# The same on every machine, because `.terraform.lock.hcl` has its checksum: which Python it is that
# runs it stands in a file beside the package.
PROGRAM = """\
#!/bin/sh
# Runs the provider with the Python that `appusers terraform install` was run with.
folder=$(CDPATH= cd -P -- "$(dirname -- "$0")/" && cd .. && pwd) || exit 1
exec "$(cat "$folder/python")" -P -m app.terraform.provider "$@"
"""


class InstallError(Exception):
    """Why the provider cannot be installed, and what to do."""


def default_folder() -> Path:
    """Return the folder of plugins that Terraform searches by itself."""
    return Path.home() / ".terraform.d" / "plugins"


def install(folder: Path | None = None) -> Path:
    """Write the provider, over what is there of this version; return the program's path.

    Raises InstallError.
    """
    if find_spec("tf") is None:
        raise InstallError(
            "The provider needs packages that are not installed:"
            f" {sys.executable} -m pip install 'application-users[terraform]'"
        )
    if sys.platform == "win32":
        raise InstallError("The provider runs on Linux and macOS; on Windows use WSL.")
    package = _version_folder(folder) / f"{sys.platform}_{_machine()}"
    program = package / f"terraform-provider-{TYPE}_v{version('application-users')}"
    package.mkdir(parents=True, exist_ok=True)
    (package.parent / "python").write_text(f"{sys.executable}\n")
    # A program that runs cannot be written to, but it can be replaced.
    written = package.parent / "program"
    written.write_text(PROGRAM)
    written.chmod(0o755)
    written.replace(program)
    return program


def uninstall(folder: Path | None = None) -> bool:
    """Remove this version; return whether there was one."""
    place = _version_folder(folder)
    if not place.is_dir():
        return False
    shutil.rmtree(place)
    return True


def required_providers() -> str:
    """Return what a configuration begins with."""
    return f"""\
terraform {{
  required_providers {{
    {TYPE} = {{
      source  = "{SOURCE}"
      version = "{version("application-users")}"
    }}
  }}
}}"""


def _version_folder(folder: Path | None) -> Path:
    place = default_folder() if folder is None else folder
    return place / HOST / NAMESPACE / TYPE / version("application-users")


def _machine() -> str:
    machine = platform.machine().lower()
    return MACHINES.get(machine, machine)
