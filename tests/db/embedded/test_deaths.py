"""The embedded PostgreSQL with real processes: what stops it, and what must not."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from db import embedded
from tests.db.embedded.processes import (
    ROOT,
    SETTINGS,
    Join,
    eventually,
    has_ended,
    pids,
    query,
)


class TestDeaths:
    @pytest.mark.usefixtures("cluster")
    def test_sigkill_of_the_only_user_stops_the_server(self, folder: Path, join: Join) -> None:
        user = join()
        user.answer()
        running = pids(folder)
        user.kill()
        eventually(lambda: has_ended(*running))

    @pytest.mark.usefixtures("cluster")
    def test_supervisor_ignores_what_ends_its_user(self, folder: Path, join: Join) -> None:
        dsn = join().answer()["dsn"]
        running = pids(folder)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(running[1], number)
        assert query(dsn, "SELECT pg_sleep(0.1)")
        assert pids(folder) == running

    @pytest.mark.usefixtures("cluster")
    def test_sigkill_of_the_supervisor(self, folder: Path, join: Join) -> None:
        join().answer()
        orphan, supervisor = pids(folder)
        os.kill(supervisor, signal.SIGKILL)
        eventually(lambda: has_ended(supervisor))
        assert not has_ended(orphan)
        second = join()
        assert query(second.answer()["dsn"], "SELECT 1")
        assert has_ended(orphan)
        assert pids(folder)[1] != supervisor

    @pytest.mark.usefixtures("cluster")
    def test_sigkill_of_the_server(self, folder: Path, join: Join) -> None:
        join().answer()
        running = pids(folder)
        os.kill(running[0], signal.SIGKILL)
        eventually(lambda: has_ended(*running))
        assert query(join().answer()["dsn"], "SELECT 1")

    @pytest.mark.usefixtures("cluster")
    def test_stale_pid_file_that_names_another_process(self, folder: Path, join: Join) -> None:
        first = join()
        first.answer()
        running = pids(folder)
        pid_file = folder / "postgres" / "postmaster.pid"
        text = pid_file.read_text()
        first.leave()
        eventually(lambda: has_ended(*running))
        account = (folder / "postgres").stat().st_uid if ROOT else None
        other = subprocess.Popen(["cat"], stdin=subprocess.PIPE, user=account)
        for stale in (text.replace(str(running[0]), str(other.pid), 1), ""):
            pid_file.write_text(stale)
            if account:
                shutil.chown(pid_file, account)
            with embedded.start(folder) as server:
                assert query(server.owner_dsn, "SELECT 1")
            eventually(lambda: not pid_file.exists())
        assert other.poll() is None
        other.communicate()

    def test_crash_half_way_leaves_nothing(self, folder: Path, join: Join) -> None:
        user = join()
        eventually(lambda: list(folder.glob("postgres.new-*/base")))
        user.kill()
        assert not (folder / "postgres").exists()
        assert join().answer()["created"] is True
        assert not list(folder.glob("postgres.new-*"))

    def test_failure_half_way_says_why_and_leaves_nothing(self, folder: Path, join: Join) -> None:
        error = join(largest_file=100_000).answer()["error"]
        assert "File too large" in error
        assert "DATABASE_URL" in error
        assert not list(folder.glob("postgres*"))

    @pytest.mark.usefixtures("cluster")
    def test_server_that_cannot_start_shows_its_log(self, folder: Path) -> None:
        with pytest.raises(embedded.EmbeddedError, match="invalid value for parameter") as caught:
            embedded.start(folder, {**SETTINGS, "max_connections": "none"})
        assert "postgres.log" in str(caught.value)
