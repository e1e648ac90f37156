"""Where a client is, as the service learns it from a real gateway."""

from pathlib import Path
from urllib.parse import urlsplit

from tests.conftest import serve
from tests.gateways.conftest import OUTSIDE, Protected, Site, behind
from tests.waiting import until


class TestAddress:
    async def test_is_the_clients(self, site: Site, protected: Protected) -> None:
        token_id, full = await site.good_token_and_id()
        await protected.get(full, **{"User-Agent": "curl/8"})
        assert await last_use(site, token_id) == (await outside(site, protected), "curl/8")

    async def test_is_checked_whatever_the_client_claims(
        self, site: Site, protected: Protected
    ) -> None:
        here = await site.good_token(ipAllowlist=[await outside(site, protected)])
        elsewhere = await site.good_token(ipAllowlist=["198.51.100.0/24"])
        for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
            for claim in ({}, {name: "198.51.100.7"}, {name: "198.51.100.7, 127.0.0.1"}):
                assert (await protected.get(here, **claim)).status_code == 200
                assert (await protected.get(elsewhere, **claim)).status_code == 401

    async def test_is_the_gateways_where_nobody_trusts_it(
        self, site: Site, protected: Protected, tmp_path: Path
    ) -> None:
        """The control of the tests above."""
        environment = site.environment | {"APPUSERS_TRUSTED_PROXIES": ""}
        for live in serve(environment, tmp_path):
            address = urlsplit(live.url).netloc
            async with behind(protected.program, site, tmp_path, address=address) as other:
                token_id, full = await site.good_token_and_id()
                await other.get(full)
                assert (await last_use(site, token_id))[0] == "127.0.0.1"


async def outside(site: Site, protected: Protected) -> str:
    """Return the address that the gateway sees its client at."""
    if protected.program.name != "envoy":
        return OUTSIDE
    # Envoy takes a loopback address for that of the host's own network.
    token_id, full = await site.good_token_and_id()
    await protected.get(full)
    found = (await last_use(site, token_id))[0]
    assert found != "127.0.0.1"
    return found


async def last_use(site: Site, token_id: str) -> tuple[str, str]:
    """Return address and program that the last use of a token was recorded with."""
    found: list[tuple[str, str]] = []

    async def is_recorded() -> bool:
        query = "query($id: ID!) { token(id: $id) { lastIp lastUserAgent } }"
        token = (await site.organization.admin.query(query, id=token_id))["token"]
        if token["lastIp"]:
            found.append((token["lastIp"], token["lastUserAgent"]))
        return bool(found)

    await until(is_recorded)
    return found[0]
