"""How often somebody may do something in a minute, in this process.

A sliding window: of the minute before, as much counts as the last sixty seconds still have of it.
"""

import hashlib
import math
import os
import time
from dataclasses import dataclass
from ipaddress import IPv6Address

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from app.addresses import Address

SECONDS = 60
BUCKETS = 16_384
"""Origins share them, by a hash that nobody outside knows: memory is bounded whoever asks."""
IPV6_BYTES = 8
"""Whoever has an IPv6 address has all that begin with the same 64 bits."""


class RateLimit:
    """So many a minute from each origin, which is an address or a user; 0: any number.

    It never yields: what is counted behind a refusal is not to make one reason take longer than
    another. So it is the library's limiter for threads, whose memory costs microseconds; the one
    for coroutines walks at each request through all that it remembers.
    """

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._key = os.urandom(16)
        self.forget()

    def forget(self) -> None:
        """Begin as if nobody had done anything."""
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def seconds_to_wait(self, origin: bytes, count: int = 1) -> int:
        """Count so many and return 0 where they are allowed; else about when to try again.

        More at once than a whole minute has are as many as that: they are not to wait for ever.
        """
        most = self._per_minute
        if most == 0:
            return 0
        item, bucket, count = RateLimitItemPerMinute(most), self._bucket(origin), min(count, most)
        if self._limiter.hit(item, bucket, cost=count):
            return 0
        next_time, _ = self._limiter.get_window_stats(item, bucket)
        # That is when there is room for one more; for several about a minute's share of theirs.
        several = SECONDS * count / most if count > 1 else 0
        return max(1, math.ceil(next_time - time.time() + several))

    def _bucket(self, origin: bytes) -> str:
        digest = hashlib.blake2b(origin, key=self._key, digest_size=4).digest()
        return str(int.from_bytes(digest) % BUCKETS)


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
