"""The files that package the service: container, compose, workflows. Nothing here needs Docker."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import TypedDict, cast
from urllib.parse import urlsplit

import pytest
from ruamel.yaml import YAML

from app.sign_in_settings import SignInSettings

TOP = Path(__file__).parents[2]
COMPOSE = TOP / "docker-compose.yml"
DOCKERFILE = TOP / "app" / "Dockerfile"
WORKFLOWS = sorted((TOP / ".github" / "workflows").glob("*.yml"))


class Service(TypedDict, total=False):
    cap_drop: list[str]
    command: list[str]
    environment: dict[str, str | None]
    ports: list[str]
    read_only: bool
    security_opt: list[str]
    volumes: list[str]


SERVICES = cast("dict[str, Service]", YAML(typ="safe").load(COMPOSE)["services"])


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def tool(name: str) -> Path:
    return Path(sys.executable).parent / name


def validate(schema: str, file: Path) -> subprocess.CompletedProcess[str]:
    return run(tool("check-jsonschema"), "--builtin-schema", schema, file)


def broken(tmp_path: Path, file: Path, old: str, new: str) -> Path:
    text = file.read_text()
    assert old in text
    copy = tmp_path / file.name
    copy.write_text(text.replace(old, new, 1))
    return copy


class TestSchemas:
    def test_compose(self) -> None:
        result = validate("vendor.compose-spec", COMPOSE)
        assert result.returncode == 0, result.stdout

    def test_a_misspelt_compose_key_is_found(self, tmp_path: Path) -> None:
        copy = broken(tmp_path, COMPOSE, "    image: postgres", "    imagee: postgres")
        assert "imagee" in validate("vendor.compose-spec", copy).stdout

    @pytest.mark.parametrize("workflow", WORKFLOWS, ids=[path.name for path in WORKFLOWS])
    def test_workflow(self, workflow: Path) -> None:
        result = validate("vendor.github-workflows", workflow)
        assert result.returncode == 0, result.stdout

    def test_a_misspelt_workflow_key_is_found(self, tmp_path: Path) -> None:
        copy = broken(tmp_path, WORKFLOWS[0], "runs-on:", "run-on:")
        assert "run-on" in validate("vendor.github-workflows", copy).stdout

    def test_dependabot(self) -> None:
        result = validate("vendor.dependabot", TOP / ".github" / "dependabot.yml")
        assert result.returncode == 0, result.stdout


class TestDockerfile:
    def test_lint(self) -> None:
        result = run(tool("hadolint"), DOCKERFILE)
        assert result.returncode == 0, result.stdout

    def test_an_untagged_base_is_found(self, tmp_path: Path) -> None:
        copy = broken(tmp_path, DOCKERFILE, "FROM python:3.14-slim-bookworm AS", "FROM python AS")
        assert "DL3006" in run(tool("hadolint"), copy).stdout

    def test_its_user_owns_the_secrets_that_compose_makes(self) -> None:
        assert "USER 10001:10001" in DOCKERFILE.read_text()
        assert 'POSTGRES, APPUSERS = Path("/secrets"), 999, 10001' in secrets_script()


class TestCompose:
    @pytest.mark.parametrize("name", SERVICES)
    def test_every_container_is_confined(self, name: str) -> None:
        service = SERVICES[name]
        assert service.get("read_only") is True
        assert service.get("cap_drop") == ["ALL"]
        assert service.get("security_opt") == ["no-new-privileges:true"]

    def test_only_the_service_is_published_and_only_to_this_machine(self) -> None:
        published = {
            name: service["ports"] for name, service in SERVICES.items() if "ports" in service
        }
        assert published == {"service": ["127.0.0.1:8000:8000"]}

    @pytest.mark.parametrize("name", SERVICES)
    def test_secrets_are_given_as_files(self, name: str) -> None:
        environment = SERVICES[name].get("environment", {})
        secret = ("DATABASE_URL", "PASSWORD", "PEPPER")
        named = [key for key in environment if any(word in key for word in secret)]
        assert all(key.endswith("_FILE") for key in named)

    def test_the_issuer_is_where_it_is_published(self) -> None:
        service = SERVICES["service"]
        (port,) = service.get("ports", [])
        issuer = f"http://{port.removesuffix(':8000')}"
        given = service.get("environment", {})["APPUSERS_PUBLIC_URL"]
        assert given == f"${{APPUSERS_PUBLIC_URL:-{issuer}}}"

    def test_what_the_operator_sets_of_the_sign_in_is_passed_on_and_nothing_else(self) -> None:
        """A key without a value takes the operator's, and is left out where there is none."""
        given = SERVICES["service"].get("environment", {})
        passed = {key for key, value in given.items() if value is None}
        assert passed == {f"APPUSERS_{name.upper()}" for name in SignInSettings.model_fields}

    def test_the_owners_url_reaches_the_migrations_only(self) -> None:
        readers = {
            name
            for name, service in SERVICES.items()
            if any(mount.startswith("migration-secrets:") for mount in service.get("volumes", []))
        }
        assert readers == {"secrets", "migrate"}


class TestGeneratedSecrets:
    """The script inside the compose file, run on folders of this machine."""

    def test_each_reader_gets_what_belongs_together(self, tmp_path: Path) -> None:
        assert generate(tmp_path).returncode == 0
        made = read(tmp_path)
        owner = password_of(made["migration/url"])
        assert f"PASSWORD '{owner}'" in made["database/owner.sql"]
        assert len({owner, password_of(made["service/url"]), made["database/password"]}) == 3
        assert len(made["service/pepper"]) == 64
        for name in made:
            assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o400

    def test_a_second_start_changes_nothing(self, tmp_path: Path) -> None:
        assert generate(tmp_path).returncode == 0
        made = read(tmp_path)
        assert generate(tmp_path).returncode == 0
        assert read(tmp_path) == made

    def test_an_interrupted_start_is_made_again_as_a_whole(self, tmp_path: Path) -> None:
        assert generate(tmp_path).returncode == 0
        (tmp_path / "service/pepper").unlink()
        (tmp_path / "service/pepper.part").touch(mode=0o400)
        assert generate(tmp_path).returncode == 0
        made = read(tmp_path)
        assert "service/pepper" in made
        assert "service/pepper.part" not in made
        assert password_of(made["migration/url"]) in made["database/owner.sql"]

    def test_a_lost_secret_is_not_replaced_in_silence(self, tmp_path: Path) -> None:
        assert generate(tmp_path).returncode == 0
        (tmp_path / "migration/url").unlink()
        result = generate(tmp_path)
        assert result.returncode != 0
        assert "migration/url" in result.stderr


def secrets_script() -> str:
    [script] = SERVICES["secrets"].get("command", [])
    return script


def generate(folder: Path) -> subprocess.CompletedProcess[str]:
    for name in ("database", "migration", "service"):
        (folder / name).mkdir(exist_ok=True)
    script = secrets_script().replace('"/secrets"', repr(str(folder)))
    # Only root gives a file away, and the tests do not run as root everywhere.
    script = script.replace("999, 10001", f"{os.getuid()}, {os.getuid()}")
    script = script.replace("user, user)", f"user, {os.getgid()})")
    return run(sys.executable, "-I", "-c", script)


def read(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.glob("*/*")}


def password_of(url: str) -> str:
    password = urlsplit(url).password
    assert password
    assert len(password) > 40
    return password
