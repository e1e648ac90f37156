"""No secret is in any log at any level, nor in any row: whole lives of tokens, then a search.

What is printed for a person at a start or by ``bootstrap`` is no log; it goes to standard output.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from tests.api_client import Api
from tests.postgres import SERVING_PASSWORD, Server, Urls
from tests.waiting import until

PEPPER = "a-pepper-that-no-log-may-hold-0123456789"
COMMAND = [sys.executable, "-m", "app"]


@dataclass(frozen=True)
class Served:
    """A process that serves, with its files of output."""

    url: str
    urls: Urls
    folder: Path
    admin: dict[str, str]

    def output(self) -> str:
        """Return all that it wrote so far."""
        return "".join((self.folder / name).read_text() for name in ("stdout", "stderr"))


def leaks(secrets: dict[str, str], *texts: str) -> list[str]:
    """Return the names of the secrets that stand in one of the texts, cut by line breaks or not."""
    joined = re.sub(r"\s+", "", "".join(texts))
    return [name for name, secret in secrets.items() if secret in joined]


def parts(name: str, token: str) -> dict[str, str]:
    """Return what of a token is secret: the whole, what follows the ids, and half of that."""
    secret = token.rsplit("_", 1)[1]
    return {name: token, f"secret of {name}": secret, f"half the secret of {name}": secret[:20]}


async def rows(urls: Urls) -> str:
    """Return every row of every table, and every statement that PostgreSQL shows of others."""
    connection = await asyncpg.connect(urls.owner)
    try:
        tables = await connection.fetch(
            "SELECT relname FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        found = [
            str(row[0])
            for (table,) in tables
            for row in await connection.fetch(f'SELECT t::text FROM "{table}" t')
        ]
        assert len(found) > 5
        statements = await connection.fetch("SELECT query FROM pg_stat_activity")
        return "\n".join([*found, *(str(row[0]) for row in statements)])
    finally:
        await connection.close()


@contextmanager
def process(environment: dict[str, str], folder: Path, *options: str) -> Generator[None]:
    with (folder / "stdout").open("w") as out, (folder / "stderr").open("w") as err:
        running = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", *options], env=environment, stdout=out, stderr=err
        )
        try:
            yield
        finally:
            running.terminate()
            running.wait(20)


@asynccontextmanager
async def serve(server: Server, folder: Path, *options: str) -> AsyncGenerator[Served]:
    """Run ``appusers serve`` at log level debug on a database of its own."""
    urls = await server.copy()
    environment = os.environ | {
        "DATABASE_URL": urls.serving,
        "APPUSERS_PEPPER": PEPPER,
        "APPUSERS_LOG_LEVEL": "debug",
        "APPUSERS_ACTIVITY_FLUSH_SECONDS": "0.05",
        "PYTHONUNBUFFERED": "1",
    }
    made = await asyncio.to_thread(
        subprocess.run,
        [*COMMAND, "bootstrap", "--organization", "Quiet", "--admin", "a@quiet.example", "--json"],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    admin = json.loads(made.stdout)
    assert leaks(parts("admin", admin["token"]), made.stderr) == []
    with process(environment, folder, *options):
        address = ""

        async def is_up() -> bool:
            nonlocal address
            text = (folder / "stdout").read_text() + (folder / "stderr").read_text()
            found = re.search(r"http://127\.0\.0\.1:\d+(?=/graphql|\")", text)
            address = found[0] if found else ""
            return bool(found)

        await until(is_up)
        yield Served(address, urls, folder, admin)


async def live(api: Api, organization_id: str) -> str:
    """Lead a token through its whole life and return it."""
    made = await api.mutate(
        "createApplicationUser", "applicationUser { id }", organizationId=organization_id, name="ci"
    )
    user_id = made["applicationUser"]["id"]
    made = await api.mutate(
        "generateToken", "fullToken token { id }", applicationUserId=user_id, idempotencyKey="once"
    )
    token_id, full = made["token"]["id"], made["fullToken"]
    robot = api.with_token(full)
    await robot.query("{ viewer { token { id } } }")
    await misplace(robot, api, full)
    await robot.run("{ viewer { token { id } } }", headers={"User-Agent": f"curl/8 ({full})"})

    async def is_recorded() -> bool:
        found = await api.query(
            "query($id: ID!) { node(id: $id) { ... on Token { lastUserAgent } } }", id=token_id
        )
        return found["node"]["lastUserAgent"] == f"curl/8 ({full[:27]}…)"

    await until(is_recorded)
    await api.mutate("updateToken", "token { id }", tokenId=token_id, description="deploys")
    await api.mutate("revokeToken", "token { id }", tokenId=token_id)
    refused = await robot.run("{ viewer { token { id } } }")
    assert refused.response.status_code == 401
    await api.mutate("deleteApplicationUser", "revokedTokenCount", applicationUserId=user_id)
    return full


async def misplace(robot: Api, api: Api, full: str) -> None:
    """Send a token wherever it does not belong."""
    node = "query($id: ID!) { node(id: $id) { id } }"
    documents: list[tuple[str, dict[str, Any]]] = [
        (f'{{ node(id: "{full}") {{ id }} }}', {}),
        (f"{{ {full} }}", {}),
        (f"{{ viewer {{ {full}", {}),
        (f"query {full} {{ viewer {{ nothing }} }}", {}),
        (f'{{ viewer {{ token {{ id }} }} }} # {full}\n"', {}),
        (node, {"id": full}),
        (node, {"id": [full]}),
        (node, {full: full}),
        ("query($n: Int) { viewer { token { id } } }", {"n": full}),
        ("query($t: DateTime) { viewer { token { id } } }", {"t": full}),
    ]
    mutations = {
        "revokeToken": {"tokenId": full},
        "generateToken": {"applicationUserId": full, "scopes": [full], "ipAllowlist": [full]},
        "updateToken": {"tokenId": full, "description": full},
    }
    for name, sent in mutations.items():
        kind = name[0].upper() + name[1:]
        text = f"mutation($i: {kind}Input!) {{ {name}(input: $i) {{ __typename }} }}"
        documents.append((text, {"i": sent}))
    for caller in (robot, api, api.with_token(None)):
        for document, variables in documents:
            answer = await caller.run(document, variables)
            assert answer.response.status_code < 500
    # Where text is kept: names, descriptions and keys.
    user_id = (await robot.query("{ viewer { memberships { user { id } } } }"))["viewer"][
        "memberships"
    ][0]["user"]["id"]
    for name, sent in (
        ("generateToken", {"applicationUserId": user_id, "description": f"it is {full}."}),
        ("generateToken", {"applicationUserId": user_id, "idempotencyKey": full}),
        ("updateApplicationUser", {"applicationUserId": user_id, "name": full}),
        ("updateApplicationUser", {"applicationUserId": user_id, "description": full}),
    ):
        refused = await api.mutate(name, "__typename", **sent)
        assert refused["__typename"] == "InvalidInputError"
    await around(api.client, full)


async def around(client: httpx.AsyncClient, full: str) -> None:
    """Send a token in every part of HTTP that is not the Authorization header."""
    good = {"query": "{ viewer { token { id } } }"}
    bearer = {"Authorization": f"Bearer {full}"}
    for headers in (
        {"User-Agent": full, **bearer},
        {"User-Agent": f"curl/8 ({full})", **bearer},
        {"User-Agent": full},
        {"X-Request-Id": full, **bearer},
        {"X-Request-Id": full[:64], **bearer},
        {"Authorization": full},
        {"Authorization": f"Token {full}"},
        {"Authorization": f"Basic {full}"},
        {"Authorization": f"Bearer {full}, Bearer {full}"},
        {"Authorization": f"Bearer {full[:-1]}"},
        {"Authorization": f"Bearer {full}x"},
        {"Cookie": f"token={full}", "Origin": f"https://{full}", "Referer": f"https://x/{full}"},
        {"Accept": full},
        {"Content-Type": full},
        {"X-Forwarded-For": full, **bearer},
        {full: full},
    ):
        assert (await client.post("/graphql", json=good, headers=headers)).status_code < 500
    for method, path in (
        ("GET", f"/graphql?query={{node(id:%22{full}%22){{id}}}}"),
        ("GET", f"/graphql?query={{viewer{{token{{id}}}}}}&access_token={full}"),
        ("GET", f"/graphql?query={{__typename}}&variables={full}"),
        ("GET", f"/graphql?query={{__typename}}&operationName={full}"),
        ("GET", f"/graphql/{full}"),
        ("GET", f"/{full}"),
        ("GET", f"/static/{full}"),
        ("GET", f"/%61ppu_{full[5:]}"),
        (full, "/graphql"),
        ("PUT", f"/graphql?token={full}"),
    ):
        assert (await client.request(method, path, headers=bearer)).status_code < 500
    for body in (
        full,
        f'{{"query": "{full}',
        json.dumps({"query": full * 700}),
        json.dumps([full]),
    ):
        response = await client.post(
            "/graphql", content=body, headers={"Content-Type": "application/json"}
        )
        assert 400 <= response.status_code < 500


@pytest.mark.parametrize(
    "options", [("--json-logs",), ("--no-json-logs",)], ids=["json", "console"]
)
async def test_none_is_anywhere(server: Server, tmp_path: Path, options: tuple[str, ...]) -> None:
    async with serve(server, tmp_path, *options) as served:
        async with httpx.AsyncClient(base_url=served.url, timeout=30) as client:
            api = Api(client, served.admin["token"])
            full = await live(api, served.admin["organizationId"])
            await around(client, served.admin["token"])
        kept = await rows(served.urls)
    output = served.output()
    secrets = {
        **parts("admin's token", served.admin["token"]),
        **parts("token", full),
        "pepper": PEPPER,
        "database password": SERVING_PASSWORD,
    }
    assert leaks(secrets, output) == []
    assert leaks(secrets, kept) == []
    # Controls: the log is one of requests, which did bring the token, and it shows that they did.
    assert output.count("http.request") > 50
    assert f"/{full[:10]}" in output
    assert full[:27] in kept
    assert leaks(secrets, output + f"\nsent {full[:60]}\n{full[60:]}") == [
        "token",
        "secret of token",
        "half the secret of token",
    ]
    assert leaks(secrets, kept + SERVING_PASSWORD) == ["database password"]


async def test_nor_where_the_start_fails(server: Server, tmp_path: Path) -> None:
    """A wrong password, a wrong URL and a short pepper are told without showing them."""
    urls = server.urls("no_such_database")
    for changes in (
        {"DATABASE_URL": urls.serving},
        {"DATABASE_URL": urls.serving.replace(SERVING_PASSWORD, "wrong-" + SERVING_PASSWORD)},
        {"DATABASE_URL": urls.serving.replace("postgresql://", "postgresql:/")},
        {"DATABASE_URL": urls.serving, "APPUSERS_PEPPER": "short-secret"},
        {"DATABASE_URL": urls.serving, "APPUSERS_PEPPER": f"9:{PEPPER},9:{PEPPER}"},
    ):
        failed = await asyncio.to_thread(
            subprocess.run,
            [*COMMAND, "serve", "--port", "0"],
            env=os.environ | {"APPUSERS_PEPPER": PEPPER, "APPUSERS_LOG_LEVEL": "debug"} | changes,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert failed.returncode != 0
        secrets = {"password": SERVING_PASSWORD, "pepper": PEPPER, "short pepper": "short-secret"}
        assert leaks(secrets, failed.stdout, failed.stderr) == []
        assert failed.stderr.strip()
