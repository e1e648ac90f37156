"""An application behind a real gateway, configured as the README says."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.gateways.conftest import Protected, Site, behind
from tests.gateways.programs import free_port
from tests.outages import away
from tests.postgres import Server
from tests.waiting import until
from tests.web.forward_auth.gateway import IDENTITY


class TestLetThrough:
    async def test_the_application_learns_who_it_is(self, site: Site, protected: Protected) -> None:
        token_id, full = await site.good_token_and_id(scopes=["services:read"])
        answer = await protected.get(full)
        assert answer.status_code == 200
        assert answer.text == "from the application"
        headers = protected.application.reached[-1].headers
        assert headers.getlist("appusers-user-id") == [site.holder_id]
        assert headers.getlist("appusers-organization-id") == [site.organization.id]
        assert headers.getlist("appusers-token-id") == [token_id]
        assert headers.getlist("appusers-scope") == ["services:read"]

    async def test_the_application_never_sees_the_token(
        self, site: Site, protected: Protected
    ) -> None:
        full = await site.good_token()
        await protected.get(full)
        reached = protected.application.reached[-1]
        assert "authorization" not in reached.headers
        assert full not in str(reached)

    async def test_nobody_says_who_it_is_but_the_service(
        self, site: Site, protected: Protected
    ) -> None:
        spoofed = dict.fromkeys(IDENTITY, "evil")
        # To many an application an underscore is a hyphen.
        spoofed |= {name.replace("-", "_"): "evil" for name in IDENTITY}
        spoofed |= {name.replace("-", "_", 1).upper(): "evil" for name in IDENTITY}
        spoofed |= {"Appusers-User_Id": "evil", "Appusers-Token_iD": "evil"}
        assert (await protected.get(await site.good_token(), **spoofed)).status_code == 200
        headers = protected.application.reached[-1].headers
        assert "evil" not in headers.values()
        found = [name for name in headers if name.startswith("appusers")]
        assert sorted(found) == sorted(IDENTITY)

    @pytest.mark.parametrize(
        "named",
        [
            ["Appusers-User-Id"],
            ["close, appusers-token-id, APPUSERS-SCOPE"],
            ["keep-alive", "Appusers-Organization-Id,Appusers-User-Id"],
        ],
        ids=["one", "several", "twice"],
    )
    async def test_nobody_has_it_deleted_on_the_way(
        self, site: Site, protected: Protected, named: list[str]
    ) -> None:
        """A proxy deletes what a client names in Connection: RFC 9110, section 7.6.1."""
        headers = [("Connection", value) for value in named]
        headers.append(("Authorization", f"Bearer {await site.good_token()}"))
        assert (await protected.client.get("/", headers=headers)).status_code == 200
        assert set(IDENTITY) < set(protected.application.reached[-1].headers)

    async def test_method_query_and_body_reach_the_application(
        self, site: Site, protected: Protected
    ) -> None:
        headers = {"Authorization": f"Bearer {await site.good_token()}"}
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

    async def test_a_preflight_has_no_token(self, protected: Protected) -> None:
        headers = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
        answer = await protected.client.options("/v1/services", headers=headers)
        assert answer.status_code == 401

    async def test_from_the_answer_to_the_revocation_on(
        self, site: Site, protected: Protected
    ) -> None:
        for _ in range(5):
            token_id, full = await site.good_token_and_id()
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
        full = await site.powerless_token()
        answer = await protected.get(full)
        assert answer.status_code == 403
        assert answer.headers.get_list("www-authenticate") == ['Bearer error="insufficient_scope"']
        assert len(protected.application.reached) == before

    async def test_whatever_the_client_asks_for_itself(
        self, site: Site, protected: Protected
    ) -> None:
        full = await site.powerless_token()
        headers = {
            "Authorization": f"Bearer {full}",
            "Appusers-Organization-Id": "any",
            "Appusers-Permission": "",
            "Appusers-Resource-Id": site.organization.id,
        }
        answer = await protected.client.get("/?organization_id=any", headers=headers)
        assert answer.status_code == 403


class TestCredentials:
    async def test_two_are_too_many(self, site: Site, protected: Protected) -> None:
        before = len(protected.application.reached)
        full = await site.good_token()
        headers = [("Authorization", f"Bearer {full}")] * 2
        answer = await protected.client.get("/", headers=headers)
        # Envoy makes one of them, which is malformed.
        assert answer.status_code == (401 if protected.program.name == "envoy" else 400)
        assert len(protected.application.reached) == before
        challenge = answer.headers.get("www-authenticate")
        expected = {"envoy": "Bearer", "caddy": 'Bearer error="invalid_request"'}
        assert challenge == expected.get(protected.program.name)

    async def test_one_in_the_clients_query_is_refused_where_it_is_seen(
        self, site: Site, protected: Protected
    ) -> None:
        for target in ("/?access_token=x", f"/?a={await site.good_token()}"):
            before = len(protected.application.reached)
            headers = {"Authorization": f"Bearer {await site.good_token()}"}
            answer = await protected.client.get(target, headers=headers)
            is_seen = protected.program.name == "envoy"
            assert answer.status_code == (400 if is_seen else 200)
            assert len(protected.application.reached) == before + (not is_seen)

    async def test_nor_is_it_one(self, site: Site, protected: Protected) -> None:
        """Nobody passes by a token in a query alone."""
        before = len(protected.application.reached)
        answer = await protected.client.get(f"/?access_token={await site.good_token()}")
        assert answer.status_code in (400, 401)
        assert len(protected.application.reached) == before


class TestUnavailable:
    async def test_while_postgresql_is_away_nobody_passes(
        self, server: Server, site: Site, protected: Protected
    ) -> None:
        full = await site.good_token()
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
        full = await site.good_token()
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
        for token in (site.organization.admin.token, await site.good_token(), None):
            answer = await mistaken.get(token)
            assert answer.status_code == (503 if mistaken.program.name == "nginx" else 400)
        assert not mistaken.application.reached


def _raw(protected: Protected, request: str) -> bytes:
    address = urlsplit(str(protected.client.base_url))
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(request.encode())
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer
