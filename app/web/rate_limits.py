"""How often somebody may ask, by the address that they come from."""

import hashlib
import math
import os
import time
from functools import cached_property
from ipaddress import IPv6Address
from typing import TYPE_CHECKING

from app.addresses import Address

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.aio.strategies import RateLimiter

BUCKETS = 4096
"""Addresses share them, by a hash that nobody outside knows: memory is bounded whoever asks."""
IPV6_BYTES = 8
"""Whoever has an IPv6 address has all that begin with the same 64 bits."""


class RateLimit:
    """So many requests a minute from each address, in this process."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._key = os.urandom(16)

    async def seconds_to_wait(self, address: Address | None) -> int:
        """Count a request; return 0 where it is one of those allowed, else when to try again."""
        limiter, item = self._limiter
        bucket = self._bucket(address)
        if await limiter.hit(item, bucket):
            return 0
        reset_time, _ = await limiter.get_window_stats(item, bucket)
        return max(1, math.ceil(reset_time - time.time()))

    @cached_property
    def _limiter(self) -> "tuple[RateLimiter, RateLimitItem]":
        # Imported late: few workers ever need it.
        from limits import RateLimitItemPerMinute
        from limits.aio.storage import MemoryStorage
        from limits.aio.strategies import SlidingWindowCounterRateLimiter

        # The library's exact moving window, in memory, would go to a thread and back at each
        # request for each address that it remembers.
        limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        return limiter, RateLimitItemPerMinute(self._per_minute)

    def _bucket(self, address: Address | None) -> str:
        origin = address.packed if address is not None else b""
        if isinstance(address, IPv6Address):
            origin = origin[:IPV6_BYTES]
        digest = hashlib.blake2b(origin, key=self._key, digest_size=4).digest()
        return str(int.from_bytes(digest) % BUCKETS)
