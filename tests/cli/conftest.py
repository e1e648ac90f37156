"""Folders of embedded installations."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder that does not exist yet, which the account that PostgreSQL runs as can reach."""
    folder = Path(tempfile.gettempdir()) / f"appusers-cli-{secrets.token_hex(4)}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
