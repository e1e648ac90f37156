"""``/metrics``: who may read it, and that it is there when nothing else is."""

import asyncio
from ipaddress import ip_network

import httpx
import pytest

from tests.api_client import Api
from tests.conftest import settings_for
from tests.outages import away
from tests.postgres import Server, Urls
from tests.service import HERE, Service, started
from tests.web import shown_metrics

PROXY = "10.0.0.1"
PROMETHEUS = "10.9.0.7"


def seen(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Return all there is to an answer but its own id."""
    headers = [(name, value) for name, value in answer.headers.items() if name != "x-request-id"]
    return answer.status_code, answer.content, headers


async def ask(
    service: Service, address: str, method: str = "GET", **headers: str
) -> tuple[httpx.Response, httpx.Response]:
    """Ask for the metrics and for what there is not, from an address."""
    client = (await service.caller(address)).client
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    metrics = await client.request(method, "/metrics", headers=sent)
    return metrics, await client.request(method, "/nothing", headers=sent)


class TestRead:
    async def test_from_this_machine(self, api: Api) -> None:
        answer = await api.client.get("/metrics")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain; version=")
        assert answer.headers["cache-control"] == "no-store"
        assert shown_metrics.parsed(answer.text)["workers"] == 1

    async def test_head(self, api: Api) -> None:
        assert (await api.client.head("/metrics")).status_code == 200

    async def test_other_methods(self, api: Api) -> None:
        answer = await api.client.post("/metrics")
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD"

    async def test_while_the_database_is_away(self, server: Server) -> None:
        own = await server.copy()
        async with started(settings_for(own)) as service, away(server, own):
            caller = await service.caller()
            async with asyncio.timeout(1):
                found = await shown_metrics.read(caller.client)
            assert found['database_connections_limit{pool="general"}'] == 8


class TestNobodyElse:
    """They are answered like who asks for a path that there is not."""

    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
    @pytest.mark.parametrize("address", ["203.0.113.7", "2001:db8::1", "unknown"])
    async def test_from_elsewhere(self, urls: Urls, address: str, method: str) -> None:
        async with started(settings_for(urls)) as service:
            metrics, nothing = await ask(service, address, method)
            assert seen(metrics) == seen(nothing)
            assert metrics.status_code == 404

    @pytest.mark.parametrize("header", ["X_Forwarded_For", "Forwarded", "Via", "X_Real_IP"])
    async def test_through_a_proxy_that_nobody_named(self, urls: Urls, header: str) -> None:
        """Everybody comes from this machine where nginx runs on it."""
        async with started(settings_for(urls)) as service:
            metrics, nothing = await ask(service, HERE, **{header: HERE})
            assert seen(metrics) == seen(nothing)

    async def test_control_without_the_look_at_proxies(
        self, urls: Urls, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.web.exposition._OF_PROXIES", frozenset[bytes]())
        async with started(settings_for(urls)) as service:
            metrics, _ = await ask(service, HERE, X_Forwarded_For="203.0.113.7")
            assert metrics.status_code == 200

    async def test_where_nobody_may(self, urls: Urls) -> None:
        async with started(settings_for(urls, metrics_networks="none")) as service:
            metrics, _ = await ask(service, HERE)
            assert metrics.status_code == 404


class TestThroughATrustedProxy:
    @pytest.mark.parametrize(
        ("forwarded", "status"),
        [
            (PROMETHEUS, 200),
            (f"203.0.113.7, {PROMETHEUS}", 200),
            (f"{PROMETHEUS}, 203.0.113.7", 404),
            ("203.0.113.7", 404),
            ("nonsense", 404),
        ],
    )
    async def test_whom_it_sends(self, urls: Urls, forwarded: str, status: int) -> None:
        settings = settings_for(urls, trusted_proxies="10.0.0.0/16", metrics_networks="10.9.0.0/16")
        async with started(settings) as service:
            metrics, _ = await ask(service, PROXY, X_Forwarded_For=forwarded)
            assert metrics.status_code == status

    async def test_it_has_to_say_in_the_header_that_is_believed(self, urls: Urls) -> None:
        settings = settings_for(urls, trusted_proxies=PROXY, metrics_networks=PROXY)
        async with started(settings) as service:
            assert (await ask(service, PROXY))[0].status_code == 200
            for header in "Forwarded", "X_Real_IP":
                assert (await ask(service, PROXY, **{header: PROMETHEUS}))[0].status_code == 404


def test_the_networks_are_those_of_this_machine(urls: Urls) -> None:
    assert settings_for(urls).metrics_networks == (
        ip_network("127.0.0.0/8"),
        ip_network("::1/128"),
    )
