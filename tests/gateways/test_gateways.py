"""An application behind a real gateway, configured as the README says."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import serve
from tests.gateways.conftest import OUTSIDE, Protected, Site, behind
from tests.gateways.programs import free_port
from tests.outages import away
from tests.postgres import Server
from tests.waiting import until
from tests.web.forward_auth.gateway import PERMISSION, holder

_made = iter(range(1000))


async def good_token(site: Site, **fields: object) -> str:
    """Return a token that may pass, of an application user of its own."""
    return await holder(site.organization, site.project_id, f"ci {next(_made)}", **fields)


class TestLetThrough:
    async def test_the_application_learns_who_it_is(self, site: Site, protected: Protected) -> None:
        user_id = await site.organization.user(f"ci {next(_made)}")
        await site.organization.admin.mutate(
            "grantPermissions",
            "granted",
            principalId=user_id,
            resourceId=site.project_id,
            permissions=[PERMISSION],
        )
        token_id, full = await site.organization.token(user_id, scopes=["services:read"])
        answer = await protected.get(full)
        assert answer.status_code == 200
        assert answer.text == "from the application"
        headers = protected.application.reached[-1].headers
        assert headers.getlist("appusers-user-id") == [user_id]
        assert headers.getlist("appusers-organization-id") == [site.organization.id]
        assert headers.getlist("appusers-token-id") == [token_id]
        assert headers.getlist("appusers-scope") == ["services:read"]

    async def test_the_application_never_sees_the_token(
        self, site: Site, protected: Protected
    ) -> None:
        full = await good_token(site)
        await protected.get(full)
        reached = protected.application.reached[-1]
        assert "authorization" not in reached.headers
        assert full not in str(reached)

    async def test_nobody_says_who_it_is_but_the_service(
        self, site: Site, protected: Protected
    ) -> None:
        names = ("user-id", "organization-id", "token-id", "scope")
        spoofed = {f"Appusers-{name}": "evil" for name in names}
        # To many an application an underscore is a hyphen.
        spoofed |= {f"Appusers_{name.replace('-', '_')}": "evil" for name in names}
        assert (await protected.get(await good_token(site), **spoofed)).status_code == 200
        headers = protected.application.reached[-1].headers
        for name in names:
            assert "evil" not in headers.getlist(f"appusers-{name}")
            assert len(headers.getlist(f"appusers-{name}")) == 1
            assert f"appusers_{name.replace('-', '_')}" not in headers

    async def test_method_query_and_body_reach_the_application(
        self, site: Site, protected: Protected
    ) -> None:
        headers = {"Authorization": f"Bearer {await good_token(site)}"}
        target = "/v1/services?organization_id=any&permission=x&token=csrf"
        answer = await protected.client.post(target, headers=headers, content=b"a" * 100_000)
        assert answer.status_code == 200
        reached = protected.application.reached[-1]
        assert (reached.method, reached.target) == ("POST", target)
        assert reached.body == b"a" * 100_000


class TestUnauthorized:
    async def test_without_a_token_the_client_is_told_what_is_missing(
        self, protected: Protected
    ) -> None:
        before = len(protected.application.reached)
        for headers in ({}, {"Authorization": "Basic YTpi"}):
            answer = await protected.get(**headers)
            assert answer.status_code == 401
            assert answer.headers.get_list("www-authenticate") == ["Bearer"]
        assert len(protected.application.reached) == before

    async def test_from_the_answer_to_the_revocation_on(
        self, site: Site, protected: Protected
    ) -> None:
        user_id = await site.organization.user(f"ci {next(_made)}")
        await site.organization.admin.mutate(
            "grantPermissions",
            "granted",
            principalId=user_id,
            resourceId=site.project_id,
            permissions=[PERMISSION],
        )
        for _ in range(5):
            token_id, full = await site.organization.token(user_id)
            assert await protected.lets_through(full)
            made = await site.organization.admin.mutate(
                "revokeToken", "token { status }", tokenId=token_id
            )
            assert made["token"] == {"status": "REVOKED"}
            answer = await protected.get(full)
            assert answer.status_code == 401
            challenges = answer.headers.get_list("www-authenticate")
            assert challenges == ['Bearer error="invalid_token"']
            assert not await protected.lets_through(full)

    @pytest.mark.parametrize(
        "target",
        ["/../healthz", "/..%2fhealthz", "/%2e%2e/graphql", "//", "/v1/../../healthz", "*", ""],
    )
    async def test_whatever_the_path(self, protected: Protected, target: str) -> None:
        """What is answered with 200 elsewhere in the service lets nobody through."""
        before = len(protected.application.reached)
        answer = await asyncio.to_thread(
            _raw,
            protected,
            f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        )
        assert not answer.startswith(b"HTTP/1.1 200")
        assert b"from the application" not in answer
        assert len(protected.application.reached) == before


class TestForbidden:
    async def test_without_the_permission_there(self, site: Site, protected: Protected) -> None:
        before = len(protected.application.reached)
        _, full = await site.organization.token(await site.organization.user(f"ci {next(_made)}"))
        answer = await protected.get(full)
        assert answer.status_code == 403
        assert answer.headers.get_list("www-authenticate") == ['Bearer error="insufficient_scope"']
        assert len(protected.application.reached) == before

    async def test_whatever_the_client_asks_for_itself(
        self, site: Site, protected: Protected
    ) -> None:
        _, full = await site.organization.token(await site.organization.user(f"ci {next(_made)}"))
        headers = {
            "Authorization": f"Bearer {full}",
            "Appusers-Organization-Id": "any",
            "Appusers-Permission": "",
            "Appusers-Resource-Id": site.organization.id,
        }
        answer = await protected.client.get("/?organization_id=any", headers=headers)
        assert answer.status_code == 403


class TestAddress:
    async def test_is_the_clients(self, site: Site, protected: Protected) -> None:
        user_id = await site.organization.user(f"ci {next(_made)}")
        token_id, full = await site.organization.token(user_id)
        await protected.get(full, **{"User-Agent": "curl/8"})
        assert await last_use(site, token_id) == (await outside(site, protected), "curl/8")

    async def test_is_checked_whatever_the_client_claims(
        self, site: Site, protected: Protected
    ) -> None:
        here = await good_token(site, ipAllowlist=[await outside(site, protected)])
        elsewhere = await good_token(site, ipAllowlist=["198.51.100.0/24"])
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
                user_id = await site.organization.user(f"ci {next(_made)}")
                token_id, full = await site.organization.token(user_id)
                await other.get(full)
                assert (await last_use(site, token_id))[0] == "127.0.0.1"


async def outside(site: Site, protected: Protected) -> str:
    """Return the address that the gateway sees its client at."""
    if protected.program.name != "envoy":
        return OUTSIDE
    # Envoy takes a loopback address for that of the host's own network.
    token_id, full = await site.organization.token(
        await site.organization.user(f"ci {next(_made)}")
    )
    await protected.get(full)
    found = (await last_use(site, token_id))[0]
    assert found != "127.0.0.1"
    return found


class TestUnavailable:
    async def test_while_postgresql_is_away_nobody_passes(
        self, server: Server, site: Site, protected: Protected
    ) -> None:
        full = await good_token(site)
        assert await protected.lets_through(full)
        async with away(server, site.urls):
            for _ in range(3):
                before = len(protected.application.reached)
                answer = await protected.get(full)
                assert answer.status_code == 503
                assert len(protected.application.reached) == before

        async def is_back() -> bool:
            return (await protected.get(full)).status_code == 200

        await until(is_back)

    async def test_while_the_service_is_away_nobody_passes(
        self, site: Site, protected: Protected, tmp_path: Path
    ) -> None:
        full = await good_token(site)
        nowhere = f"127.0.0.1:{free_port()}"
        async with behind(protected.program, site, tmp_path, address=nowhere) as lost:
            answer = await lost.get(full)
            assert answer.status_code in (502, 503)
            assert not lost.application.reached


class TestWrongConfiguration:
    @pytest.fixture
    async def mistaken(
        self, site: Site, protected: Protected, tmp_path: Path
    ) -> AsyncGenerator[Protected]:
        """A gateway that asks for a permission that is misspelled."""
        wrong = [("project:services:read", "project:service:read")]
        async with behind(protected.program, site, tmp_path, wrong=wrong) as found:
            yield found

    async def test_lets_nobody_through(self, site: Site, mistaken: Protected) -> None:
        for token in (site.organization.admin.token, await good_token(site), None):
            answer = await mistaken.get(token)
            assert answer.status_code in (400, 503)
        assert not mistaken.application.reached


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


def _raw(protected: Protected, request: str) -> bytes:
    address = urlsplit(str(protected.client.base_url))
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(request.encode())
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer
