"""``/metrics`` of several workers: one sum, whichever of them answers."""

import errno
import os
import shutil
import signal
from pathlib import Path

import httpx
import pytest

from app import metrics, shared_metrics, worker_tasks
from app.settings import SettingsError
from tests.cli.processes import CLEAN, SECONDS, Served, serving
from tests.waiting import until
from tests.web import shown_metrics
from tests.web.shown_metrics import Shown

ACTIVE = 'verifications_total{outcome="active"}'


def shared_folders(temporary: Path) -> list[Path]:
    return list(temporary.glob("appusers-metrics-*"))


async def ask(served: Served, path: str) -> httpx.Response:
    """Ask over a connection of its own, which any worker may take."""
    base_url = served.url.removesuffix("/graphql")
    async with httpx.AsyncClient(base_url=base_url, timeout=SECONDS) as client:
        return await client.get(path, headers={"Authorization": f"Bearer {served.token}"})


async def read(served: Served) -> Shown:
    return shown_metrics.parsed((await ask(served, "/metrics")).text)


async def shows(served: Served, sample: str, value: float) -> None:
    """Wait until whoever is asked says so, several times in turn."""

    async def all_say_so() -> bool:
        return {(await read(served))[sample] for _ in range(6)} == {value}

    await until(all_say_so, SECONDS)


class TestSeveralWorkers:
    async def test_are_summed_up_and_outlive_a_worker(self, data_dir: Path, tmp_path: Path) -> None:
        environment = {"APPUSERS_DATA_DIR": str(data_dir), "TMPDIR": str(tmp_path)}
        async with serving(environment, "--workers", "2") as served:
            await shows(served, "workers", 2)
            (folder,) = shared_folders(tmp_path)
            assert folder.stat().st_mode & 0o777 == 0o700
            for _ in range(20):
                assert (await ask(served, "/verify?organization_id=any")).status_code == 200
            await shows(served, ACTIVE, 20)
            writers = {int(file.stem.split("_")[-1]) for file in folder.glob("counter_*.db")}
            assert len(writers) == 2

            # One is killed and replaced: what it counted stays, what it had open does not.
            os.kill(min(writers), signal.SIGKILL)

            async def is_replaced() -> bool:
                found = {file.name for file in folder.glob("gauge_live*.db")}
                return len(found) == 4 and not any(str(min(writers)) in name for name in found)

            await until(is_replaced, SECONDS)
            await shows(served, "workers", 2)
            await shows(served, ACTIVE, 20)
            await served.stop()
        assert shared_folders(tmp_path) == []

    async def test_leave_nothing_behind_a_parent_that_is_killed(
        self, data_dir: Path, tmp_path: Path
    ) -> None:
        environment = {"APPUSERS_DATA_DIR": str(data_dir), "TMPDIR": str(tmp_path)}
        async with serving(environment, "--workers", "2") as served:
            await shows(served, "workers", 2)
            # Not waited for: its workers hold the pipes that its output goes to.
            served.process.send_signal(signal.SIGKILL)

            async def is_gone() -> bool:
                return shared_folders(tmp_path) == []

            await until(is_gone, SECONDS)
            await served.stop(signal.SIGKILL)

    async def test_outlive_a_folder_that_is_cleaned_away(
        self, data_dir: Path, tmp_path: Path
    ) -> None:
        environment = {"APPUSERS_DATA_DIR": str(data_dir), "TMPDIR": str(tmp_path)}
        async with serving(environment, "--workers", "2") as served:
            await shows(served, "workers", 2)
            (folder,) = shared_folders(tmp_path)
            writers = {int(file.stem.split("_")[-1]) for file in folder.glob("counter_*.db")}
            shutil.rmtree(folder)
            for writer in writers:
                os.kill(writer, signal.SIGKILL)

            async def is_counted_again() -> bool:
                return len(list(folder.glob("gauge_livesum_*.db"))) == 2

            await until(is_counted_again, SECONDS)
            assert folder.stat().st_mode & 0o777 == 0o700
            await shows(served, "workers", 2)
            await served.stop()
        assert shared_folders(tmp_path) == []

    def test_leave_alone_what_an_operator_made(self, tmp_path: Path) -> None:
        """Whoever serves the application by another supervisor names a folder of their own."""
        theirs, ours = tmp_path / "metrics", tmp_path / f"{metrics.FOLDER_PREFIX}x"
        for folder in (theirs, ours):
            folder.mkdir()
            worker_tasks.remove_metrics(folder)
        assert [*tmp_path.iterdir()] == [theirs]


class TestOneWorker:
    async def test_needs_no_folder(self, data_dir: Path, tmp_path: Path) -> None:
        environment = {"APPUSERS_DATA_DIR": str(data_dir), "TMPDIR": str(tmp_path)}
        assert "PROMETHEUS_MULTIPROC_DIR" not in CLEAN
        async with serving(environment) as served:
            assert (await ask(served, "/verify?organization_id=any")).status_code == 200
            assert (await read(served))[ACTIVE] == 1
            assert shared_folders(tmp_path) == []


class TestNowhere:
    def test_is_said_in_a_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_arguments: object, **_options: object) -> object:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("tempfile.TemporaryDirectory", full)
        with pytest.raises(SettingsError, match="No space left on device"), shared_metrics.folder():
            pass
