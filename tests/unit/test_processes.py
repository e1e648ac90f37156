"""A file's tests run in one process, and those of faults all in one: else nobody is told."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import processes

TOP = Path(__file__).parents[2]
FAULTS = ("tests/faults/test_a.py", "tests/promises/test_01_b.py")
OTHERS = ("tests/web/test_c.py", "tests/web/test_d.py")
SOURCE = """
import pytest

@pytest.mark.parametrize("number", range(20))
def test_it(number):
    pass
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (*FAULTS, *OTHERS):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(SOURCE)
    return tmp_path


def run(folder: Path, *options: str) -> list[tuple[str, str]]:
    """Run what is in the folder in two processes; return the process and the file of each test."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-v", "-c", os.devnull, "--rootdir", str(folder)),
            *("-p", "xdist", "--import-mode=importlib", "--numprocesses=2", *options),
        ],
        cwd=folder,
        env=clean | {"PYTHONPATH": str(TOP), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.findall(r"\[(gw\d)\] .*PASSED (\S+)::", ran.stdout)
    assert len(found) == 80, ran.stdout + ran.stderr
    return found


def test_each_runs_whole_and_faults_begin(folder: Path) -> None:
    found = run(folder, "-p", "tests.processes", "--dist=loadfile")
    assert len({process for process, file in found if file in FAULTS}) == 1
    for other in OTHERS:
        assert len({process for process, file in found if file == other}) == 1
    of_faults, _ = next(each for each in found if each[1] in FAULTS)
    assert next(file for process, file in found if process == of_faults) in FAULTS


def test_control_without_it(folder: Path) -> None:
    found = run(folder, "--dist=load")
    assert len({process for process, file in found if file == FAULTS[0]}) == 2


def test_all_files_of_faults_are_known() -> None:
    names = (str(path.relative_to(TOP)) for path in (TOP / "tests").rglob("test_*.py"))
    marked = re.compile("^pytestmark = .*LEFT_BEHIND", re.MULTILINE)
    found = [name for name in names if marked.search((TOP / name).read_text())]
    assert len(found) > 3
    assert set(map(processes.group, found)) == {"faults"}
