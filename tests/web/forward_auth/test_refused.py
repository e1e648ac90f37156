"""Requests that are stopped because of their credential."""

from uuid import uuid4

import httpx
import pytest

from app import ids, token_format
from tests.api_client import Organization
from tests.owner import organization_key, token_key
from tests.service import Service
from tests.web.forward_auth.gateway import Gateway, assert_refused


def seen(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Return all there is to an answer but its own id."""
    headers = [(name, value) for name, value in answer.headers.items() if name != "x-request-id"]
    return answer.status_code, answer.content, headers


class TestNoCredential:
    @pytest.mark.parametrize(
        "authorization",
        [None, "", "Bearer", "Bearer ", "Basic YTpi", "Digest a", "Bearer a b", "Bearer a,b"],
    )
    async def test_is_told_which_to_get(self, gateway: Gateway, authorization: str | None) -> None:
        headers = [] if authorization is None else [("Authorization", authorization)]
        answer = await gateway.ask(None, "organization_id=any", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.json()["error"] == "invalid_client"

    async def test_other_places_for_one_do_not_count(
        self, organization: Organization, gateway: Gateway
    ) -> None:
        token = organization.admin.token
        for name in ("Proxy-Authorization", "X-Authorization", "X-Api-Key"):
            headers = [(name, f"Bearer {token}")]
            answer = await gateway.ask(None, "organization_id=any", headers=headers)
            assert answer.status_code == 401

    @pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
    async def test_the_scheme_is_written_in_any_case(
        self, organization: Organization, gateway: Gateway, scheme: str
    ) -> None:
        headers = [("Authorization", f"{scheme} {organization.admin.token}")]
        answer = await gateway.ask(None, "organization_id=any", headers=headers)
        assert answer.status_code == 200


class TestRefused:
    async def test_whatever_the_reason_in_the_same_bytes(
        self, organization: Organization, gateway: Gateway
    ) -> None:
        answers = {
            name: seen(await gateway.ask(full, {"organization_id": organization.id}))
            for name, full in (await bad_tokens(organization)).items()
        }
        assert_refused(await gateway.ask("junk", {"organization_id": organization.id}))
        (one,) = {str(answer) for answer in answers.values()}
        assert "401" in one

    async def test_one_of_another_organization(
        self, organization: Organization, gateway: Gateway
    ) -> None:
        other = ids.organization_id(uuid4())
        good = await gateway.ask(organization.admin.token, {"organization_id": organization.id})
        assert good.status_code == 200
        refused = await gateway.ask(organization.admin.token, {"organization_id": other})
        junk = await gateway.ask("junk", {"organization_id": other})
        assert_refused(refused)
        assert seen(refused) == seen(junk)

    @pytest.mark.parametrize("length", [100, 257, 60_000])
    async def test_junk_of_any_length(self, gateway: Gateway, length: int) -> None:
        assert_refused(await gateway.ask("a" * length, "organization_id=any"))

    async def test_no_person_signs_in_with_a_jwt(self, gateway: Gateway) -> None:
        assert_refused(await gateway.ask("eyJhbGciOiJub25lIn0.e30.", "organization_id=any"))

    async def test_from_the_answer_to_the_revocation_on(
        self, organization: Organization, gateway: Gateway
    ) -> None:
        token_id, full = await organization.token(await organization.user())
        question = {"organization_id": organization.id}
        assert await gateway.lets_through(full, question)
        await organization.admin.mutate("revokeToken", "token { status }", tokenId=token_id)
        assert not await gateway.lets_through(full, question)

    async def test_the_organization_is_told_why(
        self, organization: Organization, gateway: Gateway, watched: Service
    ) -> None:
        token_id, full = await organization.token(await organization.user())
        await organization.admin.mutate("revokeToken", "token { status }", tokenId=token_id)
        headers = [("X-Forwarded-For", "192.0.2.7"), ("X-Request-Id", "the-id")]
        question = {"organization_id": organization.id}
        assert_refused(await gateway.ask(full, question, headers=headers))
        await watched.write_refusals()
        query = """query($id: ID!) { auditEvents(
            organizationId: $id, filter: {actions: [TOKEN_AUTHENTICATE]}
        ) { nodes { reason ip requestId } } }"""
        (event,) = (await organization.admin.query(query, id=organization.id))["auditEvents"][
            "nodes"
        ]
        assert event == {"reason": "REVOKED", "ip": "192.0.2.7", "requestId": "the-id"}


class TestWhiteSpace:
    @pytest.mark.parametrize(("before", "status"), [(" \t", 200), ("\x85", 401), ("\xa0", 401)])
    async def test_around_it_is_spaces_and_tabs(
        self, organization: Organization, gateway: Gateway, before: str, status: int
    ) -> None:
        """RFC 9110, section 5.6.3; what else looks like it is part of the credential."""
        for value in (
            f"{before}Bearer {organization.admin.token}",
            f"Bearer {organization.admin.token}{before}",
        ):
            answer = await gateway.ask(
                None, {"organization_id": organization.id}, headers=[("Authorization", value)]
            )
            assert answer.status_code == status


class TestTwoCredentials:
    @pytest.mark.parametrize("second", ["Bearer junk", "Basic YTpi", ""])
    async def test_are_an_error(
        self, organization: Organization, gateway: Gateway, second: str
    ) -> None:
        answer = await gateway.ask(
            organization.admin.token,
            {"organization_id": organization.id},
            headers=[("Authorization", second)],
        )
        assert answer.status_code == 400
        assert answer.json()["error"] == "invalid_request"
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_request"'


async def bad_tokens(organization: Organization) -> dict[str, str]:
    """Return tokens that are refused, each for a reason of its own."""
    ended = {name: await organization.user(name) for name in ("revoked", "deleted", "deactivated")}
    made = {name: await organization.token(user_id) for name, user_id in ended.items()}
    for mutation, fields in (
        ("revokeToken", {"tokenId": made["revoked"][0]}),
        ("deleteApplicationUser", {"applicationUserId": ended["deleted"]}),
        (
            "updateApplicationUser",
            {"applicationUserId": ended["deactivated"], "state": "DEACTIVATED"},
        ),
    ):
        done = await organization.admin.mutate(mutation, "__typename", **fields)
        assert done["__typename"].endswith("Success"), done
    token_id, genuine = await organization.token(await organization.user("genuine"))
    _, elsewhere = await organization.token(
        await organization.user("elsewhere"), ipAllowlist=["198.51.100.0/24"]
    )
    organization_id = organization_key(organization.id)
    return {name: full for name, (_, full) in made.items()} | {
        "with another secret": token_format.make(*token_key(token_id)),
        "unknown": token_format.make(organization_id, organization_id),
        "from an address that is not allowed": elsewhere,
        "with a wrong checksum": genuine[:-1] + ("a" if genuine[-1] != "a" else "b"),
        "cut off": genuine[:-1],
        "junk": "junk",
    }
