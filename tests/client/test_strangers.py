"""Whoever else answers: a proxy is told no token, and no answer breaks the client."""

import pytest

from app.client import Client, ClientError, NotAnswered, NotTheService, ServiceFailed
from app.client.errors import UNSURE
from tests.client.strangers import dripping, stranger
from tests.conftest import LiveServer

TOKEN = "appu_of-nobody"
REFUSAL = b'{"errors": [{"message": "No.", "extensions": {"code": "FORBIDDEN"}}]}'
DEEP = b'{"data": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
async def test_a_proxy_is_not_told_what_is_for_this_host(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    port = live_server.url.rpartition(":")[2]
    async with stranger(REFUSAL) as proxy:
        monkeypatch.setenv(variable, proxy.url)
        for host in ("127.0.0.1", "localhost", "LOCALHOST"):
            async with Client(f"http://{host}:{port}", live_server.token) as client:
                assert (await client.viewer()).memberships
        async with Client("http://[::1]:1", TOKEN, patience_s=0.1) as client:
            with pytest.raises(ClientError, match="cannot be reached"):
                await client.viewer()
        assert proxy.heard == []
        # Where somebody says so, it is sent over http, and by the proxy that is set for it.
        async with Client("http://tokens.example", TOKEN, allow_http=True) as client:
            with pytest.raises(ClientError, match=r"No\."):
                await client.viewer()
        assert TOKEN.encode() in proxy.heard[0]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"data": null}',
        b'{"errors": []}',
        b'{"errors": null}',
        b'{"errors": [1]}',
        b'{"errors": "no"}',
        b'{"errors": {"a": 1}}',
        DEEP,
    ],
    ids=lambda body: body[:24].decode(),
)
async def test_an_answer_that_is_none(body: bytes) -> None:
    async with stranger(body) as other, Client(other.url, TOKEN) as client:
        with pytest.raises(NotTheService, match="Check the address"):
            await client.viewer()


@pytest.mark.parametrize(
    "body",
    [
        b'{"errors": [{"message": "m", "extensions": "s"}]}',
        b'{"errors": [{}]}',
        b'{"data": {"viewer": {"__typename": null}}}',
        b'{"data": {"viewer": {"__typename": "NoError"}}}',
        b'{"data": {"viewer": {"__typename": "NoError", "message": "m", "fields": null}}}',
        b'{"data": {"viewer": {"__typename": "NoError", "message": "m", "fields": [{"a": 1}]}}}',
    ],
    ids=lambda body: body[:70].decode(),
)
async def test_an_answer_of_another_release(body: bytes) -> None:
    async with stranger(body) as other, Client(other.url, TOKEN) as client:
        with pytest.raises(ClientError):
            await client.viewer()


@pytest.mark.parametrize("status", [500, 520, 524])
async def test_who_stands_in_front_and_gave_up(status: int) -> None:
    async with stranger(b"<html>", status) as other, Client(other.url, TOKEN) as client:
        with pytest.raises(ServiceFailed, match=str(status)) as failure:
            await client.viewer()
    # What it was asked for may have been done behind it.
    assert isinstance(failure.value, UNSURE)


async def test_an_answer_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.client.client.REQUEST_S", 0.2)
    async with dripping() as other, Client(other.url, TOKEN, patience_s=0.1) as client:
        with pytest.raises(NotAnswered, match="did not answer in"):
            await client.viewer()
    assert other.heard
