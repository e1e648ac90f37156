"""Questions that are wrong: the gateway's mistake, said before a credential is looked at."""

import pytest
from starlette.types import Message

from app import ids
from tests.api_client import Organization
from tests.owner import organization_key
from tests.service import Service
from tests.statements import statements
from tests.web.forward_auth.gateway import PERMISSION, Gateway, assert_wrong, resource

ORG = "org_" + "0" * 21 + "1"
OTHER_ORG = "org_" + "0" * 21 + "2"
RESOURCE = "resource_" + "0" * 21 + "9" + ORG.removeprefix("org_")
TOKEN = "appu_" + "a" * 44 + "_" + "b" * 49

WRONG = [
    ("", "Appusers-Organization-Id says whose tokens are let in"),
    ("organization_id=", "organization_id is empty"),
    (f"permission={PERMISSION}", "organization_id says whose tokens are let in"),
    ("organization_id=Any", "organization_id says whose tokens are let in"),
    ("organization_id=*", "organization_id says whose tokens are let in"),
    (f"organization_id={ORG}/", "organization_id says whose tokens are let in"),
    (f"organization_id={ORG}x", "organization_id says whose tokens are let in"),
    (f"organization_id={ORG}%00", "organization_id says whose tokens are let in"),
    (f"organization_id=%20{ORG}", "organization_id says whose tokens are let in"),
    (f"organization_id={RESOURCE}", "organization_id says whose tokens are let in"),
    ("organization_id=org_%C3%A4", "organization_id says whose tokens are let in"),
    # What is asked for twice is one answer to two questions.
    (f"organization_id={ORG}&organization_id=any", "has organization_id twice"),
    (f"organization_id={ORG}&organization_id={ORG}", "has organization_id twice"),
    (f"organization_id={ORG}&organization%5Fid=any", "has organization_id twice"),
    (f"organization_id={ORG}&organization_id=", "has organization_id twice"),
    (f"organization_id=any&permission={PERMISSION}&permission=admin", "has permission twice"),
    # A question that is not understood is not a smaller one.
    ("organization_id=any&permission=", "permission is empty"),
    ("organization_id=any&permission", "not form-urlencoded"),
    ("organization_id=any&permision=admin", "knows organization_id, permission, resource_id"),
    ("organization_id=any&Permission=admin", "knows organization_id, permission, resource_id"),
    ("organization_id=any;permission=admin", "organization_id says whose tokens are let in"),
    ("organization_id=any&&", "not form-urlencoded"),
    ("organization_id=any&=", "knows organization_id, permission, resource_id"),
    ("organization_id=any&permission=no:such", "permission is in no catalogue"),
    ("organization_id=any&permission=ADMIN", "permission is in no catalogue"),
    ("organization_id=any&permission=%3Cb%3E", "permission is in no catalogue"),
    ("organization_id=any&permission=services:read", "permission is in no catalogue"),
    (f"organization_id=any&permission={PERMISSION}%0A", "permission is in no catalogue"),
    (f"organization_id=any&permission={PERMISSION}+admin", "permission is in no catalogue"),
    (f"organization_id={ORG}&resource_id={RESOURCE}", "resource_id comes with permission"),
    (f"organization_id={ORG}&resource_id=organization", "resource_id comes with permission"),
    (f"organization_id={ORG}&permission={PERMISSION}&resource_id=", "resource_id is empty"),
    (f"organization_id={ORG}&permission={PERMISSION}&resource_id=any", "not a resource's id"),
    (f"organization_id={ORG}&permission={PERMISSION}&resource_id=user_1", "not a resource's id"),
    (
        f"organization_id={OTHER_ORG}&permission={PERMISSION}&resource_id={RESOURCE}",
        "resource_id is not of the organization",
    ),
    (
        f"organization_id={OTHER_ORG}&permission={PERMISSION}&resource_id={ORG}",
        "resource_id is not of the organization",
    ),
    # Bytes that are no text.
    ("organization_id=%FF", "not form-urlencoded UTF-8"),
    ("organization_id=%C0%AF", "not form-urlencoded UTF-8"),
    ("organization_id=" + "a" * 2048, "at most 2048 bytes"),
    ("organization_id=any&x=" + "a" * 60_000, "at most 2048 bytes"),
]


