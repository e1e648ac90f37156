"""Requests to revoke that make no sense: each is told what is wrong."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

import orjson
import pytest

from tests.api_client import Organization
from tests.owner import Owner
from tests.web.answers import assert_error
from tests.web.revocation.presenting import FORM, JSON, Presenter

Made = tuple[str, str, str]
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Case:
    body: str | bytes
    """``TOKEN`` stands for a live token."""
    text: str
    status: int = 400


FORMS = [
    Case("", "token is missing"),
    Case("token=", "token is missing"),
    Case("token_type_hint=access_token", "token is missing"),
    Case('{"token":"TOKEN"}', "token is missing"),
    Case("token=TOKEN&token=TOKEN", "token is given twice"),
    Case("token=TOKEN&token=", "token is given twice"),
    Case("token=TOKEN&token_type_hint=a&token_type_hint=a", "token_type_hint is given twice"),
    Case("token=%ff", "not UTF-8"),
    Case(b"token=\xff", "not UTF-8"),
    Case("token=TOKEN" + "&a=" * 64, "more than 64 parameters"),
    Case("token=" + "x" * MEGABYTE, "longer than 65536 bytes", 413),
]
LISTS = [
    Case("", "not JSON"),
    Case("token=TOKEN", "not JSON"),
    Case('{"credentials":["TOKEN"]', "not JSON"),
    Case('{"credentials":["TOKEN"]} x', "not JSON"),
    Case("{'credentials':['TOKEN']}", "not JSON"),
    Case('{"credentials":["TOKEN",]}', "not JSON"),
    Case('{"credentials":["TOKEN","\\ud800"]}', "not JSON"),
    Case('{"credentials":["TOKEN", NaN]}', "not JSON"),
    Case(b'{"credentials":["\xff"]}', "not JSON"),
    Case('\ufeff{"credentials":["TOKEN"]}', "not JSON"),
    Case("[" * 60_000, "not JSON"),
    Case('{"credentials":' * 5_000, "not JSON"),
    Case("null", "list called credentials"),
    Case("[]", "list called credentials"),
    Case('["TOKEN"]', "list called credentials"),
    Case('"TOKEN"', "list called credentials"),
    Case("{}", "list called credentials"),
    Case('{"Credentials":["TOKEN"]}', "list called credentials"),
    Case('{"credentials":null}', "list called credentials"),
    Case('{"credentials":"TOKEN"}', "list called credentials"),
    Case('{"credentials":{"0":"TOKEN"}}', "list called credentials"),
    Case('{"credentials":[]}', "1 to 1000"),
    Case(orjson.dumps({"credentials": ["a"] * 1001}), "1 to 1000"),
    Case('{"credentials":["TOKEN",null]}', "credentials[1] is not a string"),
    Case('{"credentials":["TOKEN",1e400]}', "not JSON"),
    Case('{"credentials":["TOKEN",' + "9" * 4000 + "]}", "not JSON"),
    Case('{"credentials":["TOKEN",1]}', "credentials[1] is not a string"),
    Case('{"credentials":["TOKEN",["TOKEN"]]}', "credentials[1] is not a string"),
    Case('{"credentials":["TOKEN",{"credentials":[]}]}', "credentials[1] is not a string"),
    Case('{"credentials":["TOKEN",' + "[" * 900 + "]" * 900 + "]}", "credentials[1]"),
    Case('{"credentials":["' + "x" * MEGABYTE + '"]}', "longer than 131072 bytes", 413),
]


async def check(finder: Presenter, path: str, content_type: str, token: str, case: Case) -> None:
    body = case.body.replace("TOKEN", token) if isinstance(case.body, str) else case.body
    answer = await finder.send(path, body, content_type)
    assert_error(answer, case.status, "invalid_request", case.text)
    assert token not in answer.text


class TestBody:
    async def test_of_a_holder(
        self, organization: Organization, finder: Presenter, owner: Owner, made: Made
    ) -> None:
        before = await owner.snapshot(organization.id)
        for case in FORMS:
            await check(finder, "/revoke", FORM, made[2], case)
        assert await owner.snapshot(organization.id) == before

    async def test_of_a_finder(
        self, organization: Organization, finder: Presenter, owner: Owner, made: Made
    ) -> None:
        """A list that is wrong in one place ends no token."""
        before = await owner.snapshot(organization.id)
        for case in LISTS:
            await check(finder, "/credentials/revoke", JSON, made[2], case)
        assert await owner.snapshot(organization.id) == before

    @pytest.mark.parametrize(
        "body",
        [
            '{"credentials":["a"],"more":' + "[" * 900 + "]" * 900 + "}",
            '{"credentials":1,"credentials":["a"]}',
            ' {\n"credentials"\t: [ "\\u0000" ] } ',
            '{"credentials":["' + "é" * 60_000 + '"]}',
        ],
    )
    async def test_what_looks_odd_and_makes_sense(self, finder: Presenter, body: str) -> None:
        """The control of the test above."""
        assert (await finder.send("/credentials/revoke", body, JSON)).status_code == 200

    @pytest.mark.parametrize(
        ("path", "content_type", "most"),
        [("/revoke", FORM, 65_536), ("/credentials/revoke", JSON, 131_072)],
    )
    async def test_without_a_length_is_bounded_too(
        self, finder: Presenter, path: str, content_type: str, most: int
    ) -> None:
        sent = 0

        async def endless() -> AsyncGenerator[bytes]:
            nonlocal sent
            while True:
                sent += 1024
                yield b"x" * 1024

        answer = await finder.client.post(
            path, content=endless(), headers={"Content-Type": content_type}
        )
        assert_error(answer, 413, "invalid_request")
        assert sent < most + 4096


PATHS = pytest.mark.parametrize(
    ("path", "content_type", "body"),
    [("/revoke", FORM, "token=TOKEN"), ("/credentials/revoke", JSON, '{"credentials":["TOKEN"]}')],
)


@PATHS
class TestRequest:
    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "X"])
    async def test_of_another_method(
        self, finder: Presenter, made: Made, path: str, content_type: str, body: str, method: str
    ) -> None:
        body = body.replace("TOKEN", made[2])
        answer = await finder.send(path, body, content_type, method=method)
        assert_error(answer, 405, "invalid_request", "POST")
        assert answer.headers["allow"] == "POST"

    @pytest.mark.parametrize("other", [None, "text/plain", "multipart/form-data; boundary=x", "/"])
    async def test_of_another_content_type(
        self,
        finder: Presenter,
        made: Made,
        path: str,
        content_type: str,
        body: str,
        other: str | None,
    ) -> None:
        body = body.replace("TOKEN", made[2])
        assert_error(await finder.send(path, body, other), 415, "invalid_request", content_type)
        swapped = JSON if content_type == FORM else FORM
        assert_error(await finder.send(path, body, swapped), 415, "invalid_request", content_type)

    @pytest.mark.parametrize("query", ["token=TOKEN", "access_token=x", "a=TOKEN", "%74oken=x"])
    async def test_with_a_credential_in_the_url(
        self, finder: Presenter, made: Made, path: str, content_type: str, body: str, query: str
    ) -> None:
        body, query = body.replace("TOKEN", made[2]), query.replace("TOKEN", made[2])
        answer = await finder.send(f"{path}?{query}", body, content_type)
        assert_error(answer, 400, "invalid_request", "URL")
        assert made[2] not in answer.text
        assert (await finder.send(path, body, content_type)).status_code == 200

    async def test_that_is_compressed(
        self, finder: Presenter, made: Made, path: str, content_type: str, body: str
    ) -> None:
        answer = await finder.send(path, body, content_type, ("Content-Encoding", "gzip"))
        assert_error(answer, 415, "invalid_request", "Content-Encoding")
