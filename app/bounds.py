"""What bounds a token, and that whatever it mints stays inside.

Nothing here reads a clock or a database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network
from typing import TypeAlias
from uuid import UUID

from app.errors import Code, FieldProblem

Network: TypeAlias = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
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
    networks: Sequence[Network] | None,
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
    if caller.networks is not None and (
        networks is None or not all(is_inside(network, caller.networks) for network in networks)
    ):
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


@lru_cache(maxsize=64)
def _prefixes(bounds: tuple[Network, ...]) -> dict[tuple[int, int], set[int]]:
    """Return the leading bits of networks, by IP version and how many bits are left out."""
    found: dict[tuple[int, int], set[int]] = {}
    for bound in bounds:
        left_out = bound.max_prefixlen - bound.prefixlen
        key = (bound.version, left_out)
        found.setdefault(key, set()).add(int(bound.network_address) >> left_out)
    return found


def is_inside(network: Network, bounds: tuple[Network, ...]) -> bool:
    """Tell whether one of the bounds has the whole network; a hundred cost hardly more than one."""
    address, left_out = int(network.network_address), network.max_prefixlen - network.prefixlen
    return any(
        version == network.version and bits >= left_out and address >> bits in prefixes
        for (version, bits), prefixes in _prefixes(bounds).items()
    )


def _wider(path: str, what: str, own: str) -> FieldProblem:
    return FieldProblem(
        path,
        Code.EXCEEDS_CALLER,
        f"A token cannot mint one with wider {what} than its own ({own}).",
    )
