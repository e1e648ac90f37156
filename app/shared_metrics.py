"""The folder that several workers count into, and the process that starts them."""

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from prometheus_client.multiprocess import mark_process_dead
from uvicorn.supervisors import Multiprocess

from app import settings
from app.settings import SettingsError


@contextmanager
def folder() -> Generator[None]:
    """Have the workers that are started meanwhile share a folder, for its owner alone.

    Raises SettingsError where there is no place for it.
    """
    try:
        made = tempfile.TemporaryDirectory(prefix="appusers-metrics-", ignore_cleanup_errors=True)
    except OSError as error:
        reason = error.strerror or error
        raise SettingsError(
            f"Several workers share a temporary folder for their metrics ({reason})."
            " Set TMPDIR to a folder that can be written, or serve with one worker."
        ) from None
    with made as path:
        settings.share_metrics(path)
        yield


class Workers(Multiprocess):
    """uvicorn's, which forgets what a worker that is gone said of itself; what it counted stays."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._known = set[int]()

    def keep_subprocess_alive(self) -> None:
        """Replace workers that are gone."""
        super().keep_subprocess_alive()
        living = {process.pid for process in self.processes if process.pid is not None}
        for pid in self._known - living:
            mark_process_dead(pid)  # pyright: ignore[reportUnknownMemberType]
        self._known = living
