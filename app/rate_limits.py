"""How often somebody may do something in a minute, in this process.

A sliding window: of the minute before, as much counts as the last sixty seconds still have of it.
"""

import hashlib
import math
import os
from array import array
from dataclasses import dataclass
from ipaddress import IPv6Address
from time import monotonic

from app.addresses import Address

SECONDS = 60
BUCKETS = 16_384
"""Origins share them, by a hash that nobody outside knows: memory is bounded whoever asks."""
IPV6_BYTES = 8
"""Whoever has an IPv6 address has all that begin with the same 64 bits."""


class RateLimit:
    """So many a minute from each origin, which is an address or a user; 0: any number.

    It takes microseconds whoever asked before, and never yields: what is counted behind a refusal
    is not to make one reason take longer than another.
    """

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._key = os.urandom(16)
        self.forget()

    def forget(self) -> None:
        """Begin as if nobody had done anything."""
        buckets = bytes(4 * BUCKETS) if self._per_minute else b""
        self._minutes, self._counts, self._before = (array("I", buckets) for _ in range(3))

    def seconds_to_wait(self, origin: bytes, count: int = 1) -> int:
        """Count so many and return 0 where they are allowed; else when to try again.

        More at once than a whole minute has are as many as that: they are not to wait for ever.
        """
        most = self._per_minute
        if most == 0:
            return 0
        bucket = self._bucket(origin)
        minute, second = divmod(monotonic(), SECONDS)
        self._begin(bucket, int(minute))
        counted, before = self._counts[bucket], self._before[bucket]
        room = most - counted - min(count, most)
        if math.floor(before * (SECONDS - second) / SECONDS) <= room:
            self._counts[bucket] += min(count, most)
            return 0
        if room >= 0:
            return _until(before, room) - math.floor(second)
        # This minute is full: what it has counts less and less in the next.
        return SECONDS - math.floor(second) + _until(counted, room + counted)

    def _begin(self, bucket: int, minute: int) -> None:
        passed = minute - self._minutes[bucket]
        if passed:
            self._before[bucket] = self._counts[bucket] if passed == 1 else 0
            self._counts[bucket] = 0
            self._minutes[bucket] = minute

    def _bucket(self, origin: bytes) -> int:
        digest = hashlib.blake2b(origin, key=self._key, digest_size=4).digest()
        return int.from_bytes(digest) % BUCKETS


def _until(before: int, room: int) -> int:
    """Return the first whole second of a minute where so many of the last leave room."""
    return max(0, SECONDS * (before - room - 1) // before + 1)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one origin may do under a limit."""

    limit: RateLimit
    origin: bytes

    def seconds_to_wait(self, count: int) -> int:
        """Count as ``RateLimit.seconds_to_wait`` does."""
        return self.limit.seconds_to_wait(self.origin, count)


def of_address(address: Address | None) -> bytes:
    """Return the origin that an address is; those that are not known are one."""
    if address is None:
        return b""
    return address.packed[:IPV6_BYTES] if isinstance(address, IPv6Address) else address.packed
