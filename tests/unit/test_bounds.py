"""What bounds a token, and that what it mints stays inside, as tables."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any
from uuid import UUID

import pytest

from app import bounds as bounds_of
from app.bounds import Block, Network, TokenBounds

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def bounds(**changes: Any) -> TokenBounds:
    values: dict[str, Any] = {
        "token_id": UUID(int=21),
        "scopes": None,
        "networks": None,
        "max_age_seconds": None,
        "extend_when_used": False,
        "expiry_time": None,
        "check_time": NOON,
    }
    return TokenBounds(**values | changes)


def scoped(*scopes: str) -> TokenBounds:
    return bounds(scopes=frozenset(scopes))


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
    assert bounds_of.covers(None if own is None else frozenset(own), asked) is expected


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
    values |= asked
    if values["networks"] is not None:
        values["networks"] = [Block.of(network) for network in values["networks"]]
    found = bounds_of.wider_than(own, **values)
    assert [problem.path for problem in found] == too_wide


NETWORKS = ["10.0.0.0/8", "0.0.0.0/0", "192.0.2.7/32", "::/0", "2001:db8::/32", "2001:db8::1/128"]


@pytest.mark.parametrize("text", NETWORKS)
def test_a_block_is_read_as_the_network_that_it_is(text: str) -> None:
    assert Block.read(text) == Block.of(ip_network(text))


@pytest.mark.parametrize("bound", NETWORKS)
@pytest.mark.parametrize("text", NETWORKS)
def test_holds_what_its_networks_hold(bound: str, text: str) -> None:
    asked = ip_network(text)
    own = bounds(networks=(ip_network("198.51.100.0/24"), ip_network(bound), asked.supernet(0)))
    without = bounds(networks=(ip_network("198.51.100.0/24"), ip_network(bound)))
    assert own.hold(Block.of(asked))
    inside = asked.version == ip_network(bound).version and asked.subnet_of(ip_network(bound))  # type: ignore[arg-type]
    assert without.hold(Block.of(asked)) is inside
