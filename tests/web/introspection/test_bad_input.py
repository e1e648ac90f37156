"""Requests that make no sense: each is told what is wrong, and nothing of any token."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from urllib.parse import quote

import pytest

from tests.web.answers import assert_error
from tests.web.introspection.asking import FORM, ResourceServer

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Case:
    body: str | bytes
    """``TOKEN`` stands for a live token."""
    text: str
    status: int = 400


BODIES = [
    Case("", "token is missing"),
    Case("&&&", "token is missing"),
    Case("=", "token is missing"),
    Case("token", "token is missing"),
    Case("token=", "token is missing"),
    Case("Token=TOKEN", "token is missing"),
    Case("token;token_type_hint=TOKEN", "token is missing"),
    Case('{"token":"TOKEN"}', "token is missing"),
    # Twice is once too often, RFC 6749 section 3.1; an empty one counts.
    Case("token=TOKEN&token=TOKEN", "token is given twice"),
    Case("token=TOKEN&token=", "token is given twice"),
    Case("token=&token=TOKEN", "token is given twice"),
    Case("token=TOKEN&%74oken=x", "token is given twice"),
    Case("token=TOKEN&client_ip=::1&client_ip=::1", "client_ip is given twice"),
    Case("token=TOKEN&user_agent=a&user_agent=a", "user_agent is given twice"),
    Case("token=TOKEN&permission=admin&permission=", "permission is given twice"),
    Case("token=TOKEN&resource_id=&resource_id=", "resource_id is given twice"),
    Case("token=TOKEN&token_type_hint=a&token_type_hint=b", "token_type_hint is given twice"),
    Case("token=TOKEN" + "&a=" * 64, "more than 64 parameters"),
    Case("&".join("a" for _ in range(30_000)), "more than 64 parameters"),
    # What is no UTF-8 is not guessed at.
    Case("token=%ff", "not UTF-8"),
    Case(b"token=\xff", "not UTF-8"),
    Case("token=TOKEN&user_agent=%c3%28", "not UTF-8"),
    Case("token=TOKEN&user_agent=%ed%a0%80", "not UTF-8"),
    Case("token=TOKEN&%ff=x", "not UTF-8"),
    Case("token=TOKEN&client_ip=localhost", "client_ip"),
    Case("token=TOKEN&client_ip=192.0.2.256", "client_ip"),
    Case("token=TOKEN&client_ip=192.0.2.0/24", "client_ip"),
    Case("token=TOKEN&client_ip=192.0.2.1,192.0.2.2", "client_ip"),
    Case("token=TOKEN&client_ip=192.0.2.1:443", "client_ip"),
    Case("token=TOKEN&client_ip=3221225985", "client_ip"),
    Case("token=TOKEN&client_ip=%00", "client_ip"),
    Case("token=TOKEN&client_ip=" + "1" * 60_000, "client_ip"),
    Case("token=TOKEN&permission=administrator", "permission"),
    Case("token=TOKEN&permission=%20", "permission"),
    Case("token=TOKEN&permission=PROJECT:SERVICES:READ", "permission"),
    Case("token=TOKEN&permission=project:services:read%20project:services:write", "permission"),
    Case("token=TOKEN&permission=" + "a" * 60_000, "permission"),
    Case("token=TOKEN&resource_id=org", "resource_id"),
    Case("token=TOKEN&resource_id=org_", "resource_id"),
    Case("token=TOKEN&resource_id=org_" + "z" * 22, "resource_id"),
    Case("token=TOKEN&resource_id=user_" + "0" * 44, "resource_id"),
    Case("token=TOKEN&resource_id=resource_" + "0" * 43, "resource_id"),
    Case("token=TOKEN&resource_id=" + "é" * 1000, "resource_id"),
    Case("token=" + "x" * MEGABYTE, "longer than 65536 bytes", 413),
    Case("token=TOKEN&user_agent=" + "x" * MEGABYTE, "longer than 65536 bytes", 413),
    Case("a=&" * (MEGABYTE // 3), "longer than 65536 bytes", 413),
]


class TestBody:
    @pytest.mark.parametrize("case", BODIES, ids=lambda case: str(case.body[:60]))
    async def test_table(
        self, shared_server: ResourceServer, shared_token: str, case: Case
    ) -> None:
        body = case.body.replace("TOKEN", shared_token) if isinstance(case.body, str) else case.body
        answer = await shared_server.send(body)
        assert_error(answer, case.status, "invalid_request", case.text)
        assert shared_token not in answer.text

    async def test_a_body_without_a_length_is_bounded_too(
        self, shared_server: ResourceServer
    ) -> None:
        sent = 0

        async def endless() -> AsyncGenerator[bytes]:
            nonlocal sent
            while True:
                sent += 1024
                yield b"x" * 1024

        answer = await shared_server.client.post(
            "/introspect",
            content=endless(),
            headers=[("Authorization", f"Bearer {shared_server.token}"), FORM],
        )
        assert_error(answer, 413, "invalid_request")
        assert sent < 70_000


class TestTaken:
    """What looks odd and makes sense: the controls of the table above."""

    @pytest.mark.parametrize(
        "body",
        [
            "token=TOKEN",
            "token=TOKEN&",
            "&token=TOKEN",
            "token=TOKEN&client_ip=&user_agent=&permission=&resource_id=&token_type_hint=",
            "token=TOKEN&token_type_hint=refresh_token",
            "token=TOKEN&token_type_hint=%F0%9F%9A%80",
            "token=TOKEN&unknown=1&unknown=2",
            "token=TOKEN&unknown=%ff",
            "%74oken=TOKEN",
            "token=TOKEN&user_agent=" + "x" * 60_000,
            "token=TOKEN&user_agent=" + quote("Zoë 🚀 \0\r\n"),
            "token=TOKEN&user_agent=Zoë",
            "token=TOKEN" + "&a=" * 63,
            "token=TOKEN&client_ip=fe80::1%25eth0",
        ],
    )
    async def test_table(self, shared_server: ResourceServer, shared_token: str, body: str) -> None:
        answer = await shared_server.send(body.replace("TOKEN", shared_token))
        assert answer.status_code == 200, answer.text
        assert answer.json()["active"] is True


class TestMethod:
    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "X"])
    async def test_other_methods(
        self, shared_server: ResourceServer, shared_token: str, method: str
    ) -> None:
        answer = await shared_server.send(f"token={shared_token}", method=method)
        assert_error(answer, 405, "invalid_request", "POST")
        assert answer.headers["allow"] == "POST"


class TestContentType:
    @pytest.mark.parametrize(
        "content_type",
        [
            None,
            "",
            "application/json",
            "multipart/form-data; boundary=x",
            "text/plain",
            "application/x-www-form-urlencoded; charset=latin-1",
            "application/x-www-form-urlencoded, application/json",
            "application/x-www-form-urlencodedx",
        ],
    )
    async def test_others(
        self, shared_server: ResourceServer, shared_token: str, content_type: str | None
    ) -> None:
        header = None if content_type is None else ("Content-Type", content_type)
        answer = await shared_server.send(f"token={shared_token}", content_type=header)
        assert_error(answer, 415, "invalid_request", "application/x-www-form-urlencoded")

    async def test_two(self, shared_server: ResourceServer, shared_token: str) -> None:
        assert_error(
            await shared_server.send(f"token={shared_token}", FORM), 415, "invalid_request"
        )

    async def test_a_compressed_body(
        self, shared_server: ResourceServer, shared_token: str
    ) -> None:
        answer = await shared_server.send(f"token={shared_token}", ("Content-Encoding", "gzip"))
        assert_error(answer, 415, "invalid_request", "Content-Encoding")

    @pytest.mark.parametrize(
        "content_type",
        [
            "application/x-www-form-urlencoded; charset=UTF-8",
            'application/x-www-form-urlencoded;charset="utf-8"',
            "Application/X-WWW-Form-Urlencoded",
        ],
    )
    async def test_the_same_in_other_words(
        self, shared_server: ResourceServer, shared_token: str, content_type: str
    ) -> None:
        header = ("Content-Type", content_type)
        answer = await shared_server.send(f"token={shared_token}", content_type=header)
        assert answer.json()["active"] is True


class TestQuery:
    @pytest.mark.parametrize(
        "query",
        [
            "token=TOKEN",
            "token=",
            "access_token=x",
            "x=TOKEN",
            "TOKEN",
            "%74oken=x",
            "a=1&access%5Ftoken=x",
            "x=%61ppu_" + "a" * 44 + "_" + "b" * 49,
        ],
    )
    async def test_no_credential_belongs_there(
        self, shared_server: ResourceServer, shared_token: str, query: str
    ) -> None:
        url = f"/introspect?{query.replace('TOKEN', shared_token)}"
        answer = await shared_server.send(f"token={shared_token}", url=url)
        assert_error(answer, 400, "invalid_request", "URL")
        assert shared_token not in answer.text

    async def test_anything_else_is_ignored_there(
        self, shared_server: ResourceServer, shared_token: str
    ) -> None:
        answer = await shared_server.send(
            f"token={shared_token}", url="/introspect?tenant=1&tokens=2"
        )
        assert answer.json()["active"] is True


class TestPath:
    @pytest.mark.parametrize("path", ["/introspect/", "/introspect/x", "/Introspect"])
    async def test_others_are_not_it(
        self, shared_server: ResourceServer, shared_token: str, path: str
    ) -> None:
        assert (await shared_server.send(f"token={shared_token}", url=path)).status_code == 404
