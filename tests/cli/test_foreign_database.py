"""``appusers`` on a PostgreSQL of the operator's own."""

import json

import pytest

from db.migrations import HEAD
from tests.cli.processes import appusers, serving, viewer
from tests.conftest import PEPPER
from tests.issuer import issuer_at_work
from tests.postgres import Server, Urls


def environment_for(urls: Urls) -> dict[str, str]:
    return {
        "DATABASE_URL": urls.serving,
        "APPUSERS_MIGRATION_DATABASE_URL": urls.owner,
        "APPUSERS_PEPPER": PEPPER,
    }


@pytest.fixture(scope="module")
async def fresh(server: Server) -> Urls:
    """A database that nobody has migrated."""
    return await server.empty()


class TestNeverMigrated:
    async def test_serve_refuses_and_says_how(self, server: Server) -> None:
        refused = await appusers(environment_for(await server.empty()), "serve", "--port", "0")
        assert refused.code == 1
        assert "migrations: none" in refused.err
        assert "appusers migrate" in refused.err
        assert "Traceback" not in refused.err

    async def test_bootstrap_refuses_and_says_how(self, server: Server) -> None:
        refused = await appusers(
            environment_for(await server.empty()),
            "bootstrap",
            "--organization",
            "A",
            "--admin",
            "a@a.example",
        )
        assert refused.code == 1
        assert "appusers migrate" in refused.err

    async def test_serve_migrates_when_asked(self, server: Server) -> None:
        urls = await server.empty()
        async with serving(environment_for(urls), "--migrate") as served:
            assert "appu_" not in served.greeting
            refused = await viewer(served.url, "appu_none")
            assert refused.status_code == 401

    async def test_the_owner_url_is_asked_for(self, fresh: Urls) -> None:
        environment = environment_for(fresh)
        del environment["APPUSERS_MIGRATION_DATABASE_URL"]
        refused = await appusers(environment, "migrate")
        assert refused.code == 1
        assert "APPUSERS_MIGRATION_DATABASE_URL" in refused.err


class TestMigrated:
    async def test_migrate_twice_then_the_whole_way(self, fresh: Urls) -> None:
        environment = environment_for(fresh)
        bare = {name: environment[name] for name in environment if "PEPPER" not in name}
        first = await appusers(bare, "migrate")  # as compose does: it needs no pepper
        assert first.code == 0, first.err
        assert f"{HEAD}." in first.out
        assert "Nothing to apply." in (await appusers(environment, "migrate")).out
        made = await appusers(
            environment, "bootstrap", "--organization", "A", "--admin", "a@a.example", "--json"
        )
        async with serving(environment) as served:
            answer = await viewer(served.url, json.loads(made.out)["token"])
            assert answer.status_code == 200


class TestDoctor:
    async def test_all_is_well(self, urls: Urls) -> None:
        well = await appusers(environment_for(urls), "doctor")
        assert well.code == 0, well.out
        assert "12 of 12 checks passed." in well.out

    async def test_a_role_that_no_wall_binds(self, urls: Urls) -> None:
        ill = await appusers(environment_for(urls) | {"DATABASE_URL": urls.owner}, "doctor")
        assert ill.code == 1
        assert "FAIL serving role" in ill.out
        assert "Mend: Point DATABASE_URL at a role of its own" in ill.out

    async def test_serve_insists_on_it(self, urls: Urls) -> None:
        environment = environment_for(urls) | {"DATABASE_URL": urls.owner}
        refused = await appusers(environment, "serve", "--port", "0")
        assert refused.code == 1
        assert "appusers doctor" in refused.err

    async def test_a_trusted_network_of_everybody(self, urls: Urls) -> None:
        environment = environment_for(urls) | {"APPUSERS_TRUSTED_PROXIES": "10.0.0.1, 0.0.0.0/0"}
        ill = await appusers(environment, "doctor")
        assert ill.code == 1
        assert "FAIL trusted proxies: 10.0.0.1/32, 0.0.0.0/0" in ill.out

    async def test_an_issuer_that_nobody_can_reach_is_said_and_no_failure(self, urls: Urls) -> None:
        environment = environment_for(urls) | {"APPUSERS_HOST": "0.0.0.0"}
        doubtful = await appusers(environment, "doctor")
        assert doubtful.code == 0
        assert "warn public URL: none: the issuer is http://0.0.0.0:8000" in doubtful.out
        assert "Mend: Set APPUSERS_PUBLIC_URL" in doubtful.out
        assert "11 of 12 checks passed." in doubtful.out
        environment["APPUSERS_PUBLIC_URL"] = "https://tokens.example.com"
        well = await appusers(environment, "doctor")
        assert "ok   public URL: https://tokens.example.com" in well.out

    async def test_a_client_of_no_provider(self, urls: Urls) -> None:
        environment = environment_for(urls) | {"APPUSERS_OIDC_CLIENT_ID": "console"}
        doubtful = await appusers(environment, "doctor")
        assert doubtful.code == 0
        assert "warn sign-in: no identity provider" in doubtful.out
        assert "Mend: Set APPUSERS_OIDC_ISSUER" in doubtful.out
        well = await appusers(
            environment | {"APPUSERS_OIDC_ISSUER": "https://idp.example"}, "doctor"
        )
        assert "ok   sign-in: people sign in with https://idp.example" in well.out

    async def test_a_provider_is_asked(self, urls: Urls) -> None:
        async with issuer_at_work() as issuer:
            environment = environment_for(urls) | {
                "APPUSERS_OIDC_ISSUER": issuer.url,
                "APPUSERS_OIDC_CLIENT_ID": "console",
            }
            well = await appusers(environment, "doctor")
            assert "ok   identity provider: it publishes its keys and its endpoints\n" in well.out
            issuer.secrets.append("client_secret_basic")
            issuer.secrets.remove("none")
            hinted = await appusers(environment, "doctor")
            assert "it lists client_secret_basic and not `none`" in hinted.out
            assert "13 of 13 checks passed." in hinted.out
        away = await appusers(environment, "doctor")
        assert away.code == 0
        assert "warn identity provider: its metadata cannot be read" in away.out
        assert f"Mend: Let this machine reach {issuer.url}/.well-known/" in away.out


class TestUnreachable:
    @pytest.mark.parametrize("command", [["doctor"], ["serve", "--port", "0"], ["migrate"]])
    async def test_says_what_to_check_and_no_password(self, command: list[str]) -> None:
        away = "postgresql://somebody:hunter22@127.0.0.1:1/nothing"
        environment = environment_for(Urls(away, away))
        refused = await appusers(environment, *command)
        assert refused.code == 1
        assert "DATABASE_URL" in refused.err
        assert "hunter22" not in refused.err + refused.out
        assert "Traceback" not in refused.err
