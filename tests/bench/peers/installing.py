"""Other people's services of keys, each installed by name and version in a folder of its own.

The folders are below the user's folder for caches and outlive a run. Nothing that is installed
here is a dependency of the project or can be imported by it.
"""

import hashlib
import os
import platform
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import platformdirs

from tests.bench import harness, installation
from tests.bench.harness import Target, say

PROGRAMS = Path(__file__).parent
PATIENCE = 600.0

DRF = (
    *("django==5.2.19", "djangorestframework==3.18.3", "gunicorn==27.0.1"),
    *("djangorestframework-api-key==3.1.0", "django-rest-knox==5.1.0"),
    *("psycopg[binary]==3.3.9", "asgiref==3.13.0", "sqlparse==0.6.1", "packaging==26.3"),
)
# The API key plugin asks for these of the libraries that better-auth shares with it.
BETTER_AUTH = (
    *("better-auth@1.7.5", "@better-auth/api-key@1.7.5", "@better-auth/core@1.7.5"),
    *("@better-auth/utils@0.4.2", "better-call@1.4.0", "pg@8.23.1"),
)


class NotInstalled(Exception):
    """The packages cannot be had on this machine; the text says why."""


@dataclass(frozen=True)
class Peer:
    """A service that says whether a key is good."""

    name: str
    packages: Sequence[str]
    install: Callable[[Path, Sequence[str]], None]
    make_keys: Sequence[str]
    """Arguments that make and print keys; their number follows. ``{folder}`` is the packages'."""
    serve: Sequence[str]
    """Arguments that serve, and print an address first."""
    path: str
    header: str
    """What comes before the key in a request."""

    @property
    def folder(self) -> Path:
        """Where the packages are: other versions, or another Python, are other folders."""
        what = " ".join([*self.packages, platform.python_version()])
        digest = hashlib.sha256(what.encode()).hexdigest()[:12]
        return platformdirs.user_cache_path("application-users") / f"bench-peer-{digest}"

    def ready(self) -> None:
        """Install the packages unless they are there. Raises NotInstalled."""
        complete = self.folder / "complete"
        if complete.exists():
            return
        say(f"peers: installing {' '.join(self.packages)} into {self.folder}")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        try:
            self.install(self.folder, self.packages)
        except (OSError, subprocess.SubprocessError) as error:
            raise NotInstalled(f"{self.name}: {error}") from None
        complete.touch()

    def keys(self, url: str, count: int) -> list[str]:
        """Fill an empty database with so many keys, and return them."""
        command = [*self._command(self.make_keys), str(count)]
        made = subprocess.run(
            command,
            env=os.environ | _environment(url),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=PATIENCE,
        )
        keys = made.stdout.split()
        if len(set(keys)) != count:
            raise RuntimeError(f"{self.name}: {len(set(keys))} keys, not {count}")
        return keys

    @contextmanager
    def serving(self, core: int, url: str) -> Generator[Target]:
        """Serve the database, all processes and threads on one core."""
        with installation.listening(core, self._command(self.serve), _environment(url)) as at:
            # Node starts threads before it can be told where to run.
            for thread in harness.threads(at.pid):
                os.sched_setaffinity(int(thread.name), {core})
            yield at

    def _command(self, arguments: Sequence[str]) -> list[str]:
        # A module of JavaScript finds its packages beside itself and nowhere else.
        for program in PROGRAMS.glob("*.mjs"):
            shutil.copy(program, self.folder)
        return [argument.format(folder=self.folder, programs=PROGRAMS) for argument in arguments]


def _environment(url: str) -> dict[str, str]:
    """Return where the database is, in libpq's words, and what the programs have to know."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        "PGHOST": query["host"][0],
        "PGPORT": query["port"][0],
        "PGUSER": parts.username or "",
        "PGDATABASE": parts.path.removeprefix("/"),
        "PEER_SECRET": secrets.token_urlsafe(48),
        "PYTHONPATH": str(PROGRAMS),
        "DJANGO_SETTINGS_MODULE": "drf_settings",
        "NODE_ENV": "production",
    }


def _with_pip(folder: Path, packages: Sequence[str]) -> None:
    _run(sys.executable, "-m", "venv", str(folder))
    pip = (str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install")
    _run(*pip, "--quiet", "--only-binary=:all:", *packages)


def _with_npm(folder: Path, packages: Sequence[str]) -> None:
    npm = ("npm", "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts")
    _run(*npm, "--prefix", str(folder), *packages)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, timeout=PATIENCE, stdout=sys.stderr)


def _drf(name: str, path: str, scheme: str) -> Peer:
    python = "{folder}/bin/python"
    return Peer(
        name,
        DRF,
        _with_pip,
        [python, "{programs}/drf_keys.py", path],
        [python, "-m", "gunicorn", "--config", "{programs}/gunicorn_settings.py"],
        f"/{path}",
        f"Authorization: {scheme}",
    )


PEERS = (
    Peer(
        "better-auth 1.7.5, `verifyApiKey`",
        BETTER_AUTH,
        _with_npm,
        ["node", "{folder}/better_auth.mjs", "keys"],
        ["node", "{folder}/better_auth.mjs", "serve"],
        "/",
        "X-Api-Key:",
    ),
    _drf("djangorestframework-api-key 3.1.0", "api-key", "Api-Key"),
    _drf("django-rest-knox 5.1.0", "knox", "Token"),
)
