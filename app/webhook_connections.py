"""Sends a webhook's request, over a connection to nothing but a checked address.

A host is resolved for each request, every address that it has is checked, and the connection goes
to the very address that was checked: a name that answers otherwise the second time gains nothing.
No redirect is followed, no proxy used, and nothing of the answer read but its status.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import cast

import certifi
import httpcore

from app import addresses
from app.addresses import Address
from app.webhook_targets import Location, TargetRules, locate

DEADLINE_SECONDS = 10.0
MOST_READ_BYTES = 65_536
"""Of an answer, whose head alone is looked at."""
CONNECT_SECONDS = 3.0
"""For each of a host's addresses: behind one that is silent the others have their turn."""


_RESOLVERS = ThreadPoolExecutor(8, "webhook-names")


class NotSent(Exception):
    """There was no answer; the text is for the organization."""


class Sender:
    """Sends requests to where the rules allow."""

    def __init__(self, rules: TargetRules) -> None:
        self._rules = rules
        self._backend = _CheckedBackend(rules)
        self._trust: ssl.SSLContext | None = None

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Return the status of the answer. Raises NotSent."""
        location = locate(url)
        if not self._rules.allow_scheme(location.scheme):
            raise NotSent("The operator allows https alone.")
        if self._trust is None and location.scheme == "https":
            self._trust = await asyncio.to_thread(_trust)
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                return await self._post(location, headers, body)
        except TimeoutError:
            raise NotSent(f"There was no answer within {DEADLINE_SECONDS:g} seconds.") from None
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            if isinstance(error.__cause__, ssl.SSLError):
                raise NotSent("TLS failed, or the certificate is not good for the host.") from None
            raise NotSent("The connection could not be made.") from None
        except (httpcore.NetworkError, httpcore.TimeoutException):
            raise NotSent("The connection broke.") from None
        except httpcore.ProtocolError:
            raise NotSent("The answer is not HTTP.") from None

    async def _post(self, location: Location, headers: Mapping[str, str], body: bytes) -> int:
        target = httpcore.URL(
            scheme=location.scheme.encode(),
            host=location.host.encode(),
            port=location.port,
            target=location.path.encode(),
        )
        async with (
            httpcore.AsyncHTTPConnection(
                target.origin, ssl_context=self._trust, network_backend=self._backend
            ) as connection,
            connection.stream("POST", target, headers=[*headers.items()], content=body) as answer,
        ):
            return answer.status


def _trust() -> ssl.SSLContext:
    """Trust the system's authorities, or those that SSL_CERT_FILE names, and the usual ones."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


class _BoundedStream(httpcore.AsyncNetworkStream):
    """A connection that is read so far and no further.

    The client goes on reading as long as interim answers come, and never yields meanwhile: whoever
    floods it with them would have the worker to itself.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream, left: int = MOST_READ_BYTES) -> None:
        self._stream = stream
        self._left = left

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 (theirs)
        """Read. Raises httpcore.ReadError behind the bound."""
        if self._left <= 0:
            raise httpcore.ReadError("the answer's head is too long")
        data = await self._stream.read(min(max_bytes, self._left), timeout)
        self._left -= len(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 (theirs)
        """Write."""
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close."""
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 (the interface is the library's)
    ) -> httpcore.AsyncNetworkStream:
        """Go on encrypted, within the same kind of bound."""
        return _BoundedStream(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> object:
        """Return what the connection knows of itself."""
        return self._stream.get_extra_info(info)


class _CheckedBackend(httpcore.AsyncNetworkBackend):
    """Opens the connections of an HTTP client, to checked addresses alone."""

    def __init__(self, rules: TargetRules) -> None:
        self._rules = rules
        self._connections = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (the interface is the library's)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of a host that answers. Raises NotSent."""
        failure: Exception = NotSent("The host name does not resolve.")
        for address in await self._checked(host, port):
            try:
                opened = await self._connections.connect_tcp(
                    str(address), port, timeout or CONNECT_SECONDS, local_address, socket_options
                )
                return _BoundedStream(opened)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def _checked(self, host: str, port: int) -> Sequence[Address]:
        found = [addresses.parse(text) for text in await resolve(host, port)]
        known = [address for address in found if address is not None]
        # One that is not public is enough: names with one of each are made to be tried again.
        if len(known) < len(found) or not all(map(self._rules.allow, known)):
            raise NotSent(
                "The host leads to an address that is not public, and that the operator did not"
                " allow."
            )
        return known


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, as text; none where it has none."""
    try:
        # Not the loop's own threads: a name server that never answers would keep all of them.
        found = await asyncio.get_running_loop().run_in_executor(
            _RESOLVERS, partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        )
    except (socket.gaierror, UnicodeError):
        return []
    return [str(info[4][0]) for info in found]
