"""Real gateways, configured as the README says."""

import asyncio
import os
import re
import shutil
import socket
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.waiting import until

README = Path(__file__).parents[2] / "README.md"
START_SECONDS = 30.0

# What belongs around the README's file: Debian's nginx.conf includes conf.d in the same place.
_NGINX_CONF = """
daemon off;
pid nginx.pid;
error_log error.log;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include application.conf;
}}
"""
# Without it Caddy listens for its own commands, and looks for certificates.
_CADDYFILE = "{\n\tadmin off\n\tauto_https off\n}\n"


@dataclass(frozen=True)
class Program:
    """A gateway that may be installed, and its part of the README."""

    name: str
    block: str
    """What the README's block of it begins with."""
    listens: str
    """Where it listens, in the README's words; ``{port}`` is what stands there in a test."""
    listens_here: str
    prepare: Callable[[Path, str], Sequence[str]]
    """Writes the configuration into a folder and returns the arguments to start it with."""

    def path(self) -> str:
        """Return where it is installed. Skips the test where it is not, and fails it in CI."""
        if sys.platform != "linux":
            pytest.skip("The clients of these tests have loopback addresses that Linux alone has.")
        beside = Path(sys.executable).parent / self.name
        found = str(beside) if beside.exists() else shutil.which(self.name)
        # Debian has it where only root looks.
        found = found or shutil.which(self.name, path="/usr/sbin:/usr/local/sbin")
        if found is None:
            missing = f"{self.name} is not installed, and these tests drive one."
            if os.environ.get("CI") == "true":
                pytest.fail(missing)
            pytest.skip(missing)
        return found

    def configuration(self) -> str:
        """Return the README's block."""
        section = README.read_text().split("\n## Behind a gateway\n")[1].split("\n## ")[0]
        blocks: list[str] = re.findall(r"\n```\w+\n(.*?)\n```", section, re.DOTALL)
        (block,) = (block for block in blocks if block.startswith(self.block))
        return block + "\n"


def _prepare_nginx(folder: Path, configuration: str) -> Sequence[str]:
    # Its workers go to an account that cannot read a folder of ours.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_NGINX_CONF.format(user=user))
    (folder / "application.conf").write_text(configuration)
    return ["-p", str(folder), "-c", "nginx.conf"]


def _prepare_envoy(folder: Path, configuration: str) -> Sequence[str]:
    (folder / "envoy.yaml").write_text(configuration)
    return [
        *("-c", str(folder / "envoy.yaml"), "--concurrency", "1"),
        *("--use-dynamic-base-id", "--log-level", "warning"),
    ]


def _prepare_caddy(folder: Path, configuration: str) -> Sequence[str]:
    (folder / "Caddyfile").write_text(_CADDYFILE + configuration)
    return ["run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


NGINX = Program("nginx", "upstream", "listen 80;", "listen 127.0.0.1:{port};", _prepare_nginx)
ENVOY = Program(
    "envoy",
    "static_resources:",
    "{ address: 0.0.0.0, port_value: 80 }",
    "{{ address: 127.0.0.1, port_value: {port} }}",
    _prepare_envoy,
)
CADDY = Program("caddy", ":80 {", ":80 {", "http://127.0.0.1:{port} {{", _prepare_caddy)
PROGRAMS = (NGINX, ENVOY, CADDY)
"""Those that run here. Traefik is in no distribution's packages."""


@asynccontextmanager
async def started(
    program: Program, folder: Path, replacements: Sequence[tuple[str, str]]
) -> AsyncGenerator[str]:
    """Start a gateway on a free port and yield its address.

    Each replacement has to find what it replaces in the README's configuration.
    """
    path, configuration, port = program.path(), program.configuration(), free_port()
    here = program.listens_here.format(port=port)
    for old, new in [(program.listens, here), *replacements]:
        assert old in configuration, old
        configuration = configuration.replace(old, new)
    arguments = program.prepare(folder, configuration)
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            path,
            *arguments,
            cwd=folder,
            env=os.environ | {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
            stdout=log,
            stderr=log,
        )
    try:

        async def listens() -> bool:
            assert process.returncode is None, (folder / "log").read_text()
            return await asyncio.to_thread(_accepts, port)

        await until(listens, START_SECONDS)
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _accepts(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
