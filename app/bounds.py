"""What bounds a token, and that whatever it mints stays inside.

Nothing here reads a clock or a database.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from socket import AF_INET, AF_INET6, inet_pton
from typing import NamedTuple, Self, TypeAlias
from uuid import UUID

from app.errors import Code, FieldProblem

Network: TypeAlias = IPv4Network | IPv6Network


class Block(NamedTuple):
    """The first and the last address of a network, which a hundred tokens with a hundred networks
    have in a tenth of the time that objects of ``ipaddress`` take."""

    version: int
    first: int
    last: int

    @classmethod
    def of(cls, network: Network) -> Self:
        """Return the block of a network."""
        first = int(network.network_address)
        return cls(network.version, first, first + network.num_addresses - 1)

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the block of a network as PostgreSQL writes a ``cidr``."""
        address, _, length = text.partition("/")
        version, family, bits = (6, AF_INET6, 128) if ":" in address else (4, AF_INET, 32)
        first = int.from_bytes(inet_pton(family, address))
        return cls(version, first, first + (1 << bits - int(length or bits)) - 1)


@dataclass(frozen=True)
class TokenBounds:
    """The token a request came with, and the bounds that whatever it mints must stay inside."""

    token_id: UUID
    scopes: frozenset[str] | None
    networks: tuple[Network, ...] | None
    max_age_seconds: int | None
    extend_when_used: bool
    expiry_time: datetime | None
    check_time: datetime

    @property
    def fixed_end(self) -> datetime | None:
        """When the token ends for good; None where it never does, or can keep itself alive."""
        return None if self.extend_when_used else self.expiry_time

    @cached_property
    def _blocks(self) -> list[Block]:
        return widest(self.networks or ())

    def hold(self, block: Block) -> bool:
        """Tell whether one of its networks has the whole block."""
        return holds(self._blocks, block)


def widest(networks: Sequence[Network]) -> list[Block]:
    """Return the widest of networks in order: of two, one holds the other or they are apart."""
    found: list[Block] = []
    # Of those that begin together the widest comes first.
    for block in sorted(map(Block.of, networks), key=lambda b: (*b[:2], -b.last)):
        if not found or (block.version, block.last) > (found[-1].version, found[-1].last):
            found.append(block)
    return found


def holds(blocks: Sequence[Block], block: Block) -> bool:
    """Tell whether one of the blocks, as ``widest`` returns them, has a whole other one."""
    place = bisect_right(blocks, (block.version, block.first, 1 << 128))
    found = blocks[place - 1] if place else None
    return found is not None and found.version == block.version and found.last >= block.last


def covers(scopes: frozenset[str] | None, scope: str) -> bool:
    """Tell whether a token with these scopes has one more: writing includes reading."""
    if scopes is None or scope in scopes:
        return True
    resource, verb = scope.split(":")
    return verb == "read" and f"{resource}:write" in scopes


def wider_than(
    caller: TokenBounds | None,
    *,
    scopes: Sequence[str] | None,
    networks: Sequence[Block] | None,
    max_age_seconds: int | None,
    extend_when_used: bool,
) -> list[FieldProblem]:
    """Return what a token to be minted could do that the token minting it cannot.

    A request without a token, a person signed in, is bounded by nothing here.
    """
    if caller is None:
        return []
    problems: list[FieldProblem] = []
    if caller.scopes is not None and (
        scopes is None or not all(covers(caller.scopes, scope) for scope in scopes)
    ):
        problems.append(_wider("scopes", "scopes", ", ".join(sorted(caller.scopes))))
    if caller.networks is not None and (networks is None or not all(map(caller.hold, networks))):
        problems.append(_wider("ipAllowlist", "networks", ", ".join(map(str, caller.networks))))
    if caller.expiry_time is not None and not _dies_first(
        caller, max_age_seconds, extend_when_used
    ):
        problems.append(_wider("maxAgeSeconds", "lifetime", f"until {caller.expiry_time}"))
    return problems


def _dies_first(caller: TokenBounds, max_age_seconds: int | None, extend_when_used: bool) -> bool:
    if max_age_seconds is None or caller.expiry_time is None:
        return False
    if caller.extend_when_used and caller.max_age_seconds is not None:
        # The caller can keep itself alive, in steps of its own age.
        return max_age_seconds <= caller.max_age_seconds
    end = caller.check_time + timedelta(seconds=max_age_seconds)
    return not extend_when_used and end <= caller.expiry_time


def _wider(path: str, what: str, own: str) -> FieldProblem:
    return FieldProblem(
        path,
        Code.EXCEEDS_CALLER,
        f"A token cannot mint one with wider {what} than its own ({own}).",
    )
