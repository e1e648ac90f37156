"""Answers over HTTP: media types, headers, the operation that is chosen, and the page."""

import json
import re

import pytest

from tests.api_client import Api, Organization

DOCUMENT = "{ __typename }"
GRAPHQL_JSON = "application/graphql-response+json"


class TestMediaType:
    @pytest.mark.parametrize(
        ("accept", "media"),
        [
            ("", "application/json"),
            ("*/*", "application/json"),
            ("application/*", "application/json"),
            ("application/json", "application/json"),
            (GRAPHQL_JSON, GRAPHQL_JSON),
            (f"{GRAPHQL_JSON}; charset=utf-8", GRAPHQL_JSON),
            (f"application/json;q=0.5, {GRAPHQL_JSON}", GRAPHQL_JSON),
            (f"{GRAPHQL_JSON};q=0.1, application/json;q=0.2", "application/json"),
            (f"text/html, {GRAPHQL_JSON};q=0.5", GRAPHQL_JSON),
            ("TEXT/HTML, Application/JSON", "application/json"),
        ],
    )
    async def test_follows_accept(self, api: Api, accept: str, media: str):
        response = await api.client.post(
            "/graphql", json={"query": DOCUMENT}, headers={"Accept": accept}
        )
        assert response.headers["content-type"] == f"{media}; charset=utf-8"
        assert response.json() == {"data": {"__typename": "Query"}}

    async def test_decides_the_status_of_a_document_that_cannot_run(self, api: Api):
        for media, status in ("application/json", 200), (GRAPHQL_JSON, 400):
            answer = await api.run("{ nothing }", headers={"Accept": media})
            assert answer.response.status_code == status
            assert answer.codes == ["BAD_REQUEST"]
            assert "data" not in answer.body


class TestHeaders:
    async def test_are_never_cached_and_differ_by_who_asks(self, api: Api):
        headers = (await api.run(DOCUMENT)).response.headers
        assert headers["cache-control"] == "no-store"
        assert {"Accept", "Authorization"} <= set(headers["vary"].split(", "))
        assert headers["x-content-type-options"] == "nosniff"

    @pytest.mark.parametrize("given", ["a", "0123-abc_DEF.9", "f" * 40])
    async def test_a_request_id_is_kept(self, api: Api, given: str):
        answer = await api.run(DOCUMENT, headers={"X-Request-Id": given})
        assert answer.response.headers["x-request-id"] == given

    @pytest.mark.parametrize("given", ["", "f" * 41, "-a", "a b", "a\tb", 'a"', "<a>", "a;b", "ä"])
    async def test_another_shape_is_replaced(self, api: Api, given: str):
        response = await api.client.post(
            "/graphql", json={"query": DOCUMENT}, headers=[(b"X-Request-Id", given.encode())]
        )
        assert re.fullmatch("[0-9a-f]{32}", response.headers["x-request-id"])


class TestOperation:
    DOCUMENTS = "query A { a: __typename } query B { b: __typename }"

    async def test_is_chosen_by_name(self, api: Api):
        for name in "A", "B":
            fields = {"query": self.DOCUMENTS, "operationName": name}
            response = await api.client.post("/graphql", json=fields)
            assert response.json() == {"data": {name.lower(): "Query"}}
            response = await api.client.get("/graphql", params=fields)
            assert response.json() == {"data": {name.lower(): "Query"}}

    @pytest.mark.parametrize("name", ["C", "a"])
    async def test_of_no_operation_is_refused(self, api: Api, name: str):
        fields = {"query": self.DOCUMENTS, "operationName": name}
        response = await api.client.post("/graphql", json=fields)
        assert response.status_code == 400
        assert response.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}

    @pytest.mark.parametrize("name", [None, ""])
    async def test_has_to_be_named_among_several(self, api: Api, name: str | None):
        fields = {"query": self.DOCUMENTS, "operationName": name}
        response = await api.client.post("/graphql", json=fields, headers={"Accept": GRAPHQL_JSON})
        assert response.status_code == 400
        assert response.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}
        assert "data" not in response.json()

    @pytest.mark.parametrize(
        "document", ["fragment A on Query { __typename }", "type A { b: Int }", "scalar A"]
    )
    async def test_a_document_without_one_is_refused(self, api: Api, document: str):
        answer = await api.run(document)
        assert answer.response.status_code == 400
        assert answer.codes == ["BAD_REQUEST"]

    async def test_subscriptions_are_not_served(self, api: Api):
        document = "subscription { __typename }"
        assert (await api.run(document)).response.status_code == 400
        response = await api.client.get("/graphql", params={"query": document})
        assert response.status_code in (400, 405)


class TestParameters:
    QUERY = "query($id: ID!) { node(id: $id) { id } }"

    async def test_variables_come_by_both_methods(self, organization: Organization):
        admin = organization.admin
        variables = {"id": organization.id}
        assert await admin.query(self.QUERY, **variables) == {"node": variables}
        response = await admin.client.get(
            "/graphql",
            params={"query": self.QUERY, "variables": json.dumps(variables)},
            headers={"Authorization": f"Bearer {admin.token}"},
        )
        assert response.json() == {"data": {"node": variables}}

    async def test_a_missing_variable_is_a_bad_request(self, organization: Organization):
        answer = await organization.admin.run(self.QUERY)
        assert answer.codes == ["BAD_REQUEST"]
        assert "data" not in answer.body

    async def test_a_value_that_a_scalar_refuses_is_a_bad_request(self, organization: Organization):
        answer = await organization.admin.run(
            "query($id: ID!, $time: DateTime) {"
            " tokens(organizationId: $id, filter: {createdAfter: $time}) { nodes { id } } }",
            {"id": organization.id, "time": "appu_secret"},
        )
        assert answer.codes == ["BAD_REQUEST"]
        assert "appu_secret" not in answer.response.text


class TestPage:
    BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    async def test_a_browser_gets_graphiql(self, api: Api):
        response = await api.client.get("/graphql", headers={"Accept": self.BROWSER})
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/html; charset=utf-8"

    async def test_a_browser_with_a_query_gets_its_answer(self, api: Api):
        response = await api.client.get(
            "/graphql", params={"query": DOCUMENT}, headers={"Accept": self.BROWSER}
        )
        assert response.json() == {"data": {"__typename": "Query"}}

    async def test_programs_and_posts_never_do(self, api: Api):
        for response in (
            await api.client.get("/graphql"),
            await api.client.get("/graphql", headers={"Accept": "*/*"}),
            await api.client.post("/graphql", json={}, headers={"Accept": self.BROWSER}),
        ):
            assert response.status_code == 400
            assert response.headers["content-type"].startswith("application/json")
