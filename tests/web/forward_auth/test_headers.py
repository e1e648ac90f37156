"""Questions in headers, and below ``/verify/`` where everything else is the client's own.

Envoy puts the client's path, method and query behind the prefix that it is configured with.
"""

import pytest

from tests.api_client import Organization
from tests.service import Service
from tests.statements import statements
from tests.web.forward_auth.gateway import (
    PERMISSION,
    Gateway,
    Headers,
    assert_refused,
    assert_wrong,
    holder,
    resource,
)

ORG = "org_" + "0" * 21 + "1"
WHO, WHAT, WHERE = "Appusers-Organization-Id", "Appusers-Permission", "Appusers-Resource-Id"
TOKEN = "appu_" + "a" * 44 + "_" + "b" * 49


class TestQuestion:
    async def test_of_an_organization(self, organization: Organization, gateway: Gateway) -> None:
        for who in (organization.id, "any"):
            answer = await gateway.ask(organization.admin.token, headers=[(WHO, who)])
            assert answer.status_code == 200
        assert_refused(await gateway.ask(organization.admin.token, headers=[(WHO, ORG)]))

    async def test_of_a_permission(self, organization: Organization, gateway: Gateway) -> None:
        project = await resource(organization)
        full = await holder(organization, project)
        found: dict[str, int] = {}
        for where in (project, organization.id, "organization"):
            for who in (organization.id, "any"):
                headers = [(WHO, who), (WHAT, PERMISSION), (WHERE, where)]
                found[where] = (await gateway.ask(full, headers=headers)).status_code
        assert found == {project: 200, organization.id: 403, "organization": 403}

    async def test_names_are_in_any_case(
        self, organization: Organization, gateway: Gateway
    ) -> None:
        headers = [(WHO.upper(), organization.id)]
        assert (await gateway.ask(organization.admin.token, headers=headers)).status_code == 200


WRONG: list[tuple[Headers, str]] = [
    ([], f"{WHO} says whose tokens are let in"),
    ([(WHO, "")], f"{WHO} is empty"),
    ([(WHO, "anybody")], f"{WHO} says whose tokens are let in"),
    ([(WHO, ORG + "\xe4")], f"{WHO} says whose tokens are let in"),
    ([(WHO, "any"), (WHO, ORG)], f"There are two headers {WHO}"),
    ([(WHO, f"any, {ORG}")], f"{WHO} says whose tokens are let in"),
    ([(WHO, "any"), (WHAT, "admin"), (WHAT, "admin"), (WHERE, ORG)], f"two headers {WHAT}"),
    ([(WHO, "any"), (WHAT, ""), (WHERE, ORG)], f"{WHAT} is empty"),
    ([(WHO, "any"), (WHAT, "no:such"), (WHERE, ORG)], f"{WHAT} is in no catalogue"),
    ([(WHO, "any"), (WHAT, "\xe4"), (WHERE, ORG)], f"{WHAT} is in no catalogue"),
    ([(WHO, "any"), (WHERE, ORG)], f"{WHERE} comes with {WHAT}"),
    ([(WHO, "any"), (WHAT, "admin"), (WHERE, "")], f"{WHERE} is empty"),
    ([(WHO, "any"), (WHAT, "admin"), (WHERE, "any")], f"{WHERE} is not a resource's id"),
    ([(WHO, ORG), (WHAT, "admin"), (WHERE, ORG[:-1] + "2")], f"{WHERE} is not of the organization"),
    ([(WHO, "any"), (WHAT, "a" * 2049), (WHERE, ORG)], f"{WHAT} has at most 2048 bytes"),
    ([(WHO, "a" * 60_000)], f"{WHO} has at most 2048 bytes"),
    # A client sends headers too. Where the gateway left one out, it could fill it in.
    ([(WHO, "any"), (WHAT, PERMISSION)], f"{WHAT} comes with {WHERE}"),
]


class TestWrong:
    @pytest.mark.parametrize(("headers", "text"), WRONG)
    @pytest.mark.parametrize("path", ["/verify", "/verify/"])
    async def test_is_an_error_that_says_what_to_mend(
        self, gateway: Gateway, headers: Headers, text: str, path: str
    ) -> None:
        assert_wrong(await gateway.ask(None, headers=headers, path=path), text)

    async def test_never_asks_the_database(
        self, organization: Organization, gateway: Gateway, watched: Service
    ) -> None:
        token = organization.admin.token
        async with statements(watched) as seen:
            for headers, _ in WRONG:
                assert (await gateway.ask(token, headers=headers)).status_code == 400
            assert not seen
            assert (await gateway.ask(token, headers=[(WHO, "any")])).status_code == 200
        assert len(seen) == 1


