"""No answer lacks a header field of security, whatever is asked and whatever is answered."""

import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from unittest.mock import Mock

import httpx
import pytest
from starlette.routing import Route

from app.asgi import create_app
from app.web import forward_auth, introspection, security_headers
from app.web.pages import _MEDIA_TYPES, STATIC  # pyright: ignore[reportPrivateUsage]
from app.web.protocol import MAX_HEADER_BYTES
from app.web.security_headers import ALWAYS, FOR_PROGRAMS
from tests.conftest import settings_for
from tests.postgres import Urls
from tests.service import Service, started
from tests.web.connections import connected, echo, served

ORIGIN = "https://admin.example.com"
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
HTML = {"Accept": "text/html"}
BEARER = {"Authorization": "Bearer junk"}
ASSET = next(file for file in sorted((STATIC / "assets").iterdir()) if file.suffix in _MEDIA_TYPES)
Fields: TypeAlias = Sequence[tuple[str, str]]
METADATA = "/.well-known/oauth-authorization-server"


@dataclass(frozen=True)
class Case:
    """A request, and the status of its answer."""

    status: int
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    cached: bool = False
    """Whether caches may keep the answer, or have to ask again."""

    @property
    def is_for_programs(self) -> bool:
        """Whether no browser ever shows the answer."""
        return self.path.startswith(("/introspect", "/verify"))


QUERY = b'{"query":"{ __typename }"}'
VIEWER = b'{"query":"{ viewer { __typename } }"}'
CASES = [
    Case(200, "GET", "/graphql", HTML, cached=True),
    Case(200, "HEAD", "/graphql", HTML, cached=True),
    Case(200, "GET", "/graphql?query={__typename}"),
    Case(200, "POST", "/graphql", JSON, QUERY),
    Case(400, "POST", "/graphql", JSON, b"{"),
    Case(401, "POST", "/graphql", JSON, VIEWER),
    Case(401, "POST", "/graphql", JSON | BEARER, QUERY),
    Case(405, "PUT", "/graphql"),
    Case(406, "POST", "/graphql", JSON | {"Accept": "image/png"}, QUERY),
    Case(413, "POST", "/graphql", JSON, b" " * 70_000),
    Case(415, "POST", "/graphql", FORM, b"query={__typename}"),
    Case(401, "POST", "/introspect", FORM, b"token=x"),
    Case(401, "POST", "/introspect", FORM | BEARER, b"token=x"),
    Case(405, "GET", "/introspect"),
    Case(413, "POST", "/introspect", FORM | BEARER, b"token=" + b"x" * 70_000),
    Case(415, "POST", "/introspect", JSON),
    Case(401, "GET", "/verify?organization_id=any"),
    Case(401, "GET", "/verify?organization_id=any", BEARER),
    Case(400, "GET", "/verify"),
    Case(400, "GET", "/verify/anything"),
    Case(405, "POST", "/verify?organization_id=any"),
    Case(200, "POST", "/revoke", FORM, b"token=junk"),
    Case(400, "POST", "/revoke", FORM),
    Case(405, "GET", "/revoke"),
    Case(200, "POST", "/credentials/revoke", JSON, b'{"credentials":["junk"]}'),
    Case(405, "GET", "/credentials/revoke"),
    Case(200, "GET", METADATA, cached=True),
    Case(405, "POST", METADATA),
    Case(200, "GET", "/healthz"),
    Case(405, "POST", "/healthz"),
    Case(200, "GET", "/readyz"),
    Case(405, "POST", "/readyz"),
    Case(200, "GET", "/metrics"),
    Case(404, "GET", "/metrics", {"X-Real-IP": "192.0.2.1"}),
    Case(405, "POST", "/metrics"),
    Case(307, "GET", "/"),
    Case(200, "GET", "/console"),
    Case(200, "HEAD", "/console"),
    Case(405, "POST", "/console"),
    Case(200, "GET", "/console/application-users"),
    Case(404, "GET", "/console/nothing.js"),
    Case(405, "POST", "/console/application-users"),
    Case(200, "GET", "/console/configuration.json"),
    Case(405, "POST", "/console/configuration.json"),
    Case(405, "POST", "/"),
    Case(200, "GET", f"/static/assets/{ASSET.name}", cached=True),
    Case(200, "GET", f"/static/assets/{ASSET.name}", {"Accept-Encoding": "gzip"}, cached=True),
    Case(200, "GET", "/static/LICENSES.txt", cached=True),
    Case(404, "GET", "/static/nothing"),
    Case(405, "POST", "/static/nothing"),
    Case(404, "GET", "/nothing"),
    Case(404, "POST", "/graphql/"),
    Case(500, "GET", "/bug"),
]


async def bug(_request: object) -> None:
    raise RuntimeError("a bug")


