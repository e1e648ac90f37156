"""Credentials over HTTP, by RFC 6750: none, two, and the many that are refused alike."""

import httpx
import pytest

from app import token_format
from app.verification import TOKEN_CHARACTERS
from tests.api_client import Api, Organization

WHO = "{ viewer { token { id } } }"


async def ask(api: Api, *credentials: bytes | str) -> httpx.Response:
    """Ask who the caller is, with these Authorization headers."""
    headers = [
        (b"Authorization", each if isinstance(each, bytes) else each.encode())
        for each in credentials
    ]
    return await api.client.post("/graphql", json={"query": WHO}, headers=headers)


def seen(response: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """Return all that a caller sees, but for what tells requests apart."""
    headers = {k: v for k, v in response.headers.items() if k not in ("x-request-id", "date")}
    return response.status_code, response.content, headers


class TestNone:
    async def test_is_challenged_without_an_error_code(self, api: Api):
        response = await ask(api)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
        assert [e["extensions"] for e in response.json()["errors"]] == [{"code": "UNAUTHENTICATED"}]

    async def test_is_what_a_token_in_the_body_counts_as(
        self, api: Api, organization: Organization
    ):
        fields = {"query": WHO, "access_token": organization.admin.token}
        assert (await api.client.post("/graphql", json=fields)).status_code == 401

    @pytest.mark.parametrize(
        "document",
        [
            "{ viewer { __typename } }",
            "{ __typename viewer { __typename } }",
            "{ ... { viewer { __typename } } }",
            "{ ... on Query { ... F } } fragment F on Query { viewer { __typename } }",
            "query A { __typename } query B { viewer { __typename } }",
            "query A { viewer { __typename } } query B { __typename }",
            "{ viewer @skip(if: true) { __typename } }",
        ],
    )
    async def test_gets_no_field_beside_the_schema(self, api: Api, document: str):
        for name in None, "A":
            fields = {"query": document, "operationName": name}
            response = await api.client.post("/graphql", json=fields)
            assert response.status_code in (400, 401) or "data" not in response.json()

    async def test_gets_the_schema(self, api: Api):
        answer = await api.run(
            "{ __schema { queryType { name } } ...F } fragment F on Query { __typename }"
        )
        assert answer.data == {
            "__schema": {"queryType": {"name": "Query"}},
            "__typename": "Query",
        }


class TestMalformed:
    async def test_one_in_the_address_is_a_bad_request(self, api: Api, organization: Organization):
        for name in "access_token", "token", "authorization", "Authorization":
            for caller in api, organization.admin:
                headers = {"Authorization": f"Bearer {caller.token}"} if caller.token else {}
                response = await api.client.post(
                    "/graphql",
                    params={name: str(organization.admin.token)},
                    json={"query": WHO},
                    headers=headers,
                )
                assert response.status_code == 400
                assert response.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}

    async def test_two_are_a_bad_request(self, api: Api, organization: Organization):
        good = f"Bearer {organization.admin.token}"
        for credentials in (good, good), (good, "Basic eDp5"), ("Basic eDp5", good):
            response = await ask(api, *credentials)
            assert response.status_code == 400
            assert response.headers["www-authenticate"] == 'Bearer error="invalid_request"'
            assert response.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}

    @pytest.mark.parametrize(
        "header",
        ["", "Basic eDp5", "Bearer", "Bearer ", "Token x", "Bearer a b", "Bearer a, b", "x"],
    )
    async def test_another_scheme_or_shape_is_a_bad_request(self, api: Api, header: str):
        response = await ask(api, header)
        assert response.status_code == 400
        assert response.headers["www-authenticate"] == 'Bearer error="invalid_request"'


class TestRefused:
    async def test_all_look_the_same(self, organization: Organization, api: Api):
        good = str(organization.admin.token)
        user_id = await organization.user()
        revoked_id, revoked = await organization.token(user_id)
        await organization.admin.mutate("revokeToken", "token { id }", tokenId=revoked_id)
        _, deleted = await organization.token(user_id)
        await organization.admin.mutate(
            "deleteApplicationUser", "__typename", applicationUserId=user_id
        )
        parts = token_format.recognize(good)
        assert parts is not None
        refused: dict[str, bytes | str] = {
            "revoked": revoked,
            "of a deleted user": deleted,
            "unknown": token_format.make(parts.token_id, parts.organization_id),
            "another secret": token_format.make(parts.organization_id, parts.token_id),
            "wrong checksum": good[:-1] + ("a" if good[-1] != "a" else "b"),
            "cut": good[:-1],
            "too long": good + "a",
            "longest": "a" * TOKEN_CHARACTERS,
            "longer": "a" * (TOKEN_CHARACTERS + 1),
            "very long": good + "a" * 50_000,
            "not ASCII": good[:-1].encode() + b"\xe9",
            "UTF-8": good[:-1].encode() + "é".encode(),
            "a JWT": "eyJhbGciOiJub25lIn0.e30.",
            "no token": "x",
            "NUL": good.encode() + b"\0",
        }
        answers = {
            name: seen(await ask(api, b"Bearer " + (t if isinstance(t, bytes) else t.encode())))
            for name, t in refused.items()
        }
        status, _, headers = answers["revoked"]
        assert status == 401
        assert headers["www-authenticate"] == 'Bearer error="invalid_token"'
        assert {name for name, answer in answers.items() if answer != answers["revoked"]} == set()

    async def test_the_comparison_sees_a_difference(self, organization: Organization, api: Api):
        refused = seen(await ask(api, "Bearer x"))
        assert seen(await ask(api)) != refused
        assert seen(await ask(api, f"Bearer {organization.admin.token}")) != refused

    async def test_even_for_a_document_that_needs_none(self, api: Api):
        answer = await api.with_token("x").run("{ __typename }")
        assert answer.response.status_code == 401


class TestAccepted:
    async def test_the_scheme_in_any_case(self, organization: Organization, api: Api):
        for scheme in "Bearer", "bearer", "BEARER":
            response = await ask(api, f"{scheme} {organization.admin.token}")
            assert response.status_code == 200