class TestWrong:
    @pytest.mark.parametrize(("question", "text"), WRONG)
    async def test_is_an_error_that_says_what_to_mend(
        self, gateway: Gateway, question: str, text: str
    ) -> None:
        assert_wrong(await gateway.ask(None, question), text)

    async def test_has_the_headers_of_every_answer(self, gateway: Gateway) -> None:
        answer = await gateway.ask(None, "organization_id=")
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert len(answer.headers["x-request-id"]) == 32

    async def test_never_asks_the_database(
        self, organization: Organization, gateway: Gateway, watched: Service
    ) -> None:
        """Whatever the credential is: who holds a good one learns no more than others."""
        async with statements(watched) as seen:
            for question, _ in WRONG:
                answer = await gateway.ask(organization.admin.token, question)
                assert answer.status_code == 400
        assert not seen

    async def test_a_good_one_asks_once(
        self, organization: Organization, gateway: Gateway, watched: Service
    ) -> None:
        """The control of the test above."""
        permission = "role:organization:admin"
        question = {"organization_id": organization.id, "permission": permission}
        async with statements(watched) as seen:
            answer = await gateway.ask(organization.admin.token, question)
        assert answer.status_code == 200
        assert len(seen) == 1

    async def test_in_bytes_that_no_url_has(self, watched: Service) -> None:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await watched.app(
            {
                "type": "http",
                "method": "GET",
                "path": "/verify",
                "query_string": b"organization_id=any&permission=\xe4",
                "headers": [],
                "client": None,
            },
            receive,
            send,
        )
        assert [message.get("status") for message in sent] == [400, None]

    async def test_comes_before_what_is_wrong_with_the_credential(self, gateway: Gateway) -> None:
        two = [("Authorization", "Bearer a"), ("Authorization", "Bearer b")]
        for headers in ([], two):
            assert_wrong(
                await gateway.ask(None, "permission=no", headers=headers), "organization_id"
            )


class TestWrittenOtherwise:
    @pytest.mark.parametrize(
        "question",
        [
            "organization%5Fid={organization}&permission={permission}",
            "permission={permission}&organization_id={organization}",
            "organization_id={organization}&permission=project%3Aservices%3Aread",
            "organization_id=%6F{rest}&permission={permission}",
        ],
    )
    async def test_is_the_same_question(
        self, organization: Organization, gateway: Gateway, question: str
    ) -> None:
        filled = question.format(
            organization=organization.id, rest=organization.id[1:], permission=PERMISSION
        )
        answer = await gateway.ask(organization.admin.token, filled)
        assert answer.status_code == 200


class TestTokenInUrl:
    @pytest.mark.parametrize(
        "query",
        [
            "token={token}",
            "access_token={token}",
            "access_token=junk",
            "access%5Ftoken=junk",
            "organization_id=any&permission={token}",
            "organization_id={token}",
            "organization_id=any&x=appu%5F{rest}",
            "{token}",
        ],
    )
    async def test_is_an_error_that_does_not_repeat_it(self, gateway: Gateway, query: str) -> None:
        filled = query.format(token=TOKEN, rest=TOKEN.removeprefix("appu_"))
        answer = await gateway.ask(None, filled)
        assert_wrong(answer, "does not belong in a URL")
        assert "b" * 8 not in answer.text

    async def test_beside_one_in_the_header_too(
        self, organization: Organization, gateway: Gateway
    ) -> None:
        query = f"organization_id={organization.id}&access_token={organization.admin.token}"
        assert_wrong(await gateway.ask(organization.admin.token, query), "does not belong in")


class TestWrongMethod:
    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get"])
    async def test_names_the_right_ones(
        self, organization: Organization, gateway: Gateway, method: str
    ) -> None:
        answer = await gateway.ask(
            organization.admin.token, {"organization_id": organization.id}, method=method
        )
        if method == "get":  # the client writes it in capitals
            assert answer.status_code == 200
            return
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD"
        assert answer.json()["error"] == "invalid_request"


class TestOtherPaths:
    @pytest.mark.parametrize("path", ["/verifyx", "//verify", "/Verify", "/verify;a", "/x/verify"])
    async def test_are_no_questions(
        self, organization: Organization, gateway: Gateway, path: str
    ) -> None:
        question = {"organization_id": organization.id}
        answer = await gateway.ask(organization.admin.token, question, path=path)
        assert answer.status_code == 404


class TestResource:
    async def test_of_its_organization_is_none_of_another(
        self, organization: Organization, gateway: Gateway
    ) -> None:
        project = await resource(organization)
        question = {"permission": PERMISSION, "resource_id": project}
        own = question | {"organization_id": organization.id}
        assert (await gateway.ask(organization.admin.token, own)).status_code == 200
        key = organization_key(organization.id)
        other = ids.organization_id(type(key)(int=key.int ^ 1))
        assert_wrong(
            await gateway.ask(organization.admin.token, question | {"organization_id": other}),
            "resource_id is not of the organization",
        )
