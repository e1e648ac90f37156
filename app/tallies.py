"""Counts of what happens at every request, on their way to where they are shown.

The metrics library's own way of counting costs several times as much, and most where workers share
a folder: every observation would be written there by itself.
"""

# The library takes one observation at a time. A test compares what it makes of both ways.
# pyright: reportPrivateUsage=false, reportAttributeAccessIssue=false
# ruff: noqa: SLF001

from bisect import bisect_left

from prometheus_client import Counter, Histogram


class Tally:
    """Observations that are on their way into a histogram."""

    __slots__ = ("_bounds", "_counts", "_histogram", "_sum")

    def __init__(self, histogram: Histogram) -> None:
        self._histogram = histogram
        self._bounds: list[float] = histogram._upper_bounds
        self._counts = [0] * len(self._bounds)
        self._sum = 0.0
        _tallies.append(self)

    def observe(self, value: float) -> None:
        """Count one observation."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def pour(self) -> None:
        """Hand on what was observed since the last time."""
        buckets = self._histogram._buckets
        for number, count in enumerate(self._counts):
            if count:
                buckets[number].inc(count)
                self._counts[number] = 0
        if self._sum:
            self._histogram._sum.inc(self._sum)
            self._sum = 0.0


class CountTally:
    """A count that is on its way into a counter."""

    __slots__ = ("_count", "_counter")

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._count = 0
        _tallies.append(self)

    def add(self) -> None:
        """Count one."""
        self._count += 1

    def pour(self) -> None:
        """Hand on what was counted since the last time."""
        if self._count:
            self._counter.inc(self._count)
            self._count = 0


_tallies: list[Tally | CountTally] = []


def pour() -> None:
    """Hand on all that was counted. The event loop's thread alone may call this."""
    for tally in _tallies:
        tally.pour()
