"""Each line of the README's configuration of nginx is there for a reason.

These are the controls of the tests beside this one: without the line, they would fail.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from tests.gateways.conftest import Protected, Site, behind
from tests.gateways.programs import NGINX, free_port
from tests.web.forward_auth.gateway import holder


@asynccontextmanager
async def without(
    line: str, site: Site, folder: Path, address: str | None = None
) -> AsyncGenerator[Protected]:
    """Configure nginx without a line of the README's."""
    missing = [(f"    {line}\n", "")]
    async with behind(NGINX, site, folder, wrong=missing, address=address) as found:
        yield found


async def get(nginx: Protected, site: Site, name: str, **headers: str) -> httpx.Response:
    """Ask with a token that may pass."""
    return await nginx.get(await holder(site.organization, site.project_id, name), **headers)


async def test_without_the_question_everybody_passes(site: Site, tmp_path: Path) -> None:
    async with without("auth_request /_verify;", site, tmp_path) as nginx:
        assert (await nginx.get()).status_code == 200
        assert len(nginx.application.reached) == 1


async def test_without_the_header_the_client_says_who_it_is(site: Site, tmp_path: Path) -> None:
    line = "proxy_set_header Appusers-User-Id $user_id;"
    async with without(line, site, tmp_path) as nginx:
        answer = await get(nginx, site, "spoofs", **{"Appusers-User-Id": "evil"})
        assert answer.status_code == 200
        assert nginx.application.reached[0].headers.getlist("appusers-user-id") == ["evil"]


async def test_without_dropping_it_the_application_gets_the_token(
    site: Site, tmp_path: Path
) -> None:
    async with without('proxy_set_header Authorization "";', site, tmp_path) as nginx:
        assert (await get(nginx, site, "trusts")).status_code == 200
        assert nginx.application.reached[0].headers["authorization"].startswith("Bearer appu_")


async def test_without_the_page_of_a_403_there_is_no_challenge(site: Site, tmp_path: Path) -> None:
    async with without("error_page 403 @forbidden;", site, tmp_path) as nginx:
        user_id = await site.organization.user("has nothing")
        answer = await nginx.get((await site.organization.token(user_id))[1])
        assert answer.status_code == 403
        assert "www-authenticate" not in answer.headers


async def test_without_the_page_of_a_500_a_client_does_not_try_again(
    site: Site, tmp_path: Path
) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    line = "error_page 500 @unavailable;"
    async with without(line, site, tmp_path, address=nowhere) as nginx:
        answer = await get(nginx, site, "waits")
        assert answer.status_code == 500
        assert "retry-after" not in answer.headers
        assert not nginx.application.reached


async def test_without_the_clients_address_everybody_is_at_nginx(
    site: Site, tmp_path: Path
) -> None:
    async with without("proxy_set_header X-Forwarded-For $remote_addr;", site, tmp_path) as nginx:
        full = await holder(
            site.organization, site.project_id, "elsewhere", ipAllowlist=["127.0.0.1"]
        )
        assert (await nginx.get(full)).status_code == 200
