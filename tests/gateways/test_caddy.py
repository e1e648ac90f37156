"""Lines of the README's configuration of Caddy that a reader might leave out.

They are the controls of the tests beside this one, which would fail without these lines.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.gateways.conftest import Protected, Site, behind
from tests.gateways.programs import CADDY


@asynccontextmanager
async def without(line: str, site: Site, folder: Path) -> AsyncGenerator[Protected]:
    """Configure Caddy without a line of the README's."""
    async with behind(CADDY, site, folder, wrong=[(f"\t\t{line}\n", "")]) as found:
        yield found


async def test_without_deleting_them_underscores_say_who_it_is(site: Site, tmp_path: Path) -> None:
    async with without("request_header -Appusers*", site, tmp_path) as caddy:
        answer = await caddy.get(await site.good_token(), Appusers_User_Id="evil")
        assert answer.status_code == 200
        assert caddy.application.reached[0].headers["appusers_user_id"] == "evil"


async def test_without_replacing_it_connection_deletes_who_it_is(
    site: Site, tmp_path: Path
) -> None:
    line = 'request_header Connection "(?i)appusers[^,]*" none'
    async with without(line, site, tmp_path) as caddy:
        answer = await caddy.get(await site.good_token(), Connection="Appusers-User-Id")
        assert answer.status_code == 200
        assert "appusers-user-id" not in caddy.application.reached[0].headers


async def test_without_deleting_it_the_application_gets_the_token(
    site: Site, tmp_path: Path
) -> None:
    async with without("request_header -Authorization", site, tmp_path) as caddy:
        assert (await caddy.get(await site.good_token())).status_code == 200
        reached = caddy.application.reached[0]
        assert reached.headers["authorization"].startswith("Bearer appu_")
