"""``appusers serve`` on the embedded PostgreSQL: the first minute of a new user."""

import asyncio
import json
import os
import signal
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.cli.processes import SECONDS, appusers, children, gone, postmaster, serving, viewer
from tests.waiting import until


class TestFirstStart:
    async def test_greets_with_an_address_and_a_token_that_works(self, data_dir: Path) -> None:
        async with serving({"APPUSERS_DATA_DIR": str(data_dir)}) as served:
            assert "org_" in served.greeting
            assert len(served.greeting.splitlines()) < 12
            answer = await viewer(served.url, served.token)
            assert answer.status_code == 200
            places = answer.json()["data"]["viewer"]["memberships"]
            assert places[0]["organizationId"] in served.greeting
            ended = await served.stop()
        assert ended.err == ""

    async def test_bootstrap_works_beside_it(self, data_dir: Path) -> None:
        environment = {"APPUSERS_DATA_DIR": str(data_dir)}
        async with serving(environment) as served:
            made = await appusers(
                environment, "bootstrap", "--organization", "B", "--admin", "b@b.example", "--json"
            )
            answer = json.loads(made.out)
            assert list(answer) == ["organizationId", "userId", "token"]
            seen = (await viewer(served.url, answer["token"])).json()["data"]["viewer"]
            assert seen["memberships"] == [{"organizationId": answer["organizationId"]}]

    async def test_bootstrap_needs_no_serve(self, data_dir: Path) -> None:
        environment = {"APPUSERS_DATA_DIR": str(data_dir)}
        made = await appusers(
            environment, "bootstrap", "--organization", "B", "--admin", "b@b.example", "--json"
        )
        async with serving(environment) as served:
            # There is an organization, so that no example is made and no token shown.
            assert "appu_" not in served.greeting
            assert (await viewer(served.url, json.loads(made.out)["token"])).status_code == 200

    async def test_two_at_once_make_one_example(self, data_dir: Path) -> None:
        environment = {"APPUSERS_DATA_DIR": str(data_dir)}
        async with AsyncExitStack() as stack:
            first, second = await asyncio.gather(
                *(stack.enter_async_context(serving(environment)) for _ in range(2))
            )
            assert sorted("appu_" in served.greeting for served in (first, second)) == [
                False,
                True,
            ]
            listed = await appusers(environment, "organization", "limits")
            assert len(listed.out.splitlines()) == 1

    async def test_the_pepper_is_for_its_owner_alone(self, data_dir: Path) -> None:
        async with serving({"APPUSERS_DATA_DIR": str(data_dir)}):
            assert (data_dir / "pepper").stat().st_mode & 0o777 == 0o600


class TestSecondStart:
    async def test_keeps_the_data_and_shows_no_token(self, data_dir: Path) -> None:
        environment = {"APPUSERS_DATA_DIR": str(data_dir)}
        async with serving(environment) as served:
            token = served.token
        async with serving(environment) as served:
            assert "appu_" not in served.greeting
            assert (await viewer(served.url, token)).status_code == 200


class TestTwoWorkers:
    async def test_who_reads_the_greeting_can_connect(self, data_dir: Path) -> None:
        async with serving({"APPUSERS_DATA_DIR": str(data_dir)}, "--workers", "2") as served:
            assert (await viewer(served.url, served.token)).status_code == 200


class TestStopped:
    @pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
    @pytest.mark.parametrize("workers", ["1", "2"])
    async def test_leaves_no_process_behind(
        self, data_dir: Path, how: signal.Signals, workers: str
    ) -> None:
        async with serving({"APPUSERS_DATA_DIR": str(data_dir)}, "--workers", workers) as served:
            assert (await viewer(served.url, served.token)).status_code == 200
            own = children(served.process.pid)
            server = postmaster(data_dir)
            # Two workers and what multiprocessing starts beside them.
            assert workers == "1" or len(own) > 2
            ended = await served.stop(how)
        assert ended.code == 0
        assert await gone(server)
        assert all([await gone(child) for child in own])

    async def test_killed_its_workers_leave_too(self, data_dir: Path) -> None:
        async with serving({"APPUSERS_DATA_DIR": str(data_dir)}, "--workers", "2") as served:
            assert (await viewer(served.url, served.token)).status_code == 200
            own = children(served.process.pid)
            server = postmaster(data_dir)
            # Not waited for: its workers hold the pipes that its output goes to.
            served.process.send_signal(signal.SIGKILL)
            assert len(own) > 2
            assert all([await gone(child) for child in own])
        assert await gone(server)

    async def test_killed_it_still_leaves_no_postgres(self, data_dir: Path) -> None:
        async with serving({"APPUSERS_DATA_DIR": str(data_dir)}) as served:
            server = postmaster(data_dir)
            await served.stop(signal.SIGKILL)
        assert await gone(server)


class TestPostgresKilled:
    async def test_it_comes_back(self, data_dir: Path) -> None:
        async with serving({"APPUSERS_DATA_DIR": str(data_dir)}) as served:
            assert (await viewer(served.url, served.token)).status_code == 200
            os.kill(postmaster(data_dir), signal.SIGKILL)

            async def is_back() -> bool:
                answer = await viewer(served.url, served.token)
                if answer.status_code == 200:
                    return True
                assert answer.status_code == 503
                assert answer.headers["retry-after"] == "1"
                return False

            await until(is_back, SECONDS)


class TestJsonLogs:
    async def test_every_line_is_an_object_and_none_a_token(self, data_dir: Path) -> None:
        async with serving(
            {"APPUSERS_DATA_DIR": str(data_dir), "APPUSERS_LOG_LEVEL": "debug"},
            "--json-logs",
            greets=False,
        ) as served:
            assert served.process.stderr is not None
            lines = [await served.process.stderr.readuntil(b"serve.started")]
            lines.append(await served.process.stderr.readline())
            ended = await served.stop()
        text = b"".join(lines).decode() + ended.err
        events = [json.loads(line) for line in text.splitlines()]
        started = next(event for event in events if event["event"] == "serve.started")
        assert started["address"].startswith("http://127.0.0.1:")
        assert ended.out == ""
        assert "appu_" not in text
