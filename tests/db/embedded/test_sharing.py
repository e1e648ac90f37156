"""The embedded PostgreSQL with real processes: who starts it, who shares it."""

import os
import signal
import sys
from pathlib import Path

import pytest

from db import embedded
from db.embedded_files import FileLock
from tests.db.embedded.processes import (
    SETTINGS,
    Join,
    awaits,
    eventually,
    has_ended,
    is_free,
    pids,
    query,
)


class TestSharing:
    def test_first_creates_second_joins_last_stops(self, folder: Path, join: Join) -> None:
        first = join()
        assert first.answer()["created"] is True
        running = pids(folder)
        second = join()
        answer = second.answer()
        assert answer["created"] is False
        assert pids(folder) == running
        first.leave()
        assert query(answer["dsn"], "SELECT 1")
        assert not has_ended(running[0])
        second.leave()
        eventually(lambda: has_ended(*running))

    def test_concurrent_first_starts_make_one_cluster(self, folder: Path, join: Join) -> None:
        answers = [user.answer() for user in [join() for _ in range(3)]]
        assert sorted(answer["created"] for answer in answers) == [False, False, True]
        assert len({answer["dsn"] for answer in answers}) == 1

    @pytest.mark.usefixtures("cluster")
    def test_one_process_may_start_twice_and_close_twice(self, folder: Path) -> None:
        with embedded.start(folder, SETTINGS) as first:
            running = pids(folder)
            second = embedded.start(folder)
            second.close()
            second.close()
            assert query(first.owner_dsn, "SELECT 1")
        eventually(lambda: has_ended(*running))

    @pytest.mark.usefixtures("cluster")
    def test_start_waits_for_a_stopping_server(self, folder: Path, join: Join) -> None:
        first = join()
        first.answer()
        running = pids(folder)
        os.kill(running[0], signal.SIGSTOP)
        first.leave()
        eventually(lambda: not is_free(folder / "start.lock"))
        second = join()
        assert not second.answers_within(0.3)
        os.kill(running[0], signal.SIGCONT)
        assert query(second.answer()["dsn"], "SELECT 1")
        assert pids(folder)[0] != running[0]

    @pytest.mark.usefixtures("cluster")
    @pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
    def test_a_stopper_looks_again_before_it_stops(self, folder: Path, join: Join) -> None:
        first = join()
        dsn = first.answer()["dsn"]
        running = pids(folder)
        start, users = FileLock(folder / "start.lock"), FileLock(folder / "users.lock")
        assert start.try_take()
        first.leave()
        eventually(lambda: awaits(running[1], folder / "start.lock"))
        assert users.try_take(shared=True)
        start.close()
        eventually(lambda: awaits(running[1], folder / "users.lock") or has_ended(*running))
        assert query(dsn, "SELECT 1")
        users.close()
        eventually(lambda: has_ended(*running))

    @pytest.mark.usefixtures("cluster")
    def test_quick_succession_never_hands_out_a_dying_server(self, folder: Path) -> None:
        for _ in range(6):
            with embedded.start(folder, SETTINGS) as server:
                assert query(server.owner_dsn, "SELECT 1")
