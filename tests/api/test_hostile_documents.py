"""Whatever is posted, the answer is GraphQL in JSON, and never a failure of the service."""

import json

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.api.decoder import MAX_BODY_BYTES
from tests.api_client import Api, Organization
from tests.bench.hostile_shapes import shapes

SHAPES = {shape.name: shape for shape in shapes()}

examples = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

TOKENS = (
    "{ } ( ) [ ] : = ! @ $ ... | & # , query mutation subscription fragment on null true 1 -1 1.5e9"
    ' "a" """b""" "\\u{1F600}" "\\uD800" viewer node tokens nodes id name first applicationUsers'
    " organizationId __typename __schema __type types fields $id a Token Query @skip @include if"
    " type scalar \ufeff \0 é \U0001f600 \n"
)
words = st.sampled_from(TOKENS.split(" "))
documents = st.lists(words, max_size=40).map(" ".join) | st.text(max_size=60)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
requests = st.fixed_dictionaries(
    {"query": documents | values},
    optional={"variables": values, "operationName": values, "extensions": values},
)


def check(response: httpx.Response) -> None:
    """Insist on an answer that a GraphQL client can read."""
    assert response.status_code < 500, response.text
    assert response.headers["content-type"].startswith("application/json")
    body = response.json()
    assert body.keys() & {"data", "errors"}
    assert body.keys() <= {"data", "errors"}


async def post(api: Api, body: bytes) -> httpx.Response:
    """Send bytes that are called JSON."""
    headers = {"Content-Type": "application/json"}
    if api.token:
        headers["Authorization"] = f"Bearer {api.token}"
    return await api.client.post("/graphql", content=body, headers=headers)


class TestAnything:
    @examples
    @given(body=st.binary(max_size=200))
    async def test_bytes(self, api: Api, body: bytes):
        check(await post(api, body))

    @examples
    @given(value=values)
    async def test_json(self, api: Api, value: object):
        check(await post(api, json.dumps(value).encode()))

    @examples
    @given(request=requests)
    async def test_requests(self, organization: Organization, request: dict[str, object]):
        check(await post(organization.admin, json.dumps(request).encode()))

    @examples
    @given(document=documents)
    async def test_documents(self, organization: Organization, document: str):
        body = json.dumps({"query": document}, ensure_ascii=False)
        check(await post(organization.admin, body.encode(errors="surrogatepass")))

    @examples
    @given(document=documents, variables=values.map(json.dumps))
    async def test_query_strings(self, api: Api, document: str, variables: str):
        parameters = {"query": document, "variables": variables}
        check(await api.client.get("/graphql", params=parameters))

    def test_the_check_sees_a_failure(self):
        for response in (
            httpx.Response(500, json={"errors": []}),
            httpx.Response(200, text="data"),
            httpx.Response(200, json={}),
            httpx.Response(200, json={"data": None, "detail": "x"}),
        ):
            with pytest.raises((AssertionError, json.JSONDecodeError)):
                check(response)


class TestHostile:
    @pytest.mark.parametrize("name", SHAPES)
    async def test_shapes(self, api: Api, organization: Organization, name: str):
        body = SHAPES[name].body(organization.id)
        assert len(body) <= MAX_BODY_BYTES
        check(await post(api, body))
        check(await post(organization.admin, body))

    def test_most_shapes_are_as_large_as_they_may_be(self):
        sizes = [len(shape.body("")) for shape in SHAPES.values()]
        assert sum(size > 0.9 * MAX_BODY_BYTES for size in sizes) > 30
