"""The smaller commands, and what goes wrong before any work is done."""

import json
import re
import socket
from pathlib import Path

import pytest

from tests.api_client import Organization
from tests.cli.processes import appusers
from tests.conftest import PEPPER
from tests.postgres import Urls

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(urls: Urls) -> dict[str, str]:
    return {"DATABASE_URL": urls.serving, "APPUSERS_PEPPER": PEPPER}


class TestSchema:
    async def test_is_the_committed_one(self) -> None:
        printed = await appusers({}, "schema")
        assert printed.out == (ROOT / "schema.graphql").read_text(), (
            "run: appusers schema > schema.graphql"
        )


class TestBootstrap:
    async def test_for_people(self, environment: dict[str, str]) -> None:
        made = await appusers(
            environment, "bootstrap", "--organization", "A", "--admin", "a@a.example"
        )
        assert re.search(r"^Organization: +org_\w{22}$", made.out, re.MULTILINE)
        assert re.search(r"^Token: +appu_\w{44}_\w{49}$", made.out, re.MULTILINE)
        assert "shown this once" in made.err

    @pytest.mark.parametrize(
        ("organization", "admin", "named"),
        [(" ", "a@a.example", "organization"), ("A", "nobody", "admin")],
    )
    async def test_bad_input_is_named(
        self, environment: dict[str, str], organization: str, admin: str, named: str
    ) -> None:
        refused = await appusers(
            environment, "bootstrap", "--organization", organization, "--admin", admin
        )
        assert refused.code == 1
        assert refused.err.startswith(f"Error: {named}")
        assert refused.out == ""

    async def test_a_subject_needs_an_issuer(self, environment: dict[str, str]) -> None:
        command = ["bootstrap", "--organization", "A", "--admin", "a@a.example"]
        refused = await appusers(environment, *command, "--admin-subject", "s")
        assert refused.code == 1
        assert "APPUSERS_OIDC_ISSUER" in refused.err


class TestSetLimit:
    async def test_raises_what_the_api_allows(
        self, environment: dict[str, str], organization: Organization
    ) -> None:
        lowered = await appusers(environment, "organization", "set-limit", organization.id, "1")
        assert lowered.out == "Acme: 0 of 1 application users.\n"
        await organization.user("first")
        full = await organization.admin.mutate(
            "createApplicationUser",
            "applicationUser { id }",
            organizationId=organization.id,
            name="second",
        )
        assert full["__typename"] == "LimitReachedError"
        raised = await appusers(environment, "organization", "set-limit", organization.id, "2")
        assert raised.out == "Acme: 1 of 2 application users.\n"
        await organization.user("second")

    @pytest.mark.parametrize(
        ("organization_id", "limit", "said"),
        [
            ("nonsense", "1", "not an organization's id"),
            ("org_" + "0" * 22, "1", "no such organization"),
            ("org_" + "0" * 22, "-1", "number from 0"),
            ("org_" + "0" * 22, "99999999999", "number from 0"),
        ],
    )
    async def test_refused(
        self, environment: dict[str, str], organization_id: str, limit: str, said: str
    ) -> None:
        refused = await appusers(
            environment, "organization", "set-limit", "--", organization_id, limit
        )
        assert refused.code == 1
        assert said in refused.err


