"""Exit codes name the cause, in one message without a traceback."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import stamina

from app.client import errors
from app.remote.exits import MEANINGS, Exit, failure
from tests.cli.processes import Finished, appusers
from tests.conftest import LiveServer
from tests.remote.conftest import Commands, of_new_organization

UNKNOWN = f"user_{'0' * 44}"


def one_message(done: Finished) -> str:
    """Return the message of a command that printed nothing else."""
    assert done.out == ""
    assert "Traceback" not in done.err
    assert done.err.count("Error: ") == 1
    return done.err.partition("Error: ")[2]


class TestCredential:
    async def test_none(self, alone: Commands) -> None:
        assert "appusers profile add" in one_message(await alone("whoami", code=3))

    async def test_revoked(self, place: Commands) -> None:
        await place.user("out")
        token_id, full = await place.token("out")
        await place("token", "revoke", token_id, "--yes")
        ended = await place.changed(APPUSERS_TOKEN=full)("whoami", code=3)
        assert one_message(ended) == "The access token is refused.\n"

    async def test_one_that_is_none(self, place: Commands) -> None:
        bad = await place.changed(APPUSERS_TOKEN="two words")("whoami", code=3)
        assert "two words" not in one_message(bad)


async def test_a_missing_permission_is_named(place: Commands) -> None:
    await place.user("powerless")
    _, full = await place.token("powerless")
    powerless = place.changed(APPUSERS_TOKEN=full)
    refused = await powerless("user", "list", code=4)
    assert "organization:app_users:write" in one_message(refused)


async def test_unknown_ids(place: Commands) -> None:
    for command in (
        ("user", "show", UNKNOWN),
        ("user", "deactivate", UNKNOWN),
        ("user", "delete", UNKNOWN, "--yes"),
        ("token", "generate", UNKNOWN, "--never"),
        ("group", "show", f"group_{'0' * 44}"),
        ("permission", "grant", UNKNOWN, "operator"),
    ):
        assert one_message(await place(*command, code=5))


class TestRefused:
    async def test_a_name_that_is_taken(self, place: Commands) -> None:
        await place.user("taken")
        again = await place("user", "create", "TAKEN", code=6)
        assert "already called" in one_message(again)

    async def test_each_problem_by_the_option(self, place: Commands) -> None:
        await place.user("invalid")
        refused = await place(
            *("token", "generate", "invalid", "--max-age=9", "--allow=10.0.0.1/8"),
            *("--scope=user:read", "--scope=nothing:read"),
            code=6,
        )
        lines = one_message(refused).splitlines()
        assert [line.partition(":")[0] for line in lines] == ["--max-age", "--allow", "--scope"]
        empty = await place("user", "create", "", code=6)
        assert one_message(empty).startswith("NAME: ")

    async def test_a_limit(self, live_server: LiveServer, tmp_path: Path) -> None:
        full = await of_new_organization(live_server, tmp_path)
        await appusers(
            live_server.environment, "organization", "set-limit", full.organization_id, "0"
        )
        refused = await full("user", "create", "one-too-many", code=6)
        assert "0 application users" in one_message(refused)


class TestUsage:
    @pytest.mark.parametrize(
        ("url", "said"),
        [("tokens.example.com", "https://tokens"), ("http://tokens.example.com", "unencrypted")],
    )
    async def test_an_address_that_is_none(self, place: Commands, url: str, said: str) -> None:
        assert said in one_message(await place.changed(APPUSERS_URL=url)("whoami", code=2))

    @pytest.mark.parametrize("missing", ["URL", "TOKEN"])
    async def test_half_a_place(self, place: Commands, missing: str) -> None:
        half = place.changed(**{f"APPUSERS_{missing}": ""})
        assert f"APPUSERS_{missing} is not" in one_message(await half("whoami", code=2))

    @pytest.mark.parametrize(
        "command",
        [
            ("user", "delete", UNKNOWN),
            ("token", "revoke", f"token_{'0' * 44}"),
            ("token", "revoke-all", UNKNOWN),
            ("token", "rotate", f"token_{'0' * 44}"),
            ("group", "delete", f"group_{'0' * 44}"),
        ],
    )
    async def test_nobody_to_ask(self, place: Commands, command: tuple[str, ...]) -> None:
        assert "--yes" in one_message(await place(*command, code=2))

    async def test_values(self, place: Commands) -> None:
        for option in ("--max-age=soon", "--max-age=-1", "--max-age=1y"):
            assert "no duration" in one_message(
                await place("token", "generate", "whoever", option, code=2)
            )
        for option in ("--max-age=24856d", "--max-age=9999999999w"):
            long = await place("token", "generate", "whoever", option, code=2)
            assert "longer than 24855d" in one_message(long)
        late = await place("audit", "list", "--since=yesterday", code=2)
        assert "no time" in one_message(late)
        unknown = await place("audit", "list", "--action=nothing", code=2)
        assert "TOKEN_REVOKE" in one_message(unknown)

    async def test_a_day_without_its_dashes(self, place: Commands) -> None:
        """Read as seconds it would be most of a year ago, without a word."""
        for given, meant in (("20260131", "2026-01-31 or 20260131s"), ("31536000", "31536000s")):
            refused = await place("audit", "list", f"--since={given}", code=2)
            assert f"a day: write {meant}.\n" in one_message(refused)
            for each in meant.split(" or "):
                await place("audit", "list", f"--since={each}")
        await place("token", "list", "--unused-for=20260131", code=2)

    @pytest.mark.parametrize("long", ["1000000d", "9999999999w"])
    async def test_longer_ago_than_there_are_years(self, place: Commands, long: str) -> None:
        for command in ("token", "user"):
            assert (await place(command, "list", f"--unused-for={long}")).out == ""
        await place("audit", "list", f"--since={long}")
        await place("token", "list", f"--expires-before={long}")

    async def test_an_organization_that_is_none(self, place: Commands) -> None:
        wrong = await place("user", "list", "--organization=nonsense", code=6)
        assert one_message(wrong)


class TestAway:
    async def test_nobody_there(self, place: Commands) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with stamina.set_testing(True, attempts=2):
            away = await place.changed(APPUSERS_URL=f"http://127.0.0.1:{port}")("whoami", code=7)
        assert "cannot be reached" in away.err
        assert "Traceback" not in away.err

    async def test_somebody_else(self, place: Commands) -> None:
        elsewhere = f"{place.environment['APPUSERS_URL']}/console"
        other = await place.changed(APPUSERS_URL=elsewhere)("whoami", code=1)
        assert "Check the address" in one_message(other)

    async def test_a_retry_is_said_apart_from_the_output(self, place: Commands) -> None:
        async with late(place.environment["APPUSERS_URL"]) as url:
            done = await place.changed(APPUSERS_URL=url)("whoami", "--json")
        assert json.loads(done.out)["memberships"]
        assert done.err == "Trying again in 0.0 s: Busy.\n"


@asynccontextmanager
async def late(url: str) -> AsyncGenerator[str]:
    """Stand before a service: the first request is told to come back."""
    host, _, port = url.removeprefix("http://").partition(":")
    told: list[None] = []
    body = json.dumps({"errors": [{"message": "Busy.", "extensions": {"code": "RATE_LIMITED"}}]})

    async def hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(65_536):
            writer.write(chunk)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not told:
            told.append(None)
            await reader.readuntil(b"\r\n\r\n")
            writer.write(
                b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\nConnection: close\r\n"
                b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                % (len(body), body.encode())
            )
            writer.close()
            return
        back, on = await asyncio.open_connection(host, int(port))
        await asyncio.gather(hand_on(reader, on), hand_on(back, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.Unavailable("Later.", None, 1.0), Exit.AWAY),
        (errors.NotAnswered("no answer"), Exit.AWAY),
        (errors.ServiceFailed("a bug", "id"), Exit.FAILED),
        (errors.BadRequest("no id"), Exit.REFUSED),
        (errors.Refused("LastAdministratorError", "the last"), Exit.REFUSED),
    ],
)
def test_other_failures(error: errors.ClientError, code: Exit) -> None:
    assert failure(error).exit_code == code


async def test_the_codes_are_in_the_help(place: Commands) -> None:
    shown = " ".join((await place("--help")).out.split())
    for code, meaning in MEANINGS.items():
        assert f"{int(code)} {meaning}" in shown
