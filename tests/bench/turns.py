"""Calls that are measured one at a time and in turn, round by round."""

import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from tests.bench import harness

Ask: TypeAlias = Callable[[], Awaitable[object]]


async def in_turn(asks: Sequence[Ask], rounds: int) -> list[list[float]]:
    """Return the seconds of each call in each round; every other round goes backwards."""
    seconds: list[list[float]] = [[] for _ in asks]
    for ask in asks:
        for _ in range(20):
            await ask()
    order = list(enumerate(asks))
    for number in range(rounds):
        for index, ask in order if number % 2 else reversed(order):
            started = time.perf_counter()
            await ask()
            seconds[index].append(time.perf_counter() - started)
    return seconds


def quotient(above: Sequence[float], below: Sequence[float]) -> str:
    """Return the median of a tenth of the rounds each, so that a hiccup is one of its values."""
    tenth = max(1, len(above) // 10)
    return harness.spread(
        [
            statistics.median(above[at : at + tenth]) / statistics.median(below[at : at + tenth])
            for at in range(0, len(above) - tenth + 1, tenth)
        ]
    )
