"""A client cannot choose the address that its allowlist is checked against.

Each address of a few has a token that is good from there alone. Whatever header fields a request
comes with, the token that gets in at /graphql, /introspect and /verify has to be that of the
address that the nearest trusted proxy saw: over TCP from sockets that are a proxy's and a client's,
in a table; and with any list of fields that hypothesis makes up, against an oracle that reads them
by itself; ``APPUSERS_TEST_EXAMPLES=5000`` makes up more. The controls believe what a client can
write, each in a way that was somebody's bug.
"""

import re
import socket
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app import addresses, ids, organizations
from app.database import Database
from tests.api.grouping import grant
from tests.api_client import Organization
from tests.conftest import PEPPER, PEPPERS, serve, settings_for
from tests.postgres import Urls
from tests.promises.conftest import Figure
from tests.promises.senders import Fields, Sending, in_process, over_tcp
from tests.rounds import EXAMPLES
from tests.service import Service, started
from tests.web.connections import served

CLIENT, PROXY, PROXY_BEFORE = "127.0.0.1", "127.0.0.2", "127.0.0.3"
TRUSTED = f"{PROXY}, {PROXY_BEFORE}, fd00::/8"
V4, OTHER, V6 = "192.0.2.7", "198.51.100.9", "2001:db8::7"
TOKENS_FOR = (CLIENT, PROXY, V4, OTHER, V6)
"""A token each is good from there alone."""
PATHS = ("/graphql", "/introspect", "/verify")


@dataclass(frozen=True)
class Place:
    """An organization, and its token for each address."""

    organization_id: str
    tokens: dict[str, str]

    async def let_in(self, send: Sending, path: str, peer: str, fields: Fields) -> list[str]:
        """Return the addresses whose tokens get in, of a request with these fields."""
        statuses = {
            address: await self._status(send, path, peer, token, fields)
            for address, token in self.tokens.items()
        }
        assert set(statuses.values()) <= {200, 401}, statuses
        return [address for address, status in statuses.items() if status == 200]

    async def _status(self, send: Sending, path: str, peer: str, token: str, fields: Fields) -> int:
        own = [("Host", "test"), ("Authorization", f"Bearer {token}")]
        if path == "/verify":
            target = f"/verify?organization_id={self.organization_id}"
            return await send(peer, b"GET", target, [*own, *fields], b"")
        if path == "/introspect":
            # What it is told of another token's client is no address of the caller.
            form = f"token=junk&client_ip={quote(V4)}".encode()
            kind = ("Content-Type", "application/x-www-form-urlencoded")
            return await send(peer, b"POST", path, [*own, kind, *fields], form)
        kind = ("Content-Type", "application/json")
        return await send(peer, b"POST", path, [*own, kind, *fields], b'{"query":"{__typename}"}')


@pytest.fixture(scope="module")
async def trusting(urls: Urls) -> AsyncGenerator[Service]:
    """An application that trusts two proxies of this host, and a network of them."""
    settings_ = settings_for(
        urls, trusted_proxies=TRUSTED, activity_flush_seconds=60, log_level="warning"
    )
    async with started(settings_) as running:
        yield running


@pytest.fixture(scope="module")
async def place(trusting: Service, database: Database) -> Place:
    """An organization of its own; to look at its tokens changes nothing."""
    bootstrapped = await organizations.bootstrap(
        database, PEPPERS, name="Places", admin_email="admin@places.example"
    )
    organization = Organization(
        ids.organization_id(bootstrapped.organization_id),
        ids.member_id("user", bootstrapped.organization_id, bootstrapped.user_id),
        await trusting.caller(token=bootstrapped.full_token),
    )
    user_id = await organization.user()
    await grant(organization, user_id, "organization:tokens:verify")
    made = [await organization.token(user_id, ipAllowlist=[each]) for each in TOKENS_FOR]
    full = [token for _, token in made]
    return Place(organization.id, dict(zip(TOKENS_FOR, full, strict=True)))


