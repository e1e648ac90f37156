"""The hosts that a PostgreSQL URL names."""

import pytest

from app import settings
from app.settings import SettingsError
from db.hosts import Address, addresses

TWO = "postgresql://appusers:hunter2@db1:5433,db2/appusers?target_session_attrs=read-write"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("postgresql://u:p@db.example/appusers", [("db.example", None)]),
        ("postgresql://u@db:5433/appusers?sslmode=disable", [("db", 5433)]),
        (TWO, [("db1", 5433), ("db2", None)]),
        ("postgresql://u@[::1]:5433,[::2]/appusers", [("::1", 5433), ("::2", None)]),
        ("postgresql://u@/appusers?host=/run/one&port=5433", [("/run/one", 5433)]),
        (
            "postgresql://u@/appusers?host=/run/one,/run/two&port=5433,5434",
            [("/run/one", 5433), ("/run/two", 5434)],
        ),
        ("postgresql://u@/appusers?host=a,b&port=5433", [("a", 5433), ("b", 5433)]),
        ("postgresql://u@%2Frun%2Fone/appusers", [("/run/one", None)]),
        ("postgresql:///appusers", []),
    ],
)
def test_named(url: str, found: list[Address]) -> None:
    assert addresses(url) == found


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:hunter2@db1:5432,db2:port/appusers",
        "postgresql://u:hunter2@db1:5432,db2:0/appusers",
        "postgresql://u:hunter2@db1:65536/appusers",
        "postgresql://u:hunter2@db1,/appusers",
        "postgresql://u:hunter2@/appusers?host=a,b&port=1,2,3",
        "postgresql://u:hunter2@db1,[::1/appusers",
        f"postgresql://u:hunter2@{64 * 'a'}.example/appusers",
        "postgresql://u:hunter2@db1..example/appusers",
    ],
)
def test_mistakes_are_told_without_the_password(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    with pytest.raises(ValueError, match=r".+") as caught:
        addresses(url)
    assert "hunter2" not in str(caught.value)
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(SettingsError, match="DATABASE_URL: this is not a URL such as") as refused:
        settings.load()
    assert "hunter2" not in str(refused.value)


def test_a_setting_may_name_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", TWO)
    monkeypatch.setenv("APPUSERS_MIGRATION_DATABASE_URL", TWO)
    found = settings.load()
    assert found.database_url is not None
    assert found.database_url.get_secret_value() == TWO