class TestWrongEnvironment:
    @pytest.mark.parametrize(
        ("variable", "value", "said"),
        [
            ("APPUSERS_PEPPER", "short", "32 characters"),
            ("DATABASE_URL", "postgresql://svc:pa/ssw0rd@127.0.0.1/x", "%2F"),
            ("DATABASE_URL", "postgresql://svc:ssw0rd#1@127.0.0.1/x", "%23"),
            ("DATABASE_URL", "postgresql://svc:[ssw0rd@127.0.0.1/x", "%5B"),
            ("DATABASE_URL", "postgresql://svc:ssw0rd@127.0.0.1:99999/x", "not a URL such as"),
            ("DATABASE_URL", "mysql://svc:ssw0rd@127.0.0.1/x", "not a URL such as"),
            ("APPUSERS_PORT", "many", "APPUSERS_PORT"),
            ("APPUSERS_TRUSTED_PROXIES", "10.0.0.0/99", "APPUSERS_TRUSTED_PROXIES"),
            ("APPUSERS_ALLOWED_ORIGINS", "*", "no origin"),
            ("APPUSERS_OIDC_ALGORITHMS", "HS256", "choose from"),
            ("APPUSERS_OIDC_ISSUER", "http://idp.example", "https://"),
            ("APPUSERS_PEPPER_FILE", "/does/not/exist", "not both"),
        ],
    )
    async def test_is_named_in_one_message(
        self, environment: dict[str, str], variable: str, value: str, said: str
    ) -> None:
        refused = await appusers(environment | {variable: value}, "doctor")
        assert refused.code == 1
        assert said in refused.err
        assert PEPPER not in refused.err
        assert "ssw0rd" not in refused.err
        assert "Traceback" not in refused.err

    async def test_a_catalogue_that_makes_no_sense(
        self, environment: dict[str, str], tmp_path: Path
    ) -> None:
        file = tmp_path / "shop.toml"
        file.write_text('[[role]]\nname = "role:shop:owner"\nlevels = ["SHOP"]\n')
        environment |= {"APPUSERS_CATALOGUE_FILE": str(file)}
        fault = f"{file}: the role role:shop:owner needs a text as its description"
        served = await appusers(environment, "serve", "--port", "0")
        explained = await appusers(environment, "doctor")
        worker = await appusers(environment, "serve", "--port", "0", "--workers", "2")
        assert (served.code, explained.code, worker.code) == (1, 1, 1)
        assert served.err.startswith(f"Error: {fault}")
        assert served.err == worker.err
        assert served.out == ""
        assert f"FAIL catalogue: {fault}" in explained.out
        assert "Traceback" not in served.err + explained.err

    async def test_empty_is_unset(self, environment: dict[str, str]) -> None:
        refused = await appusers(environment | {"APPUSERS_PEPPER": ""}, "doctor")
        assert "FAIL pepper: missing" in refused.out

    async def test_a_pepper_is_needed(self, urls: Urls) -> None:
        refused = await appusers({"DATABASE_URL": urls.serving}, "doctor")
        assert refused.code == 1
        assert "FAIL pepper: missing" in refused.out
        assert "openssl rand -hex" in refused.out
        for command in (["serve", "--port", "0"], ["bootstrap", "--organization", "A"]):
            admin = ["--admin", "a@a.example"] if "bootstrap" in command else []
            refused = await appusers({"DATABASE_URL": urls.serving}, *command, *admin)
            assert refused.code == 1
            assert "openssl rand -hex" in refused.err

    async def test_a_pepper_from_a_file(self, urls: Urls, tmp_path: Path) -> None:
        file = tmp_path / "pepper"
        file.write_text(PEPPER + "\n")
        environment = {"DATABASE_URL": urls.serving, "APPUSERS_PEPPER_FILE": str(file)}
        assert (await appusers(environment, "doctor")).code == 0


class TestUsage:
    async def test_wrong_options_exit_with_2(self) -> None:
        assert (await appusers({}, "serve", "--port", "99999")).code == 2
        assert (await appusers({}, "bootstrap")).code == 2
        assert (await appusers({}, "nonsense")).code == 2

    async def test_help_names_every_command(self) -> None:
        shown = (await appusers({}, "--help")).out
        for command in ("bootstrap", "doctor", "migrate", "organization", "schema", "serve"):
            assert command in shown

    async def test_a_port_in_use(self, environment: dict[str, str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            refused = await appusers(environment, "serve", "--port", port)
        assert refused.code == 1
        assert f"Cannot listen on 127.0.0.1:{port}" in refused.err


async def test_json_is_one_object(environment: dict[str, str]) -> None:
    made = await appusers(
        environment, "bootstrap", "--organization", "A", "--admin", "a@a.example", "--json"
    )
    assert set(json.loads(made.out)) == {"organizationId", "userId", "token"}
