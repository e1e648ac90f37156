"""The address of a client, which no client can choose."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import addresses

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))

# The socket's peer, X-Forwarded-For header by header, and whom we take it for.
ROWS: list[tuple[str | None, list[str], str | None]] = [
    ("192.0.2.1", [], "192.0.2.1"),
    ("192.0.2.1", ["198.51.100.1"], "192.0.2.1"),
    ("10.0.0.1", [], "10.0.0.1"),
    ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
    ("10.0.0.1", ["203.0.113.9, 198.51.100.1"], "198.51.100.1"),
    ("10.0.0.1", ["203.0.113.9,198.51.100.1,10.0.0.2"], "198.51.100.1"),
    ("10.0.0.1", ["203.0.113.9", "198.51.100.1", "10.0.0.2"], "198.51.100.1"),
    ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
    ("10.0.0.1", ["127.0.0.1"], "127.0.0.1"),
    ("fd00::1", ["2001:db8::1"], "2001:db8::1"),
    ("::ffff:10.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
    ("10.0.0.1", [" 198.51.100.1 "], "198.51.100.1"),
    # What cannot be read is nobody: better no address than the wrong one.
    ("10.0.0.1", ["198.51.100.1, unknown"], None),
    ("10.0.0.1", ["198.51.100.1:443"], None),
    ("10.0.0.1", ["[2001:db8::1]"], None),
    ("10.0.0.1", [""], None),
    ("10.0.0.1", ["198.51.100.1,"], None),
    ("10.0.0.1", ["0x7f.1"], None),
    ("10.0.0.1", ["010.0.0.1"], None),
    (None, [], None),
    (None, ["198.51.100.1"], None),
    ("", [], None),
    ("testclient", ["198.51.100.1"], None),
]


class TestOfClient:
    @pytest.mark.parametrize(("peer", "forwarded", "expected"), ROWS)
    def test_table(self, peer: str | None, forwarded: list[str], expected: str | None) -> None:
        found = addresses.of_client(peer, forwarded, PROXIES)
        assert found == (ip_address(expected) if expected else None)

    def test_without_proxies_nothing_is_believed(self) -> None:
        found = addresses.of_client("10.0.0.1", ["198.51.100.1"], ())
        assert found == ip_address("10.0.0.1")

    @given(st.text(), st.lists(st.text()))
    def test_any_text_raises_nothing(self, peer: str, forwarded: list[str]) -> None:
        addresses.of_client(peer, forwarded, PROXIES)
        addresses.of_client("10.0.0.1", forwarded, PROXIES)

    @given(st.lists(st.ip_addresses()))
    def test_what_a_client_writes_never_counts(self, claims: list[object]) -> None:
        """The proxy appends the address it saw; all that stood there before changes nothing."""
        seen = [", ".join([*map(str, claims), "198.51.100.1"])]
        assert addresses.of_client("10.0.0.1", seen, PROXIES) == ip_address("198.51.100.1")


class TestParse:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("::FFFF:192.0.2.1", "192.0.2.1"),
            ("::ffff:c000:201", "192.0.2.1"),
            ("2001:DB8::0:1", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
        ],
    )
    def test_one_form(self, text: str, expected: str) -> None:
        assert addresses.parse(text) == ip_address(expected)

    def test_scope_is_dropped(self) -> None:
        assert str(addresses.parse("fe80::1%eth0")) == "fe80::1"
