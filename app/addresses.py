"""The address a request came from, which no client can choose."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TypeAlias

from app.bounds import Network

Address: TypeAlias = IPv4Address | IPv6Address

MAX_LENGTH = 80
"""The longest text of an address, with a scope id."""


def parse(text: str) -> Address | None:
    """Return an address with an IPv4 mapping undone, None for anything else."""
    # Callers choose the length: longer texts are not to stay in memory.
    return _parse(text) if len(text) <= MAX_LENGTH else None


@lru_cache(maxsize=4096)
def _parse(text: str) -> Address | None:
    try:
        address = ip_address(text.strip(" \t"))
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or IPv6Address(int(address))  # the scope id is dropped
    return address


@lru_cache(maxsize=4096)
def text(address: Address) -> str:
    """Return an address as people write it."""
    return str(address)


def inside(address: Address, networks: Sequence[Network]) -> bool:
    """Tell whether one of the networks holds the address."""
    return any(address in network for network in networks)


def of_client(
    peer: str | None, forwarded: Sequence[str], trusted_proxies: Sequence[Network]
) -> Address | None:
    """Return the nearest address that is no trusted proxy, None where it cannot be known.

    ``peer`` is the socket's; ``forwarded`` are the values of X-Forwarded-For in order. They are
    read from the right, as each proxy appends the address that it saw: whatever stands left of the
    first untrusted one is the client's own claim.
    """
    address = parse(peer) if peer else None
    claims = [part for value in forwarded for part in value.split(",")]
    while address is not None and inside(address, trusted_proxies) and claims:
        address = parse(claims.pop())
    return address
