"""Folders for clusters, a cluster in one of them, and processes that end with their test."""

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from db import embedded
from db.embedded_files import SHARED
from tests.db.embedded.processes import (
    SETTINGS,
    User,
    copy_cluster,
    eventually,
)


@contextlib.contextmanager
def reachable_folder() -> Generator[Path]:
    """A folder that the server's account reaches, unlike pytest's own when root runs it."""
    made = Path(tempfile.mkdtemp()).resolve()
    made.chmod(0o711)
    yield made
    for link in made.rglob("postgres"):
        eventually(lambda at=link: not (at / "postmaster.pid").exists())
        if link.is_symlink() and link.readlink().parent.parent == SHARED:
            shutil.rmtree(link.readlink().parent)
    shutil.rmtree(made)


@pytest.fixture
def parent() -> Iterator[Path]:
    with reachable_folder() as made:
        yield made


@pytest.fixture
def folder(parent: Path) -> Path:
    return parent / "data"


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    with reachable_folder() as made:
        embedded.start(made / "data", SETTINGS).close()
        cluster = made / "data" / "postgres"
        eventually(lambda: not (cluster / "postmaster.pid").exists())
        yield cluster


@pytest.fixture
def cluster(folder: Path, template: Path) -> None:
    """Put a cluster into the folder, for tests that do not ask how one is made."""
    copy_cluster(template, folder)


@pytest.fixture
def join(folder: Path) -> Iterator[Callable[..., User]]:
    users: list[User] = []

    def start(at: Path = folder, **options: Any) -> User:
        users.append(User(at, **options))
        return users[-1]

    yield start
    for user in users:
        user.kill()
