"""The provider where Terraform finds it, for whoever has the extra and whoever has not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.terraform import environment, install


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def run(*command: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["terraform", *command])
    return result.exit_code, result.stdout, result.stderr


def test_install_is_safe_to_repeat_and_uninstall_removes_it(home: Path) -> None:
    for _ in range(2):
        code, out, err = run("install")
        assert code == 0
        assert out == install.required_providers() + "\n"
        (program,) = (home / ".terraform.d").rglob("terraform-provider-appusers_v*")
        assert str(program) in err
        assert os.access(program, os.X_OK)
    assert run("uninstall") == (0, "Removed.\n", "")
    assert list((home / ".terraform.d").rglob("terraform-provider-*")) == []
    assert run("uninstall") == (0, "There is none of this release.\n", "")


def test_the_package_is_the_same_on_every_machine(tmp_path: Path) -> None:
    """Its checksum is in `.terraform.lock.hcl`, which teams commit."""
    program = install.install(tmp_path / "one")
    assert [path.name for path in program.parent.iterdir()] == [program.name]
    text = program.read_text()
    assert sys.prefix not in text
    assert (program.parent.parent / "python").read_text() == f"{sys.executable}\n"


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    code, _, err = run("install", "--plugin-dir", str(tmp_path))
    assert code == 0
    assert f"terraform init -plugin-dir={tmp_path}" in err


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "terraform.local").touch()
    code, _, err = run("install", "--plugin-dir", str(tmp_path))
    assert code == 1
    assert "terraform.local" in err


def test_without_the_extra_it_says_what_to_install(home: Path, tmp_path: Path) -> None:
    """In a Python that sees everything but the framework."""
    hide = tmp_path / "hide.py"
    hide.write_text(
        "import importlib.abc, sys\n"
        "class Hidden(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name.partition('.')[0] == 'tf':\n"
        "            raise ModuleNotFoundError(name, name=name)\n"
        "from importlib import util\n"
        "real = util.find_spec\n"
        "sys.meta_path.insert(0, Hidden())\n"
        "util.find_spec = lambda name, *rest: None if name == 'tf' else real(name, *rest)\n"
        "from app.cli import main\n"
        "main(['terraform', 'install'])\n"
    )
    done = subprocess.run(
        [sys.executable, hide], capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.returncode == 1
    assert "pip install 'application-users[terraform]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_person_who_runs_it_learns_who_does(tmp_path: Path) -> None:
    program = install.install(tmp_path)
    plain = {name: value for name, value in os.environ.items() if name != environment.MAGIC}
    done = subprocess.run([program], capture_output=True, text=True, check=False, env=plain)
    assert done.returncode == 1
    assert "appusers terraform install" in done.stderr


def test_it_runs_where_terraform_links_to_it(tmp_path: Path) -> None:
    """Terraform links the folder of the package, and starts the program through the link."""
    program = install.install(tmp_path / "plugins")
    link = tmp_path / "linked"
    link.symlink_to(program.parent)
    plain = {name: value for name, value in os.environ.items() if name != environment.MAGIC}
    done = subprocess.run(
        [link / program.name], capture_output=True, text=True, check=False, env=plain, cwd="/"
    )
    assert "Terraform runs this by itself" in done.stderr
    # Copied away from what says which Python it is, it cannot run, and does not run another.
    alone = tmp_path / "a" / "b"
    alone.mkdir(parents=True)
    shutil.copy(program, alone)
    done = subprocess.run(
        [alone / program.name], capture_output=True, text=True, check=False, env=plain
    )
    assert done.returncode != 0
