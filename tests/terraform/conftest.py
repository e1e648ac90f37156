"""A workspace for each test that asks for one, with the provider installed."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.client import Client
from tests.conftest import LiveServer
from tests.terraform.workspace import Workspace, copied, installed


@pytest.fixture(scope="session")
def template(live_server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """An initialized folder to copy."""
    if shutil.which("terraform") is None:
        pytest.skip("there is no terraform on this machine")
    return installed(tmp_path_factory.mktemp("terraform"), live_server)


@pytest.fixture
def workspace(template: Workspace, tmp_path: Path) -> Workspace:
    """A folder with the provider, and no configuration yet."""
    return copied(template, tmp_path / "workspace")


@pytest.fixture
async def client(live_server: LiveServer) -> AsyncIterator[Client]:
    """An administrator who does something beside Terraform."""
    async with Client(live_server.url, live_server.token) as client:
        yield client
