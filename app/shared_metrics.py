"""The folder that several workers count into, and the process that starts them."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import structlog
from prometheus_client.multiprocess import mark_process_dead
from uvicorn.supervisors import Multiprocess

from app import metrics, settings
from app.settings import SettingsError

log = structlog.get_logger("metrics")


@contextmanager
def folder() -> Generator[str]:
    """Have the workers that are started meanwhile share a folder, for its owner alone; yield it.

    Raises SettingsError where there is no place for it.
    """
    try:
        made = tempfile.TemporaryDirectory(prefix=metrics.FOLDER_PREFIX, ignore_cleanup_errors=True)
    except OSError as error:
        reason = error.strerror or error
        raise SettingsError(
            f"Several workers share a temporary folder for their metrics ({reason})."
            " Set TMPDIR to a folder that can be written, or serve with one worker."
        ) from None
    with made as path:
        settings.share_metrics(path)
        yield path


class Workers(Multiprocess):
    """uvicorn's, which forgets what a worker that is gone said of itself; what it counted stays."""

    def __init__(self, folder: str, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._folder = folder
        self._known = set[int]()

    def keep_subprocess_alive(self) -> None:
        """Replace workers that are gone."""
        self._keep_folder()
        super().keep_subprocess_alive()
        living = {process.pid for process in self.processes if process.pid is not None}
        for pid in self._known - living:
            mark_process_dead(pid)  # pyright: ignore[reportUnknownMemberType]
        self._known = living

    def _keep_folder(self) -> None:
        """Make the folder again where somebody cleaned it away: no worker starts without it."""
        try:
            os.mkdir(self._folder, 0o700)  # noqa: PTH102 (it must not be there)
        except OSError:
            return
        log.warning(
            "metrics.folder_lost",
            folder=self._folder,
            remedy="what running workers count shows again when each was started again; keep"
            " TMPDIR from being cleaned",
        )