class TestClientsOwnHeaders:
    async def test_do_nothing_where_the_gateway_has_a_query(
        self, organization: Organization, gateway: Gateway
    ) -> None:
        project = await resource(organization)
        full = await holder(organization, project)
        question = {"organization_id": organization.id, "permission": PERMISSION}
        spoofed = [(WHO, "any"), (WHAT, PERMISSION), (WHERE, project)]
        assert (await gateway.ask(full, question)).status_code == 403
        for headers in (spoofed, spoofed * 2, spoofed[2:], [(WHAT, "no:such")], [(WHO, "")]):
            assert (await gateway.ask(full, question, headers=headers)).status_code == 403

    async def test_alone_would_get_what_they_ask_for(
        self, organization: Organization, gateway: Gateway
    ) -> None:
        """The control of the test above."""
        project = await resource(organization)
        full = await holder(organization, project)
        headers = [(WHO, "any"), (WHAT, PERMISSION), (WHERE, project)]
        assert (await gateway.ask(full, headers=headers)).status_code == 200

    async def test_of_an_identity_are_no_identity(
        self, organization: Organization, gateway: Gateway
    ) -> None:
        headers = [("Appusers-User-Id", organization.admin_id), ("Appusers-Token-Id", "token_1")]
        answer = await gateway.ask(None, "organization_id=any", headers=headers)
        assert answer.status_code == 401
        user_id = await organization.user()
        _, full = await organization.token(user_id)
        answer = await gateway.ask(full, "organization_id=any", headers=headers)
        assert answer.headers["appusers-user-id"] == user_id


class TestClientsOwnRequest:
    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "BREW"])
    @pytest.mark.parametrize(
        "path",
        [
            "/verify/",
            "/verify/v1/services",
            "/verify//",
            "/verify/%2e%2e/introspect",
            "/verify/verify",
            "/verify/%C3%A4/%00",
        ],
    )
    async def test_has_any_method_and_path(
        self, organization: Organization, gateway: Gateway, method: str, path: str
    ) -> None:
        headers = [(WHO, organization.id)]
        token = organization.admin.token
        passed = await gateway.ask(token, headers=headers, path=path, method=method)
        stopped = await gateway.ask(None, headers=headers, path=path, method=method)
        assert (passed.status_code, stopped.status_code) == (200, 401)

    @pytest.mark.parametrize(
        "query",
        [
            "organization_id=any",
            "organization_id=any&permission=no:such&organization_id=x",
            "token=csrf&state=appu_",
            "%FF&&=;",
            "q=" + "a" * 60_000,
        ],
    )
    async def test_asks_nothing_by_its_query(
        self, organization: Organization, gateway: Gateway, query: str
    ) -> None:
        """The client would choose its own question otherwise."""
        for who, status in ((organization.id, 200), (ORG, 401)):
            answer = await gateway.ask(
                organization.admin.token, query, headers=[(WHO, who)], path="/verify/v1"
            )
            assert answer.status_code == status
        assert_wrong(
            await gateway.ask(organization.admin.token, query, path="/verify/v1"),
            f"{WHO} says whose tokens are let in",
        )

    @pytest.mark.parametrize(
        "query",
        [
            "access_token=junk",
            "a=b&access%5Ftoken=junk",
            "key={token}",
            "{token}=",
            "redirect=https%3A%2F%2Fexample.com%2F%3Ft%3Dappu%5F{rest}",
        ],
    )
    async def test_has_no_token_in_its_query(
        self, organization: Organization, gateway: Gateway, query: str
    ) -> None:
        """It went through logs already: somebody has to learn that, and not from an attacker."""
        filled = query.format(token=TOKEN, rest=TOKEN.removeprefix("appu_"))
        for token in (None, organization.admin.token):
            answer = await gateway.ask(
                token, filled, headers=[(WHO, organization.id)], path="/verify/v1"
            )
            assert_wrong(answer, "does not belong in a URL")
            assert "b" * 8 not in answer.text

    async def test_has_no_token_in_its_path(
        self, organization: Organization, gateway: Gateway
    ) -> None:
        answer = await gateway.ask(
            organization.admin.token, headers=[(WHO, organization.id)], path=f"/verify/a/{TOKEN}/b"
        )
        assert_wrong(answer, "does not belong in a URL")
        assert "b" * 8 not in answer.text

    async def test_may_have_a_body(self, organization: Organization, gateway: Gateway) -> None:
        answer = await gateway.client.post(
            "/verify/v1",
            headers={"Authorization": f"Bearer {organization.admin.token}", WHO: organization.id},
            content=b"organization_id=any",
        )
        assert answer.status_code == 200
