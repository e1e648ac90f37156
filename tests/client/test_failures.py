"""What the client says where the service did not answer with data."""

import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from app.client import (
    BadRequest,
    Client,
    ClientError,
    Forbidden,
    InvalidUrl,
    NotAnswered,
    NotTheService,
    Refused,
    Unauthenticated,
)
from app.client.addresses import endpoint, header
from app.client.generated import (
    CreateApplicationUserInput,
    GenerateTokenInput,
    RevokeTokenInput,
)
from tests.conftest import LiveServer

NO_TOKEN = "appu_0356PQdhsjO51G8l403tAg0356PQdhOXBbBO9MiW2bJS_iIkwyEVwTzq4kR7bM1nX"


@asynccontextmanager
async def nobody(live_server: LiveServer) -> AsyncGenerator[Client]:
    """An application user that may do nothing, with a token."""
    async with Client(live_server.url, live_server.token) as admin:
        made = await admin.create_application_user(
            CreateApplicationUserInput(
                organization_id=live_server.organization_id, name="may-do-nothing"
            )
        )
        token = await admin.generate_token(
            GenerateTokenInput(application_user_id=made.application_user.id)
        )
    assert token.typename__ == "GenerateTokenSuccess"
    async with Client(live_server.url, token.full_token) as client:
        yield client


async def test_a_wrong_token(live_server: LiveServer) -> None:
    async with Client(live_server.url, NO_TOKEN) as client:
        with pytest.raises(Unauthenticated) as failure:
            await client.viewer()
    assert NO_TOKEN not in str(failure.value)


async def test_a_missing_permission(live_server: LiveServer) -> None:
    async with nobody(live_server) as client:
        with pytest.raises(Forbidden, match="organization:app_users:write"):
            await client.application_users(live_server.organization_id)


async def test_an_id_that_is_none(live_server: LiveServer) -> None:
    async with Client(live_server.url, live_server.token) as client:
        with pytest.raises(BadRequest, match="id"):
            await client.application_user("not-an-id")


async def test_a_mutation_that_is_refused(live_server: LiveServer) -> None:
    async with Client(live_server.url, live_server.token) as client:
        with pytest.raises(Refused) as wrong:
            await client.create_application_user(
                CreateApplicationUserInput(organization_id=live_server.organization_id, name="")
            )
        with pytest.raises(Refused) as missing:
            await client.revoke_token(
                RevokeTokenInput(token_id=live_server.organization_id.replace("org_", "token_"))
            )
    assert wrong.value.kind == "InvalidInputError"
    (problem,) = wrong.value.fields
    assert problem.path == "name"
    assert missing.value.kind in ("InvalidInputError", "NotFoundError")


@pytest.mark.parametrize("path", ["/console", "/health/live", "/nothing-here"])
async def test_another_address_of_the_service(live_server: LiveServer, path: str) -> None:
    async with Client(live_server.url + path, live_server.token) as client:
        with pytest.raises(NotTheService, match="Check the address"):
            await client.viewer()


async def test_nobody_there() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
        async with Client(url, NO_TOKEN, patience_s=1) as client:
            with pytest.raises(NotAnswered, match="cannot be reached"):
                await client.viewer()


class TestAddress:
    @pytest.mark.parametrize(
        "url",
        [
            "https://tokens.example.com",
            "https://tokens.example.com/",
            "https://tokens.example.com/graphql",
            " https://tokens.example.com/graphql/ ",
        ],
    )
    def test_of_the_service_or_of_its_api(self, url: str) -> None:
        assert endpoint(url) == "https://tokens.example.com/graphql"

    def test_below_a_path(self) -> None:
        assert endpoint("https://a.example/tokens") == "https://a.example/tokens/graphql"

    @pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000"])
    def test_of_this_host_without_tls(self, host: str) -> None:
        assert endpoint(f"http://{host}") == f"http://{host}/graphql"

    def test_of_another_host_without_tls(self) -> None:
        with pytest.raises(InvalidUrl, match="unencrypted"):
            endpoint("http://tokens.example.com")
        assert endpoint("http://tokens:8000", allow_http=True) == "http://tokens:8000/graphql"

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "tokens.example.com",
            "ftp://tokens.example.com",
            "https://",
            "https://user:secret@tokens.example.com",
            "https://user:secret@tokens.example.com:port",
            "appu_secret",
            "https://tokens.example.com?a=b",
            "https://tokens.example.com:port",
            "https://[::1",
            # These the standard library takes, and the connection does not.
            "http://[::1]evil.example",
            "https://xn--a",
            "https://h/\x00",
        ],
    )
    def test_that_is_none(self, url: str) -> None:
        with pytest.raises(InvalidUrl) as failure:
            endpoint(url)
        assert "secret" not in str(failure.value)

    @pytest.mark.parametrize("token", ["", " ", "two words", "tök", "a\nb", "a\x00"])
    def test_a_token_that_no_header_carries(self, token: str) -> None:
        with pytest.raises(ClientError) as failure:
            header(token)
        assert token.strip() == "" or token not in str(failure.value)
