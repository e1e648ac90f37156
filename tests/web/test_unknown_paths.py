"""Addresses that nothing is served at."""

import pytest

from tests.api_client import Api


@pytest.mark.parametrize("path", ["/nothing", "/graphql/", "//graphql", "/healthz/"])
async def test_are_answered_in_json_and_never_redirected(api: Api, path: str) -> None:
    answer = await api.client.get(f"http://test{path}", headers={"Host": "evil.example"})
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}
    assert "evil.example" not in str(answer.headers)


async def test_a_wrong_method_names_the_right_ones(api: Api) -> None:
    answer = await api.client.post("/healthz")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
    assert answer.json()["errors"][0]["message"] == "Method Not Allowed"
