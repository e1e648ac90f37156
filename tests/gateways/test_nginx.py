"""Lines of the README's configuration of nginx that a reader might leave out, or put in.

They are the controls of the tests beside this one, which would fail without these lines.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.gateways import application
from tests.gateways.conftest import OUTSIDE, Protected, Site, behind
from tests.gateways.programs import NGINX, free_port
from tests.web.forward_auth.gateway import IDENTITY


@asynccontextmanager
async def without(
    line: str, site: Site, folder: Path, address: str | None = None
) -> AsyncGenerator[Protected]:
    """Configure nginx without a line of the README's."""
    missing = [(f"    {line}\n", "")]
    async with behind(NGINX, site, folder, wrong=missing, address=address) as found:
        yield found


async def get(nginx: Protected, site: Site, **headers: str) -> httpx.Response:
    """Ask with a token that may pass."""
    return await nginx.get(await site.good_token(), **headers)


async def told(site: Site, folder: Path, line: str | None = None) -> httpx.Headers:
    """Return the headers that the service is asked with, without a line of the README's."""
    async with application.served() as service:
        address = f"127.0.0.1:{service.port}"
        missing = [] if line is None else [(f"    {line}\n", "")]
        async with behind(NGINX, site, folder, wrong=missing, address=address) as nginx:
            headers = {"Authorization": "Bearer x", "Cookie": "a=b", "User-Agent": "curl/8"}
            answer = await nginx.client.post("/", headers=headers, content=b"a" * 100)
            assert answer.status_code == 200
        (asked,) = service.reached
        assert (asked.method, asked.body) == ("GET", b"")
        return httpx.Headers(asked.headers.items())


async def test_without_the_question_everybody_passes(site: Site, tmp_path: Path) -> None:
    async with without("auth_request /_verify;", site, tmp_path) as nginx:
        assert (await nginx.get()).status_code == 200
        assert len(nginx.application.reached) == 1


@pytest.mark.parametrize("name", IDENTITY)
async def test_without_the_header_the_client_says_who_it_is(
    site: Site, tmp_path: Path, name: str
) -> None:
    variable = name.removeprefix("appusers-").replace("-", "_").replace("scope", "token_scope")
    line = f"proxy_set_header {name.title()} ${variable};"
    async with without(line, site, tmp_path) as nginx:
        answer = await get(nginx, site, **{name: "evil"})
        assert answer.status_code == 200
        assert nginx.application.reached[0].headers.getlist(name) == ["evil"]


async def test_with_underscores_the_client_says_who_it_is(site: Site, tmp_path: Path) -> None:
    wrong = [("server {\n", "server {\n    underscores_in_headers on;\n")]
    async with behind(NGINX, site, tmp_path, wrong=wrong) as nginx:
        answer = await get(nginx, site, Appusers_User_Id="evil")
        assert answer.status_code == 200
        assert nginx.application.reached[0].headers["appusers_user_id"] == "evil"


async def test_the_service_is_told_no_more_than_it_takes(site: Site, tmp_path: Path) -> None:
    headers = await told(site, tmp_path)
    assert headers.pop("x-request-id")
    assert dict(headers) == {
        "host": "appusers",
        "authorization": "Bearer x",
        "user-agent": "curl/8",
        "x-forwarded-for": OUTSIDE,
    }


@pytest.mark.parametrize("name", ["Authorization", "User-Agent", "X-Forwarded-For", "X-Request-Id"])
async def test_without_its_line_it_is_not_told(site: Site, tmp_path: Path, name: str) -> None:
    value = {
        "Authorization": "$http_authorization",
        "User-Agent": "$http_user_agent",
        "X-Forwarded-For": "$remote_addr",
        "X-Request-Id": "$request_id",
    }[name]
    assert name not in await told(site, tmp_path, f"proxy_set_header {name} {value};")


async def test_without_stopping_them_it_gets_all_headers(site: Site, tmp_path: Path) -> None:
    assert (await told(site, tmp_path, "proxy_pass_request_headers off;"))["cookie"] == "a=b"


async def test_clients_cannot_ask_for_themselves(site: Site, tmp_path: Path) -> None:
    (tmp_path / "with").mkdir()
    (tmp_path / "without").mkdir()
    async with behind(NGINX, site, tmp_path / "with") as nginx:
        assert (await nginx.client.get("/_verify")).status_code == 404
    async with without("internal;", site, tmp_path / "without") as nginx:
        assert (await nginx.client.get("/_verify")).status_code == 401


async def test_a_preflight_can_be_answered_before_it_asks(site: Site, tmp_path: Path) -> None:
    question = "auth_request /_verify;"
    preflight = "if ($request_method = OPTIONS) { return 204; }"
    wrong = [(question, f"{preflight} {question}")]
    async with behind(NGINX, site, tmp_path, wrong=wrong) as nginx:
        assert (await nginx.client.options("/")).status_code == 204
        assert (await nginx.get()).status_code == 401


async def test_without_dropping_it_the_application_gets_the_token(
    site: Site, tmp_path: Path
) -> None:
    async with without('proxy_set_header Authorization "";', site, tmp_path) as nginx:
        assert (await get(nginx, site)).status_code == 200
        assert nginx.application.reached[0].headers["authorization"].startswith("Bearer appu_")


async def test_without_the_page_of_a_403_there_is_no_challenge(site: Site, tmp_path: Path) -> None:
    async with without("error_page 403 @forbidden;", site, tmp_path) as nginx:
        answer = await nginx.get(await site.powerless_token())
        assert answer.status_code == 403
        assert "www-authenticate" not in answer.headers


async def test_without_the_page_of_a_500_a_client_does_not_try_again(
    site: Site, tmp_path: Path
) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    line = "error_page 500 @unavailable;"
    async with without(line, site, tmp_path, address=nowhere) as nginx:
        answer = await get(nginx, site)
        assert answer.status_code == 500
        assert "retry-after" not in answer.headers
        assert not nginx.application.reached


async def test_without_the_clients_address_everybody_is_at_nginx(
    site: Site, tmp_path: Path
) -> None:
    async with without("proxy_set_header X-Forwarded-For $remote_addr;", site, tmp_path) as nginx:
        full = await site.good_token(ipAllowlist=["127.0.0.1"])
        assert (await nginx.get(full)).status_code == 200
