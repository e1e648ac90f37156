"""Who may do what, as tables."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any
from uuid import UUID

import pytest

from app import access
from app.access import Membership, Network, OrgAdmin, OrgReader, Principal, TokenBounds
from app.errors import Forbidden, NotFound

HERE, ELSEWHERE, NOWHERE = UUID(int=1), UUID(int=2), UUID(int=3)
ACTOR, OWN_TOKEN, OTHER_TOKEN = UUID(int=11), UUID(int=21), UUID(int=22)
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
ADMIN = access.ORGANIZATION_ADMIN


def bounds(**changes: Any) -> TokenBounds:
    values: dict[str, Any] = {
        "token_id": OWN_TOKEN,
        "scopes": None,
        "networks": None,
        "max_age_seconds": None,
        "extend_when_used": False,
        "expiry_time": None,
        "check_time": NOON,
    }
    return TokenBounds(**values | changes)


def principal(*permissions: str, token: TokenBounds | None = None) -> Principal:
    membership = Membership(
        HERE, ACTOR, is_application_user=True, permissions=frozenset(permissions)
    )
    return Principal({HERE: membership}, token)


def scoped(*scopes: str) -> TokenBounds:
    return bounds(scopes=frozenset(scopes))


# Who asks, about which organization, and whether it may read it, change it, revoke its own token
# and revoke another one. "404" is what somebody outside is told.
PEOPLE: list[tuple[str, Principal, UUID, str, str, str, str]] = [
    ("administrator, signed in", principal(ADMIN), HERE, "yes", "yes", "yes", "yes"),
    ("administrator's token", principal(ADMIN, token=bounds()), HERE, "yes", "yes", "yes", "yes"),
    (
        "administrator's token to read",
        principal(ADMIN, token=scoped("authentication:read")),
        *(HERE, "yes", "no", "yes", "no"),
    ),
    (
        "administrator's token to write",
        principal(ADMIN, token=scoped("authentication:write")),
        *(HERE, "yes", "yes", "yes", "yes"),
    ),
    (
        "administrator's token for projects",
        principal(ADMIN, token=scoped("projects:write", "user:write")),
        *(HERE, "no", "no", "yes", "no"),
    ),
    (
        "administrator's token without scopes",
        principal(ADMIN, token=scoped()),
        *(HERE, "no", "no", "yes", "no"),
    ),
    ("member without grant", principal(token=bounds()), HERE, "no", "no", "yes", "no"),
    (
        "member with another grant",
        principal("organization:app_users:write", token=bounds()),
        *(HERE, "no", "no", "yes", "no"),
    ),
    (
        "member with a grant that looks alike",
        principal("role:organization:admins", token=bounds()),
        *(HERE, "no", "no", "yes", "no"),
    ),
    ("administrator of another", principal(ADMIN), ELSEWHERE, "no", "404", "404", "404"),
    (
        "token of another organization",
        principal(ADMIN, token=bounds()),
        *(ELSEWHERE, "no", "404", "404", "404"),
    ),
    ("somebody without any", Principal({}), HERE, "no", "404", "404", "404"),
]


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except Forbidden:
        return "no"
    except NotFound:
        return "404"
    return "yes"


class TestWhoMay:
    @pytest.mark.parametrize(
        ("_who", "asking", "organization", "read", "change", "own", "other"),
        PEOPLE,
        ids=[row[0] for row in PEOPLE],
    )
    def test_table(
        self,
        _who: str,
        asking: Principal,
        organization: UUID,
        read: str,
        change: str,
        own: str,
        other: str,
    ) -> None:
        # A person signed in has no token of the request: to her, each is another one.
        expected_own = own if asking.token else change
        assert outcome(lambda: access.require_reader(asking, organization)) == read
        assert outcome(lambda: access.require_admin(asking, organization, "missing")) == change
        assert (
            outcome(lambda: access.require_revoker(asking, organization, OWN_TOKEN, "missing"))
            == expected_own
        )
        assert (
            outcome(lambda: access.require_revoker(asking, organization, OTHER_TOKEN, "missing"))
            == other
        )
        assert access.may_read(asking, organization) is (read == "yes")
        assert access.may_change(asking, organization) is (change == "yes")

    def test_permissions_are_cumulative(self) -> None:
        both = principal("organization:app_users:write", ADMIN)
        assert access.may_change(both, HERE)

    def test_one_membership_gives_nothing_in_another(self) -> None:
        member = Membership(HERE, ACTOR, is_application_user=False, permissions=frozenset())
        admin = Membership(
            ELSEWHERE, ACTOR, is_application_user=False, permissions=frozenset({ADMIN})
        )
        asking = Principal({HERE: member, ELSEWHERE: admin})
        assert not access.may_read(asking, HERE)
        assert access.may_read(asking, ELSEWHERE)
        assert not access.may_read(asking, NOWHERE)

    def test_an_organization_elsewhere_reads_like_one_that_is_not(self) -> None:
        texts: list[str] = []
        for organization in (ELSEWHERE, NOWHERE):
            with pytest.raises(Forbidden) as caught:
                access.require_reader(principal(ADMIN), organization)
            texts.append(caught.value.message)
        assert texts[0] == texts[1]


class TestProofs:
    def test_they_name_organization_and_actor(self) -> None:
        reader = access.require_reader(principal(ADMIN), HERE)
        assert (reader.organization_id, reader.actor_id) == (HERE, ACTOR)
        revoker = access.require_revoker(principal(ADMIN), HERE, OTHER_TOKEN, "missing")
        assert revoker.token_id == OTHER_TOKEN

    def test_nobody_else_makes_one(self) -> None:
        with pytest.raises(TypeError, match=r"app\.access"):
            OrgReader(HERE, ACTOR, object())
        with pytest.raises(TypeError, match=r"app\.access"):
            OrgAdmin(HERE, ACTOR, None, None)


SCOPES = [
    # What a token has, what is asked for, whether it covers that.
    (None, "billing:write", True),
    ({"billing:read"}, "billing:read", True),
    ({"billing:write"}, "billing:read", True),
    ({"billing:write"}, "billing:write", True),
    ({"billing:read"}, "billing:write", False),
    ({"billing:write"}, "projects:read", False),
    (set[str](), "billing:read", False),
]


@pytest.mark.parametrize(("own", "asked", "expected"), SCOPES)
def test_covers(own: set[str] | None, asked: str, expected: bool) -> None:
    assert access.covers(None if own is None else frozenset(own), asked) is expected


def networks(*texts: str) -> list[Network]:
    return [ip_network(text) for text in texts]


IN_AN_HOUR = NOON + timedelta(hours=1)
# What the minting token is, what it asks for, and what of that is too wide.
MINTED: list[tuple[TokenBounds | None, dict[str, Any], list[str]]] = [
    (None, {}, []),
    (bounds(), {}, []),
    (scoped("user:write"), {"scopes": ["user:read"]}, []),
    (scoped("user:write"), {"scopes": ["user:read", "user:write"]}, []),
    (scoped("user:read"), {"scopes": ["user:write"]}, ["scopes"]),
    (scoped("user:read"), {"scopes": None}, ["scopes"]),
    (bounds(networks=(ip_network("10.0.0.0/8"),)), {"networks": networks("10.1.0.0/16")}, []),
    (
        bounds(networks=(ip_network("10.0.0.0/9"), ip_network("10.128.0.0/9"))),
        {"networks": networks("10.0.0.0/9", "10.200.0.0/16")},
        [],
    ),
    (
        bounds(networks=(ip_network("10.0.0.0/8"),)),
        {"networks": networks("10.0.0.0/8", "::1")},
        ["ipAllowlist"],
    ),
    (bounds(networks=(ip_network("::/0"),)), {"networks": networks("10.0.0.0/8")}, ["ipAllowlist"]),
    (bounds(networks=(ip_network("0.0.0.0/0"),)), {"networks": None}, ["ipAllowlist"]),
    (bounds(max_age_seconds=9999, expiry_time=IN_AN_HOUR), {"max_age_seconds": 3600}, []),
    (
        bounds(max_age_seconds=9999, expiry_time=IN_AN_HOUR),
        {"max_age_seconds": 3601},
        ["maxAgeSeconds"],
    ),
    (
        bounds(max_age_seconds=9999, expiry_time=IN_AN_HOUR),
        {"max_age_seconds": 600, "extend_when_used": True},
        ["maxAgeSeconds"],
    ),
    (
        bounds(max_age_seconds=9999, expiry_time=IN_AN_HOUR),
        {"max_age_seconds": None},
        ["maxAgeSeconds"],
    ),
    (
        bounds(max_age_seconds=9999, expiry_time=IN_AN_HOUR, extend_when_used=True),
        {"max_age_seconds": 9999, "extend_when_used": True},
        [],
    ),
    (
        bounds(max_age_seconds=9999, expiry_time=IN_AN_HOUR, extend_when_used=True),
        {"max_age_seconds": 10000},
        ["maxAgeSeconds"],
    ),
    (
        bounds(
            scopes=frozenset({"user:read"}),
            networks=(ip_network("10.0.0.0/8"),),
            max_age_seconds=600,
            expiry_time=IN_AN_HOUR,
        ),
        {},
        ["scopes", "ipAllowlist", "maxAgeSeconds"],
    ),
]


@pytest.mark.parametrize(("own", "asked", "too_wide"), MINTED)
def test_wider_than(own: TokenBounds | None, asked: dict[str, Any], too_wide: list[str]) -> None:
    values: dict[str, Any] = {
        "scopes": None,
        "networks": None,
        "max_age_seconds": None,
        "extend_when_used": False,
    }
    found = access.wider_than(own, **values | asked)
    assert [problem.path for problem in found] == too_wide
