"""Requests that GraphQL never sees: each has its status, its headers, and an error in JSON."""

import json
from urllib.parse import quote

import httpx
import pytest

from app.api import decoder
from tests.api_client import Api

DOCUMENT = "{ __typename }"
ANSWERED = {"data": {"__typename": "Query"}}
JSON = {"Content-Type": "application/json"}


async def post(api: Api, body: bytes, **headers: str) -> httpx.Response:
    """Send bytes by POST, as JSON where no header says otherwise."""
    sent = JSON | {name.replace("_", "-"): value for name, value in headers.items()}
    return await api.client.post("/graphql", content=body, headers=sent)


def refused(response: httpx.Response, status: int) -> str:
    """Return the message of a refusal, which looks the same whatever its reason."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert {"Accept", "Authorization"} <= set(response.headers["vary"].split(", "))
    (error,) = response.json()["errors"]
    assert response.json() == {"errors": [error]}
    assert error["extensions"] == {"code": "BAD_REQUEST"}
    return error["message"]


class TestMethod:
    @pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"])
    async def test_others_are_refused_with_those_allowed(self, api: Api, method: str):
        response = await api.client.request(method, "/graphql")
        refused(response, 405)
        assert response.headers["allow"] == "GET, POST"

    async def test_head_is_for_the_page_alone(self, api: Api):
        html = {"Accept": "text/html"}
        assert (await api.client.head("/graphql", headers=html)).status_code == 200
        assert (await api.client.head("/graphql")).status_code == 405

    async def test_a_mutation_by_get_has_to_be_posted(self, api: Api):
        document = 'mutation { revokeToken(input: {tokenId: "x"}) { __typename } }'
        response = await api.client.get("/graphql", params={"query": document})
        refused(response, 405)
        assert response.headers["allow"] == "POST"

    async def test_so_has_one_among_several_operations(self, api: Api):
        document = 'query A { __typename } mutation B { revokeToken(input: {tokenId: "x"}) { x } }'
        for name, status in ("A", 200), ("B", 405):
            response = await api.client.get(
                "/graphql", params={"query": document, "operationName": name}
            )
            assert response.status_code == status


class TestContentType:
    @pytest.mark.parametrize(
        "content_type",
        [
            "",
            "text/plain",
            "application/graphql",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json; charset=utf-16",
            "application/json; charset",
            "application/json, application/json",
        ],
    )
    async def test_what_is_not_json_in_utf8(self, api: Api, content_type: str):
        body = json.dumps({"query": DOCUMENT}).encode()
        response = await post(api, body, Content_Type=content_type)
        refused(response, 415)
        assert response.headers["accept-post"] == "application/json"

    @pytest.mark.parametrize("encoding", ["gzip", "br", "gzip, identity"])
    async def test_content_encodings(self, api: Api, encoding: str):
        refused(await post(api, b"{}", Content_Encoding=encoding), 415)

    @pytest.mark.parametrize(
        "headers",
        [
            {"Content_Type": "application/json; charset=utf-8"},
            {"Content_Type": 'Application/JSON ; Charset="UTF-8"'},
            {"Content_Encoding": "identity"},
        ],
    )
    async def test_what_says_the_same_otherwise_is_taken(self, api: Api, headers: dict[str, str]):
        response = await post(api, json.dumps({"query": DOCUMENT}).encode(), **headers)
        assert response.json() == ANSWERED


class TestNotAcceptable:
    @pytest.mark.parametrize(
        "accept",
        [
            "text/plain",
            "text/html",
            "application/json; charset=utf-16",
            "application/json;q=0",
            "application/json;q=nonsense",
            "image/*, ;",
            "*/json," * 600,
        ],
    )
    async def test_what_is_not_served(self, api: Api, accept: str):
        refused(await post(api, b"{}", Accept=accept), 406)


class TestTooLong:
    async def test_a_body_that_says_so(self, api: Api):
        refused(await post(api, b"", Content_Length=str(decoder.MAX_BODY_BYTES + 1)), 413)

    async def test_a_body_that_does_not(self, api: Api):
        async def chunks():
            for _ in range(65):
                yield b" " * 1024

        response = await api.client.post("/graphql", content=chunks(), headers=JSON)
        refused(response, 413)

    async def test_the_longest_body_is_read(self, api: Api):
        body = json.dumps({"query": DOCUMENT}).encode().ljust(decoder.MAX_BODY_BYTES)
        assert (await post(api, body)).json() == ANSWERED

    async def test_a_query_string(self, api: Api, monkeypatch: pytest.MonkeyPatch):
        # httpx itself refuses to send the real length.
        monkeypatch.setattr(decoder, "MAX_BODY_BYTES", 1000)
        for accept in "text/html", "application/json":
            for length, status in (1000, 200), (1001, 414):
                query = "query=%7B__typename%7D&x=".ljust(length, "a")
                response = await api.client.get(
                    f"/graphql?{query}", headers={"Accept": f"{accept},*/*"}
                )
                assert response.status_code == status
            refused(response, 414)

    @pytest.mark.parametrize("length", ["x", "", "1" * 5000])
    async def test_a_length_that_is_none(self, api: Api, length: str):
        refused(await post(api, b"", Content_Length=length), 400)


class TestBody:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"null",
            b"1",
            b'"x"',
            b"[]",
            b'[{"query":"{__typename}"}]',
            b"{",
            b"{'query':1}",
            b'{"query":"\xff"}',
            b"\xff\xfe{\x00}\x00",
            b'{"query":"{__typename}","variables":{"a":"\\ud800"}}',
            b'{"query":"\\udfff"}',
            b'{"query":"{__typename}","variables":{"a":NaN}}',
            b'{"query":"{__typename}","variables":{"a":Infinity}}',
            b'{"query":"{__typename}","variables":{"a":%s}}' % (b"9" * 5000),
            b"[" * 60_000,
            b'{"query":"{__typename}","variables":{"a":%s}}' % (b"[" * 40 + b"]" * 40),
        ],
        ids=range(17),
    )
    async def test_what_is_no_request(self, api: Api, body: bytes):
        refused(await post(api, body), 400)

    @pytest.mark.parametrize(
        "fields",
        [
            {"query": None},
            {"query": 1},
            {"query": ""},
            {"query": [DOCUMENT]},
            {"query": DOCUMENT, "variables": []},
            {"query": DOCUMENT, "variables": "{}"},
            {"query": DOCUMENT, "operationName": 1},
            {"query": DOCUMENT, "operationName": {}},
            {"query": DOCUMENT, "extensions": []},
            {"query": DOCUMENT, "extensions": 0},
        ],
    )
    async def test_parameters_of_another_type(self, api: Api, fields: dict[str, object]):
        refused(await post(api, json.dumps(fields).encode()), 400)

    async def test_depth_up_to_the_bound_is_read(self, api: Api):
        inner = decoder.MAX_JSON_DEPTH - 2
        for levels, status in (inner, 200), (inner + 1, 400):
            value = b"[" * levels + b"]" * levels
            body = b'{"query":"{__typename}","variables":{"a":%s}}' % value
            assert (await post(api, body)).status_code == status

    async def test_null_parameters_are_left_out(self, api: Api):
        fields = {"query": DOCUMENT, "variables": None, "operationName": None, "extensions": None}
        assert (await post(api, json.dumps(fields).encode())).json() == ANSWERED


class TestQueryString:
    @pytest.mark.parametrize(
        "query",
        [
            "",
            "query=",
            "query={__typename}&query={__typename}",
            "query={__typename}&variables={}&variables={}",
            "query={__typename}&variables=[]",
            "query={__typename}&variables=1",
            "query={__typename}&variables=%7B",
            "query={__typename}&extensions=[]",
            "query=%7B%FF%7D",
            "query=" + quote("{__typename}") + "&variables=%ED%A0%80",
        ],
    )
    async def test_what_is_no_request(self, api: Api, query: str):
        url = httpx.URL("http://test/graphql").copy_with(query=query.encode())
        refused(await api.client.get(url), 400)

    async def test_empty_parameters_are_left_out(self, api: Api):
        url = "/graphql?query={__typename}&variables=&operationName=&extensions=&other=1&other=2"
        assert (await api.client.get(url)).json() == ANSWERED