FOR = "X-Forwarded-For"
Row: TypeAlias = tuple[str, Fields, str | None]
"""The socket's peer, what it sends, and the address that counts."""
ROWS: list[Row] = [
    # A client by itself: nothing that it says counts.
    (CLIENT, [], CLIENT),
    (CLIENT, [(FOR, V4)], CLIENT),
    (CLIENT, [(FOR, PROXY)], CLIENT),
    (CLIENT, [(FOR, f"{V4}, {PROXY}")], CLIENT),
    (CLIENT, [("Forwarded", f"for={V4}"), ("X-Real-IP", V4), ("True-Client-IP", V4)], CLIENT),
    # Behind one proxy, which appends what it saw, or sets it.
    (PROXY, [(FOR, OTHER)], OTHER),
    (PROXY, [(FOR, V6)], V6),
    (PROXY, [(FOR, f"{V4}, {OTHER}")], OTHER),
    (PROXY, [(FOR, V4), (FOR, OTHER)], OTHER),
    (PROXY, [(FOR, f"{V4},{V4} ,\t{OTHER}")], OTHER),
    (PROXY, [(FOR, f"{V4}, {PROXY}, {OTHER}")], OTHER),
    (PROXY, [(FOR.lower(), V4), (FOR.upper(), OTHER)], OTHER),
    (PROXY, [(FOR, f"::ffff:{OTHER}")], OTHER),
    (PROXY, [(FOR, f"{V4}, ::FFFF:c633:6409")], OTHER),
    # Behind two, of which the one in front sees the client.
    (PROXY, [(FOR, f"{OTHER}, {PROXY_BEFORE}")], OTHER),
    (PROXY, [(FOR, f"{V4}, {OTHER}, {PROXY_BEFORE}")], OTHER),
    (PROXY, [(FOR, V4), (FOR, OTHER), (FOR, PROXY_BEFORE)], OTHER),
    (PROXY, [(FOR, f"{V4}, {OTHER}, fd00::1, {PROXY_BEFORE}, ::ffff:{PROXY}")], OTHER),
    # Headers of other proxies' ways are nobody's word.
    (PROXY, [("Forwarded", f"for={V4}"), (FOR, OTHER)], OTHER),
    (PROXY, [(FOR, OTHER), ("X-Real-IP", V4), ("True-Client-IP", V4), ("Client-IP", V4)], OTHER),
    (PROXY, [(FOR, OTHER), ("CF-Connecting-IP", V4), ("X-Client-IP", V4)], OTHER),
    (PROXY, [(FOR, OTHER), ("X_Forwarded_For", V4), ("X-Forwarded", V4)], OTHER),
    (PROXY, [("X-Real-IP", V4)], PROXY),
    # What cannot be read is nobody's address: no allowlist lets it in.
    (PROXY, [(FOR, f"{V4}, unknown")], None),
    (PROXY, [(FOR, f"{V4}, {OTHER}:4711")], None),
    (PROXY, [(FOR, f"[{V6}]")], None),
    (PROXY, [(FOR, f"{V4},")], None),
    (PROXY, [(FOR, "")], None),
    (PROXY, [(FOR, "0xc0.0.2.7")], None),
    (PROXY, [(FOR, "192.0.2.07")], None),
    (PROXY, [(FOR, "3221225991")], None),
    (PROXY, [(FOR, f"\xa0{V4}")], None),
    (PROXY, [(FOR, f"{V4}, {'x' * 5000}")], None),
]


def read(text: str) -> str | None:
    """Read an address as the oracle does: by the system, and an expression for IPv4."""
    text, zone, scope = text.strip(" \t").partition("%")
    if zone and (not scope or "%" in scope or len(text) + len(scope) > 60):
        return None
    if re.fullmatch(r"(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}", text):
        fits = all(int(part) < 256 for part in text.split("."))
        return text if fits and not zone else None
    try:
        packed = socket.inet_pton(socket.AF_INET6, text)
    except (OSError, UnicodeEncodeError, ValueError):
        return None
    if packed[:12] == bytes(10) + b"\xff\xff":
        return socket.inet_ntop(socket.AF_INET, packed[12:])
    return socket.inet_ntop(socket.AF_INET6, packed)


def oracle(peer: str, fields: Fields) -> str | None:
    """Return the address that the nearest trusted proxy saw, None where that is none."""
    hops = [part for n, value in fields if n.lower() == FOR.lower() for part in value.split(",")]
    seen = [read(hop) for hop in [peer, *reversed(hops)]]
    others = [address for address in seen if not is_proxy(address)]
    return others[0] if others else seen[-1]


def is_proxy(address: str | None) -> bool:
    return address in (PROXY, PROXY_BEFORE) or (address or "").startswith("fd")


async def check(
    place: Place, send: Sending, rows: Sequence[Row], paths: Sequence[str] = PATHS
) -> None:
    """Check that the one token gets in that is good from the address that was seen."""
    for peer, fields, seen in rows:
        for path in paths:
            found = await place.let_in(send, path, peer, fields)
            expected = [seen] if seen in TOKENS_FOR else []
            assert found == expected, (path, peer, fields, found)


async def test_table_over_tcp(place: Place, urls: Urls, tmp_path: Path, figure: Figure) -> None:
    """Of ``appusers serve``, as an operator runs it."""
    environment = {
        "DATABASE_URL": urls.serving,
        "APPUSERS_PEPPER": PEPPER,
        "APPUSERS_TRUSTED_PROXIES": TRUSTED,
        "APPUSERS_FAILED_REQUESTS_PER_MINUTE": "0",
    }
    for live in serve(environment, tmp_path):
        await check(place, over_tcp(urlsplit(live.url).port or 0), ROWS)
    figure(f"{len(ROWS)} ways to claim an address over TCP, {EXAMPLES // 3:,} drawn at random")


