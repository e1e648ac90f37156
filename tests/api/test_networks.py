"""Where tokens are accepted from."""

from dataclasses import dataclass

import pytest

from tests.api_client import Api, Organization
from tests.credentials import WHO, is_accepted
from tests.service import Service


@dataclass(frozen=True)
class Case:
    allowlist: list[str]
    address: str
    accepted: bool


CASES = [
    Case(["192.0.2.0/24"], "192.0.2.7", accepted=True),
    Case(["192.0.2.0/24"], "192.0.3.7", accepted=False),
    Case(["192.0.2.7"], "192.0.2.7", accepted=True),
    Case(["192.0.2.7"], "192.0.2.8", accepted=False),
    Case(["198.51.100.0/24", "192.0.2.0/24"], "192.0.2.7", accepted=True),
    Case(["0.0.0.0/0"], "192.0.2.7", accepted=True),
    Case(["0.0.0.0/0"], "2001:db8::1", accepted=False),
    Case(["::/0"], "2001:db8::1", accepted=True),
    Case(["2001:db8::/32"], "2001:db8:ffff::1", accepted=True),
    Case(["2001:db8::/32"], "2001:db9::1", accepted=False),
    Case(["2001:db8::1"], "2001:DB8:0:0::1", accepted=True),
    # An IPv4 address in IPv6's clothes is the IPv4 address.
    Case(["192.0.2.0/24"], "::ffff:192.0.2.7", accepted=True),
    Case(["192.0.2.0/24"], "::ffff:c000:207", accepted=True),
    Case(["192.0.2.0/24"], "::ffff:192.0.3.7", accepted=False),
    Case(["::/0"], "::ffff:192.0.2.7", accepted=False),
    # The name of the interface is not part of the address.
    Case(["fe80::/10"], "fe80::1%eth0", accepted=True),
    # What is no address is nowhere, and so in no network.
    Case(["0.0.0.0/0", "::/0"], "testclient", accepted=False),
    Case(["0.0.0.0/0", "::/0"], "", accepted=False),
]


class TestAllowlist:
    @pytest.mark.parametrize("case", CASES, ids=str)
    async def test_table(self, organization: Organization, service: Service, case: Case) -> None:
        _, full = await organization.token(await organization.user(), ipAllowlist=case.allowlist)
        caller = await service.caller(case.address)
        assert await is_accepted(caller, full) is case.accepted

    @pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::1", "testclient", ""])
    async def test_without_one_anywhere(
        self, organization: Organization, service: Service, address: str
    ) -> None:
        _, full = await organization.token(await organization.user())
        assert await is_accepted(await service.caller(address), full)


FORWARDED = [
    # The socket's peer, what it and its predecessors wrote, and whom the service takes it for.
    ("10.0.0.1", ["192.0.2.7"], True),
    ("10.0.0.1", ["198.51.100.1, 192.0.2.7"], True),
    ("10.0.0.1", ["192.0.2.7, 198.51.100.1"], False),
    ("10.0.0.1", ["192.0.2.7, 10.9.9.9"], True),
    ("10.0.0.1", ["192.0.2.7", "10.9.9.9"], True),
    ("10.0.0.1", ["192.0.2.7", "198.51.100.1"], False),
    ("10.0.0.1", ["::ffff:192.0.2.7"], True),
    ("::ffff:10.0.0.1", ["192.0.2.7"], True),
    ("10.0.0.1", ["192.0.2.7, rubbish"], False),
    ("10.0.0.1", ["192.0.2.7:443"], False),
    ("10.0.0.1", [""], False),
    ("10.0.0.1", [], False),
    # Somebody who is no proxy may claim what it likes.
    ("198.51.100.1", ["192.0.2.7"], False),
    ("192.0.2.7", ["198.51.100.1"], True),
]


class TestBehindProxies:
    @pytest.mark.parametrize(("peer", "forwarded", "accepted"), FORWARDED)
    async def test_table(
        self,
        organization: Organization,
        service: Service,
        peer: str,
        forwarded: list[str],
        accepted: bool,
    ) -> None:
        _, full = await organization.token(await organization.user(), ipAllowlist=["192.0.2.0/24"])
        caller = await service.caller(peer)
        response = await caller.client.post(
            "/graphql",
            json={"query": WHO},
            headers=[
                ("Authorization", f"Bearer {full}"),
                *(("X-Forwarded-For", value) for value in forwarded),
            ],
        )
        assert response.status_code == (200 if accepted else 401)

    async def test_other_headers_are_never_believed(
        self, organization: Organization, service: Service
    ) -> None:
        _, full = await organization.token(await organization.user(), ipAllowlist=["192.0.2.0/24"])
        caller: Api = (await service.caller("10.0.0.1")).with_token(full)
        for name, value in (
            ("Forwarded", "for=192.0.2.7"),
            ("X-Real-IP", "192.0.2.7"),
            ("CF-Connecting-IP", "192.0.2.7"),
            ("True-Client-IP", "192.0.2.7"),
        ):
            answer = await caller.run(WHO, headers={name: value})
            assert answer.response.status_code == 401
