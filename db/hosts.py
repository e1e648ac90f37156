"""The servers that a PostgreSQL URL names, and a connection to the one of them that takes writes.

The driver tries one host after the other, and all of them within one deadline: a first host that
swallows packets leaves nothing for the second. Here the next one is tried before the first has
given up, and whoever answered last is asked first.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
from asyncpg.connect_utils import SessionAttribute

NEXT_SECONDS = 0.15
"""Until the next host is tried beside one that has not answered: short enough that a verification
which needs a fresh connection is still answered in its second."""
DEFAULT_PORT = 5432
WRITABLE = SessionAttribute.read_write
"""A standby would answer look-ups with what was true before: a revoked token would be good there.
PostgreSQL says by itself, from 14 on, whether it is one."""

Address: TypeAlias = tuple[str, int | None]
"""A host or a folder of sockets, and a port where the URL has one for it."""


def addresses(url: str) -> list[Address]:
    """Return what a URL names, in its order; nothing where it leaves that to the environment.

    Raises ValueError for ports that are none, or not as many as there are hosts.
    """
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    named = parts.netloc.rpartition("@")[2]
    is_query = not named
    named = named or query.get("host", [""])[-1]
    if not named:
        return []
    hosts = named.split(",")
    ports = [_port(text) for text in query.get("port", [""])[-1].split(",")]
    if len(ports) == 1:
        ports *= len(hosts)
    if len(ports) != len(hosts):
        raise ValueError("there are not as many ports as hosts")
    return [_address(host, port, is_query) for host, port in zip(hosts, ports, strict=True)]


def _address(text: str, port: int | None, is_query: bool) -> Address:
    if is_query and text.startswith("/"):
        return text, port
    if text.startswith("["):
        host, bracket, own = text[1:].partition("]")
        if not bracket or (own and not own.startswith(":")):
            raise ValueError("an address in brackets is not closed")
        own = own[1:]
    else:
        host, _, own = text.partition(":")
    if not host:
        raise ValueError("a host is missing")
    host = unquote(host)
    if not host.startswith("/"):
        # The resolver would raise what nobody takes for a mistake in a URL.
        host.encode("idna")
    return host, _port(own) or port


def _port(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise ValueError("a port is none")
    return int(text)


class Hosts:
    """What one pool, or one command, connects to."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._addresses = addresses(dsn)

    async def connect(self, *_: object, **options: Any) -> "asyncpg.Connection[Any]":
        """Return a connection to a server that takes writes, in ``timeout`` seconds all in all.

        Raises what asyncpg does. The pool calls it, with the URL as a positional argument again.
        """
        async with asyncio.timeout(options.pop("timeout")):
            if len(self._addresses) < 2:
                return await self._attempt(options)
            return await self._first(options)

    async def _attempt(self, options: dict[str, Any]) -> "asyncpg.Connection[Any]":
        return await asyncpg.connect(self._dsn, target_session_attrs=WRITABLE, **options)

    async def _first(self, options: dict[str, Any]) -> "asyncpg.Connection[Any]":
        untried, failed = list(self._addresses), list[Address]()
        attempts: dict[asyncio.Task[asyncpg.Connection[Any]], Address] = {}
        failures: list[BaseException] = []
        try:
            while True:
                if untried:
                    host, port = untried.pop(0)
                    where = options | {"host": host, "port": port or DEFAULT_PORT}
                    attempts[asyncio.create_task(self._attempt(where))] = host, port
                done, _ = await asyncio.wait(
                    attempts,
                    timeout=NEXT_SECONDS if untried or failed else None,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                for attempt in done:
                    address = attempts.pop(attempt)
                    failure = attempt.exception()
                    if failure is None:
                        # A new order, not a changed one: others may walk through the old one.
                        others = [each for each in self._addresses if each != address]
                        self._addresses = [address, *others]
                        return attempt.result()
                    failures.append(failure)
                    failed.append(address)
                if not untried and not attempts:
                    raise _telling(failures)
                if not untried and not done:
                    # While one is silent, another may become the primary.
                    untried, failed = failed, []
        finally:
            await _give_up(list(attempts))


def _telling(failures: Sequence[BaseException]) -> BaseException:
    """Choose what to say: a refused password tells more than a host that is away."""
    is_away = (OSError, asyncpg.TargetServerAttributeNotMatched, asyncpg.CannotConnectNowError)
    return next((each for each in failures if not isinstance(each, is_away)), failures[-1])


async def _give_up(attempts: Sequence["asyncio.Task[asyncpg.Connection[Any]]"]) -> None:
    for attempt in attempts:
        attempt.cancel()
    for made in await asyncio.gather(*attempts, return_exceptions=True):
        if isinstance(made, asyncpg.Connection):
            made.terminate()


async def connect(dsn: str, seconds: float) -> "asyncpg.Connection[Any]":
    """Return one connection outside any pool, in so many seconds. Raises what asyncpg does."""
    return await Hosts(dsn).connect(timeout=seconds)
