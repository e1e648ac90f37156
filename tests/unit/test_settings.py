"""What an operator can set, and what a mistake is answered with: never with a secret."""

import re
from ipaddress import ip_network
from pathlib import Path

import pytest

from app import settings
from app.settings import Settings, SettingsError
from app.token_format import parse_peppers

SECRET = "the-secret-of-thirty-two-characters-and-more"
OTHER = "another-secret-of-thirty-two-characters-too"
URL = "postgresql://appusers:hunter2@db.example/appusers"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a test sets is set."""
    for name in Settings.model_fields:
        for variable in (f"APPUSERS_{name.upper()}", f"APPUSERS_{name.upper()}_FILE"):
            monkeypatch.delenv(variable, raising=False)
    for variable in ("DATABASE_URL", "DATABASE_URL_FILE"):
        monkeypatch.delenv(variable, raising=False)


class TestDefaults:
    def test_the_embedded_database_on_this_machine_alone(self) -> None:
        found = settings.load()
        assert found.database_url is None
        assert (found.host, found.port, found.workers) == ("127.0.0.1", 8000, 1)
        assert found.trusted_proxies == ()
        assert found.oidc_issuer is None
        assert found.data_dir.name == "application-users"


class TestRead:
    def test_from_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", URL)
        monkeypatch.setenv("APPUSERS_PORT", "8080")
        monkeypatch.setenv("APPUSERS_TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::/32,")
        monkeypatch.setenv("APPUSERS_OIDC_ALGORITHMS", "ES384,EdDSA")
        found = settings.load()
        assert found.database_url is not None
        assert found.database_url.get_secret_value() == URL
        assert found.port == 8080
        assert found.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))
        assert found.oidc_algorithms == ("ES384", "EdDSA")

    @pytest.mark.parametrize(
        "issuer",
        [
            "https://idp.example",
            "https://idp.example:8443/realms/acme/",
            "http://127.0.0.1:8080/realm",
            "http://localhost:8080",
        ],
    )
    def test_issuers(self, monkeypatch: pytest.MonkeyPatch, issuer: str) -> None:
        monkeypatch.setenv("APPUSERS_OIDC_ISSUER", issuer)
        assert settings.load().oidc_issuer == issuer

    def test_the_console_sends_the_jwt_that_is_for_the_service(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert not settings.load().console_sends_id_token
        monkeypatch.setenv("APPUSERS_OIDC_CLIENT_ID", "console")
        assert not settings.load().console_sends_id_token
        monkeypatch.setenv("APPUSERS_OIDC_AUDIENCE", "console")
        assert settings.load().console_sends_id_token

    def test_what_the_command_line_says_wins(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("APPUSERS_PORT", "8080")
        assert settings.load(port=9090, host=None).port == 9090
        assert settings.load(port=None).port == 8080

    def test_the_issuer_is_the_public_url_or_where_it_listens(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert settings.load().issuer == "http://127.0.0.1:8000"
        monkeypatch.setenv("APPUSERS_PUBLIC_URL", "https://tokens.example.com")
        assert settings.load().issuer == "https://tokens.example.com"

    @pytest.mark.parametrize(
        ("host", "issuer", "is_nowhere"),
        [
            ("127.0.0.1", "http://127.0.0.1:8000", False),
            ("::1", "http://[::1]:8000", False),
            ("tokens.internal", "http://tokens.internal:8000", False),
            ("0.0.0.0", "http://0.0.0.0:8000", True),
            ("::", "http://[::]:8000", True),
        ],
    )
    def test_the_issuer_is_nowhere_where_everything_is_listened_on(
        self, host: str, issuer: str, *, is_nowhere: bool
    ) -> None:
        found = settings.load(host=host)
        assert (found.issuer, found.issuer_is_nowhere) == (issuer, is_nowhere)
        found = settings.load(host=host, public_url="https://tokens.example.com")
        assert (found.issuer, found.issuer_is_nowhere) == ("https://tokens.example.com", False)

    def test_database_url_has_one_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("APPUSERS_DATABASE_URL", URL)
        assert settings.load().database_url is None


class TestFiles:
    @pytest.mark.parametrize(
        ("variable", "value"),
        [
            ("DATABASE_URL", URL),
            ("APPUSERS_MIGRATION_DATABASE_URL", URL),
            ("APPUSERS_PEPPER", SECRET),
        ],
    )
    def test_secret_ones(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, value: str
    ) -> None:
        path = tmp_path / "secret"
        path.write_text(value + "\n")
        monkeypatch.setenv(variable + "_FILE", str(path))
        found = settings.load()
        field = variable.removeprefix("APPUSERS_").lower()
        assert getattr(found, field).get_secret_value() == value

    @pytest.mark.parametrize(
        "variable", ["DATABASE_URL", "APPUSERS_MIGRATION_DATABASE_URL", "APPUSERS_PEPPER"]
    )
    def test_both_is_a_mistake(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
    ) -> None:
        path = tmp_path / "secret"
        path.write_text(SECRET)
        monkeypatch.setenv(variable + "_FILE", str(path))
        monkeypatch.setenv(variable, OTHER)
        with pytest.raises(SettingsError, match=f"Set {variable} or {variable}_FILE, not both"):
            settings.load()

    def test_one_that_cannot_be_read(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        (tmp_path / "binary").write_bytes(b"\xff\xfe")
        for path in (tmp_path / "missing", tmp_path, tmp_path / "binary"):
            monkeypatch.setenv("APPUSERS_PEPPER_FILE", str(path))
            with pytest.raises(SettingsError, match="APPUSERS_PEPPER_FILE"):
                settings.load()

    def test_mistakes_in_one_do_not_show_it(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        path = tmp_path / "pepper"
        path.write_text("too-short-a-secret")
        monkeypatch.setenv("APPUSERS_PEPPER_FILE", str(path))
        with pytest.raises(SettingsError) as caught:
            settings.load()
        assert str(caught.value).startswith("APPUSERS_PEPPER: ")
        assert "too-short" not in str(caught.value)


class TestPeppers:
    def test_one(self) -> None:
        found = parse_peppers(f" {SECRET}\n")
        assert (found.current, found.keys) == (1, {1: SECRET.encode()})

    def test_after_a_change_the_newest_comes_first(self) -> None:
        found = parse_peppers(f"2:{SECRET},1:{OTHER}")
        assert (found.current, found.keys) == (2, {2: SECRET.encode(), 1: OTHER.encode()})

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("", "32 characters"),
            ("x" * 31, "32 characters"),
            (f"{SECRET},", "32 characters"),
            (f"2:{SECRET},1:short", "32 characters"),
            (f"2:{SECRET},2:{OTHER}", "given twice"),
            (f"{SECRET},{OTHER}", "given twice"),
            (f"0:{SECRET}", "number from 1"),
            (f"32768:{SECRET}", "number from 1"),
            (f"-1:{SECRET}", "number from 1"),
            (f"two:{SECRET}", "number from 1"),
            (f"\u0662:{SECRET}", "number from 1"),
            (f"2:{SECRET}:x", "no colon"),
        ],
    )
    def test_mistakes(self, text: str, why: str) -> None:
        with pytest.raises(ValueError, match=why) as caught:
            parse_peppers(text)
        assert SECRET not in str(caught.value)
        assert OTHER not in str(caught.value)


class TestMistakes:
    @pytest.mark.parametrize(
        ("variable", "value"),
        [
            ("APPUSERS_PORT", "65536"),
            ("APPUSERS_PORT", "http"),
            ("APPUSERS_WORKERS", "0"),
            ("APPUSERS_DATABASE_CONNECTIONS", "101"),
            ("APPUSERS_LOG_LEVEL", "loud"),
            ("APPUSERS_JSON_LOGS", "perhaps"),
            ("APPUSERS_TRUSTED_PROXIES", "10.0.0.1/8"),
            ("APPUSERS_TRUSTED_PROXIES", "*"),
            ("APPUSERS_OIDC_ALGORITHMS", "HS256"),
            ("APPUSERS_OIDC_ALGORITHMS", "RS256,none"),
            ("APPUSERS_OIDC_ALGORITHMS", " , "),
            ("APPUSERS_OIDC_ISSUER", "http://idp.example"),
            ("APPUSERS_OIDC_ISSUER", "idp.example"),
            ("APPUSERS_OIDC_ISSUER", "https://idp.example?tenant=1"),
            ("APPUSERS_OIDC_ISSUER", "https://idp.example/#1"),
            ("APPUSERS_OIDC_ISSUER", "https://me:secret@idp.example"),
            ("APPUSERS_OIDC_ISSUER", "https://*.example"),
            ("APPUSERS_OIDC_ISSUER", "https://idp.example; script-src *"),
            ("APPUSERS_OIDC_CLIENT_ID", "my console"),
            ("APPUSERS_OIDC_SCOPES", "profile"),
            ("APPUSERS_OIDC_SCOPES", "openid,profile"),
            ("APPUSERS_OIDC_SCOPES", "openid  profile"),
            ("APPUSERS_CONSOLE", "perhaps"),
            ("APPUSERS_ALLOWED_ORIGINS", "https://a.example/path"),
            ("APPUSERS_ALLOWED_ORIGINS", "*"),
            ("APPUSERS_ALLOWED_ORIGINS", "https://"),
            ("APPUSERS_PUBLIC_URL", "tokens.example.com"),
            ("APPUSERS_PUBLIC_URL", "https://tokens.example.com/"),
            ("APPUSERS_PUBLIC_URL", "https://tokens.example.com/path"),
            ("APPUSERS_PUBLIC_URL", "https://tokens.example.com?query"),
            ("APPUSERS_PUBLIC_URL", "https://me:secret@tokens.example.com"),
            ("APPUSERS_PUBLIC_URL", "ftp://tokens.example.com"),
            ("APPUSERS_PUBLIC_URL", "https://["),
            ("APPUSERS_BULK_REVOCATIONS_PER_MINUTE", "-1"),
            ("APPUSERS_BULK_REVOCATIONS_PER_MINUTE", "many"),
            ("APPUSERS_ACTIVITY_FLUSH_SECONDS", "0"),
            ("APPUSERS_ACTIVITY_FLUSH_SECONDS", "61"),
            ("APPUSERS_LAST_USED_RESOLUTION_SECONDS", "-1"),
        ],
    )
    def test_name_the_variable(
        self, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
    ) -> None:
        monkeypatch.setenv(variable, value)
        with pytest.raises(SettingsError, match=f"^{re.escape(variable)}: "):
            settings.load()

    def test_never_show_a_secret(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", URL)
        monkeypatch.setenv("APPUSERS_PEPPER", "short-secret")
        monkeypatch.setenv("APPUSERS_PORT", "x")
        with pytest.raises(SettingsError) as caught:
            settings.load()
        text = str(caught.value)
        assert "short-secret" not in text
        assert "hunter2" not in text
        assert [line.split(":")[0] for line in text.splitlines()] == [
            "APPUSERS_PEPPER",
            "APPUSERS_PORT",
        ]

    def test_nor_does_a_repr(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", URL)
        monkeypatch.setenv("APPUSERS_PEPPER", SECRET)
        shown = repr(settings.load()) + str(settings.load()) + settings.load().model_dump_json()
        assert SECRET not in shown
        assert "hunter2" not in shown


class TestWebhooks:
    def test_networks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert settings.load().webhook_allowed_networks == ()
        monkeypatch.setenv("APPUSERS_WEBHOOK_ALLOWED_NETWORKS", "10.0.0.0/8, fd00::/8")
        found = settings.load().webhook_allowed_networks
        assert list(map(str, found)) == ["10.0.0.0/8", "fd00::/8"]

    @pytest.mark.parametrize("value", ["10.0.0.1/8", "everywhere", "10.0.0.0/8;fd00::/8"])
    def test_what_is_no_network(self, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
        monkeypatch.setenv("APPUSERS_WEBHOOK_ALLOWED_NETWORKS", value)
        with pytest.raises(SettingsError, match="APPUSERS_WEBHOOK_ALLOWED_NETWORKS"):
            settings.load()


def test_every_setting_is_described() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name
