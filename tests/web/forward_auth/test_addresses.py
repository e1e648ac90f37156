"""The address that allowlists are checked against: the client's, as the gateway saw it."""

import pytest

from tests.api_client import Organization
from tests.service import Service
from tests.web.forward_auth.conftest import PROXY
from tests.web.forward_auth.gateway import Gateway, assert_refused

# The socket's peer, what it and its predecessors wrote, and whether 192.0.2.0/24 holds the client.
FORWARDED = [
    (PROXY, ["192.0.2.7"], True),
    (PROXY, ["198.51.100.1"], False),
    (PROXY, [], False),
    # What stands left of the address that the gateway saw is the client's own claim.
    (PROXY, ["192.0.2.7, 198.51.100.1"], False),
    (PROXY, ["198.51.100.1, 192.0.2.7"], True),
    (PROXY, ["192.0.2.7", "198.51.100.1"], False),
    (PROXY, ["192.0.2.7, 10.9.9.9"], True),
    (PROXY, ["192.0.2.7, rubbish"], False),
    (PROXY, ["192.0.2.7," + " " * 60_000], False),
    # Who is no proxy of ours may claim what it likes.
    ("198.51.100.9", ["192.0.2.7"], False),
    ("192.0.2.9", ["198.51.100.1"], True),
]


@pytest.mark.parametrize(("peer", "forwarded", "passes"), FORWARDED)
async def test_table(
    organization: Organization, watched: Service, peer: str, forwarded: list[str], passes: bool
) -> None:
    _, full = await organization.token(await organization.user(), ipAllowlist=["192.0.2.0/24"])
    gateway = Gateway((await watched.caller(peer)).client)
    headers = [("X-Forwarded-For", value) for value in forwarded]
    answer = await gateway.ask(full, {"organization_id": organization.id}, headers=headers)
    assert answer.status_code == (200 if passes else 401)
    if not passes:
        assert_refused(answer)


async def test_other_headers_are_never_believed(
    organization: Organization, gateway: Gateway
) -> None:
    _, full = await organization.token(await organization.user(), ipAllowlist=["192.0.2.0/24"])
    for name in ("Forwarded", "X-Real-IP", "X-Envoy-External-Address", "True-Client-IP"):
        headers = [(name, "for=192.0.2.7" if name == "Forwarded" else "192.0.2.7")]
        answer = await gateway.ask(full, {"organization_id": organization.id}, headers=headers)
        assert_refused(answer)


async def test_the_networks_of_the_policy_count_too(
    organization: Organization, gateway: Gateway
) -> None:
    _, full = await organization.token(await organization.user())
    question = {"organization_id": organization.id}
    headers = [("X-Forwarded-For", "198.51.100.1")]
    assert (await gateway.ask(full, question, headers=headers)).status_code == 200
    made = await organization.admin.mutate(
        "setOrganizationPolicy",
        "__typename",
        organizationId=organization.id,
        policy={"expiryRequired": False, "allowedNetworks": ["192.0.2.0/24", "127.0.0.0/8"]},
    )
    assert made["__typename"] == "SetOrganizationPolicySuccess", made
    assert_refused(await gateway.ask(full, question, headers=headers))
