"""An upgrade under traffic: the source of an earlier release, and clients that go on meanwhile."""

import asyncio
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.api_client import Api
from tests.credentials import WHO

ROOT = Path(__file__).parent.parent.parent
MIGRATIONS = "db/migrations/versions"
CLIENTS = 3


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


def _migrations(commit: str) -> set[tuple[str, str]]:
    """Return the migrations of a commit, each with the name of its content."""
    listed = _git("ls-tree", commit, f"{MIGRATIONS}/").splitlines()
    return {
        (Path(path).name, facts.split()[2])
        for facts, _, path in (line.partition("\t") for line in listed)
        if Path(path).name[0].isdigit()
    }


def find_earlier() -> str | None:
    """Return the latest commit whose migrations are the beginning of this tree's.

    None where the clone does not go back as far, or is none.
    """
    files = sorted((ROOT / MIGRATIONS).glob("[0-9]*.py"))
    try:
        contents = _git("hash-object", *map(str, files)).split()
        present = set(zip((file.name for file in files), contents, strict=True))
        for commit in _git("log", "--format=%H", "--", MIGRATIONS).split():
            for candidate in (commit, f"{commit}^"):
                found = _migrations(candidate)
                if found and found < present:
                    return candidate
    except (OSError, subprocess.CalledProcessError):
        # A shallow clone ends somewhere.
        return None
    return None


def unpack(commit: str, folder: Path) -> Path:
    """Write the source of a commit into a folder."""
    archive = subprocess.run(
        ["git", "archive", commit, "app", "db"], cwd=ROOT, check=True, capture_output=True
    )
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    return folder


@dataclass
class Traffic:
    """Clients that verify, mint and revoke at whichever nodes there are, and what went wrong."""

    token: str = field(repr=False)
    organization_id: str
    nodes: list[Api] = field(default_factory=list[Api])
    rounds: int = 0
    verifications: int = 0
    failures: list[str] = field(default_factory=list[str])

    async def add(self, clients: Any, url: str) -> Api:
        """Use one more node."""
        client = await clients.enter_async_context(
            httpx.AsyncClient(base_url=url.removesuffix("/graphql"), timeout=10)
        )
        node = Api(client, self.token)
        self.nodes.append(node)
        return node

    async def wait(self, rounds: int) -> None:
        """Return when so many more rounds are done, by whatever nodes there are by then."""
        end = self.rounds + rounds
        async with asyncio.timeout(60):
            while self.rounds < end:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def going_on(self) -> AsyncGenerator[None]:
        """Have the clients work until the block ends."""
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for number in range(CLIENTS):
                group.create_task(self._client(number, stop))
            try:
                yield
            finally:
                stop.set()

    async def _client(self, number: int, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self._round(number + self.rounds)
            except Exception as error:  # noqa: BLE001
                self.failures.append(f"{type(error).__name__}: {error}")
                await asyncio.sleep(0.1)
            self.rounds += 1

    async def _round(self, number: int) -> None:
        """Make a user with a token at one node, use it at the others, end it, use it again."""

        def node(behind: int) -> Api:
            return self.nodes[(number + behind) % len(self.nodes)]

        made = await node(0).mutate(
            "createApplicationUser",
            "applicationUser { id }",
            organizationId=self.organization_id,
            name=f"client {id(object())} {number} {self.verifications}",
        )
        user_id = made["applicationUser"]["id"]
        made = await node(1).mutate(
            "generateToken", "fullToken token { id }", applicationUserId=user_id
        )
        full = made["fullToken"]
        await self._verify(full, 200)
        if number % 2:
            done = await node(2).mutate(
                "revokeToken", "token { status }", tokenId=made["token"]["id"]
            )
        else:
            done = await node(2).mutate(
                "deleteApplicationUser", "revokedTokenCount", applicationUserId=user_id
            )
        if not done["__typename"].endswith("Success"):
            raise AssertionError(done)
        await self._verify(full, 401)
        if number % 2:
            await node(3).mutate(
                "deleteApplicationUser", "revokedTokenCount", applicationUserId=user_id
            )

    async def _verify(self, full: str, status: int) -> None:
        """Have every node verify a token."""
        for node in list(self.nodes):
            answer = await node.with_token(full).run(WHO)
            self.verifications += 1
            if answer.response.status_code != status:
                self.failures.append(
                    f"{answer.response.status_code} for {status}: {answer.response.text}"
                )