def check(found: Fields, *, is_tls: bool, cached: bool = False, for_programs: bool = False) -> None:
    """Check the header fields of one answer: each is there once, and says what it should."""
    values = dict(found)
    assert len(values) == len(found), "a field that comes twice"
    assert values["x-content-type-options"] == "nosniff"
    if for_programs:
        assert values["cache-control"] == "no-store"
        return
    assert values["referrer-policy"] == "no-referrer"
    assert values["x-frame-options"] == "DENY"
    assert values["cross-origin-resource-policy"] == "same-origin"
    policy = values["content-security-policy"].split("; ")
    assert policy[0] == "default-src 'none'"
    assert policy[-1] == "frame-ancestors 'none'"
    assert not [part for part in policy if re.search(r"\*|https?:|'unsafe-eval'", part)]
    assert ("no-store" in values["cache-control"]) is not cached
    assert values.get("strict-transport-security") == ("max-age=63072000" if is_tls else None)
    assert "server" not in values
    assert "set-cookie" not in values


@dataclass(frozen=True)
class Running:
    """An application as clients reach it, in the clear or by TLS."""

    service: Service
    scheme: str

    async def check(self, case: Case, **headers: str) -> Fields:
        """Check the answer to a request, and return its header fields."""
        transport = httpx.ASGITransport(self.service.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            answer = await client.request(
                case.method, case.path, headers=case.headers | headers, content=case.body
            )
        assert answer.status_code == case.status, answer.text
        assert answer.headers["x-request-id"]
        found = answer.headers.multi_items()
        check(
            found, is_tls=self.is_tls(case), cached=case.cached, for_programs=case.is_for_programs
        )
        return found

    def is_tls(self, case: Case) -> bool:
        """Tell whether the answer should say that there is TLS alone: not to a program."""
        return self.scheme == "https" and not case.is_for_programs


@pytest.fixture(scope="module", params=["http", "https"])
async def running(urls: Urls, request: pytest.FixtureRequest) -> AsyncGenerator[Running]:
    """The application, with a bug in it."""
    settings = settings_for(
        urls, public_url=f"{request.param}://tokens.example.com", allowed_origins=ORIGIN
    )
    async with started(settings) as service:
        service.app.routes.append(Route("/bug", bug))
        yield Running(service, request.param)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.method} {case.path} {case.status}")
class TestAnswer:
    async def test_has_all(self, running: Running, case: Case) -> None:
        found = await running.check(case)
        # The control: the same without one of them.
        fields = security_headers.of("https://") if running.is_tls(case) else ALWAYS
        for name, _ in FOR_PROGRAMS if case.is_for_programs else fields:
            less = [field for field in found if field[0] != name.decode()]
            with pytest.raises((AssertionError, KeyError)):
                check(
                    less,
                    is_tls=running.is_tls(case),
                    cached=case.cached,
                    for_programs=case.is_for_programs,
                )

    async def test_to_a_page_elsewhere_has_all(self, running: Running, case: Case) -> None:
        await running.check(case, Origin=ORIGIN)


async def test_preflights_have_all(running: Running) -> None:
    for origin, status in (ORIGIN, 200), ("https://evil.example", 400):
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        await running.check(Case(status, "OPTIONS", "/graphql", headers))


async def test_without_the_mechanism_the_check_fails(
    urls: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: an application that adds nothing."""
    monkeypatch.setattr(security_headers, "of", Mock(return_value=()))
    async with started(settings_for(urls)) as service:
        for path in ("/healthz", "/readyz", "/nothing", METADATA):
            answer = await (await service.caller()).client.get(path)
            with pytest.raises((AssertionError, KeyError)):
                check(answer.headers.multi_items(), is_tls=False, cached=path == METADATA)


def test_every_route_is_among_the_cases(urls: Urls) -> None:
    routes = [str(getattr(route, "path", "")) for route in create_app(settings_for(urls)).routes]
    paths = {case.path.partition("?")[0] for case in CASES}
    for path in [*routes, introspection.PATH, forward_auth.PATH]:
        pattern = re.sub(r"\{.*?\}", ".+", path)
        assert [found for found in paths if re.fullmatch(pattern, found)], path


class TestProtocol:
    """What is refused before there is a request."""

    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            (b"nonsense\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\n\r\n", 400),
            (b"GET / HTTP/2.0\r\nHost: test\r\n\r\n", 400),
            (b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: test\r\na: " + b"b" * MAX_HEADER_BYTES + b"\r\n\r\n", 431),
        ],
    )
    async def test_has_all(self, sent: bytes, status: int) -> None:
        async with served(echo) as server, connected(server.port) as client:
            await client.send(sent)
            answer = await client.rest()
        head, _, body = answer.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        assert first.startswith(f"HTTP/1.1 {status} ")
        found = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
        check(found, is_tls=False)
        assert dict(found)["content-length"] == str(len(body))
        assert dict(found)["connection"] == "close"