async def test_control_a_server_that_trusts_its_own_host(trusting: Service, place: Place) -> None:
    """uvicorn's defaults, which rewrite the socket's peer."""
    async with served(trusting.app) as server:
        with pytest.raises(AssertionError):
            await check(place, over_tcp(server.port), ROWS)


def test_the_oracle_knows_the_table() -> None:
    for peer, fields, seen in ROWS:
        assert oracle(peer, fields) == seen


ADDRESSES = [*TOKENS_FOR, PROXY_BEFORE, "fd00::1", "2001:db8:0:0:0:0:0:7", "203.0.113.1"]
ODD = ["unknown", "", "_x", f"{V4}:80", f"[{V6}]", f"{V6}%eth0", f"for={V4}", "0", "*", f'"{V4}"']
PARTS = st.one_of(
    st.sampled_from(ADDRESSES),
    st.sampled_from(ADDRESSES[:6]).map(lambda text: f" ::ffff:{text}" if "." in text else text),
    st.sampled_from(ODD),
    st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=12),
)
NAMES = [*[FOR] * 6, FOR.lower(), "Forwarded", "X-Real-IP", "True-Client-IP", "X_Forwarded_For"]
FIELDS = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.lists(PARTS, min_size=1, max_size=4).flatmap(
            lambda parts: st.sampled_from([",", ", ", " ,\t"]).map(lambda comma: comma.join(parts))
        ),
    ),
    max_size=4,
)
PEERS = st.sampled_from([CLIENT, PROXY, PROXY, PROXY, "fd00::2", f"::ffff:{PROXY}", V6, V4])


@settings(max_examples=EXAMPLES // 3)
@given(peer=PEERS, fields=FIELDS)
@example(peer="fd00::2", fields=[(FOR, f"{V4}, {V6}, fd00::3")])
async def test_any_fields(
    trusting: Service, place: Place, peer: str, fields: list[tuple[str, str]]
) -> None:
    await check(place, in_process(trusting), [(peer, fields, oracle(peer, fields))])


async def test_a_token_asked_about_has_the_address_that_its_asker_names(
    trusting: Service, place: Place
) -> None:
    """To name it is the asker's part, which it authenticates for; header fields are its own."""
    caller = {"Authorization": f"Bearer {place.tokens[CLIENT]}", FOR: V4, "X-Real-IP": V4}
    client = (await trusting.caller(CLIENT)).client
    for address, token in place.tokens.items():
        for named in (*TOKENS_FOR, None):
            form = {"token": token} | ({"client_ip": named} if named else {})
            answer = await client.post("/introspect", data=form, headers=caller)
            assert answer.json()["active"] is (named == address)


def leftmost(peer: str | None, forwarded: Sequence[str], _proxies: object) -> Any:
    claims = [part.strip() for value in forwarded for part in value.split(",")]
    return addresses.parse((claims or [peer or ""])[0])


def any_peer_trusted(peer: str | None, forwarded: Sequence[str], _proxies: object) -> Any:
    return REAL(peer, forwarded, [ip_network("0.0.0.0/0"), ip_network("::/0")])


def first_header_alone(peer: str | None, forwarded: Sequence[str], proxies: Any) -> Any:
    return REAL(peer, forwarded[:1], proxies)


def unreadable_skipped(peer: str | None, forwarded: Sequence[str], proxies: Any) -> Any:
    parts = [part for value in forwarded for part in value.split(",") if addresses.parse(part)]
    return REAL(peer, parts, proxies)


def mapped_kept(peer: str | None, forwarded: Sequence[str], proxies: Any) -> Any:
    found = REAL(peer, forwarded, proxies)
    is_mapped = "::ffff:" in "".join(forwarded).lower()
    return ip_address(f"::ffff:{found}") if is_mapped and found and found.version == 4 else found


REAL = addresses.of_client
BROKEN = [leftmost, any_peer_trusted, first_header_alone, unreadable_skipped, mapped_kept]


@pytest.mark.parametrize("broken", BROKEN)
async def test_control_a_client_that_is_believed(
    trusting: Service, place: Place, monkeypatch: pytest.MonkeyPatch, broken: Callable[..., Any]
) -> None:
    """Each way to believe a client fails the check, at every endpoint."""
    monkeypatch.setattr(addresses, "of_client", broken)
    for path in PATHS:
        with pytest.raises(AssertionError):
            await check(place, in_process(trusting), ROWS, [path])
