"""How things are counted, and that names and labels stay what they are."""

import random
import re
from pathlib import Path
from typing import get_args

import pytest
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from app import metrics
from app.metrics import REGISTRY, BugSource, TokenRefusal
from app.tallies import CountTally, Tally
from db.presented import Refusal

ROOT = Path(__file__).parents[2]
BUCKETS = (0.1, 0.5, 1.0)


class TestTallies:
    def shown(self, *, by_tally: bool) -> bytes:
        """Count the same in both ways."""
        registry = CollectorRegistry()
        histogram = Histogram("h", "h", ["a"], buckets=BUCKETS, registry=registry).labels("x")
        counter = Counter("c", "c", registry=registry)
        observed, counted = Tally(histogram), CountTally(counter)
        chance = random.Random(7)
        # Numbers that add up to the same in any order.
        for value in [*BUCKETS, *(chance.randrange(0, 64) / 32 for _ in range(200))]:
            if by_tally:
                observed.observe(value)
                counted.add()
            else:
                histogram.observe(value)
                counter.inc()
            if value > 1.5:
                observed.pour()
                counted.pour()
        observed.pour()
        counted.pour()
        return generate_latest(registry)

    def test_come_to_what_the_library_comes_to(self) -> None:
        text = self.shown(by_tally=True).decode()
        there = self.shown(by_tally=False).decode()
        assert re.sub(r"h_sum\S* (\S+)", "", text) == re.sub(r"h_sum\S* (\S+)", "", there)
        (ours,), (theirs,) = (re.findall(r"h_sum\S* (\S+)", each) for each in (text, there))
        assert float(ours) == pytest.approx(float(theirs))
        assert 'h_bucket{a="x",le="+Inf"} 203.0' in text

    def test_pouring_twice_adds_nothing(self) -> None:
        registry = CollectorRegistry()
        tally = Tally(Histogram("h", "h", buckets=BUCKETS, registry=registry))
        tally.observe(0.2)
        tally.pour()
        tally.pour()
        assert b"h_count 1.0" in generate_latest(registry)


class TestStatusClasses:
    @pytest.mark.parametrize(
        ("status", "name"),
        [(200, "2xx"), (307, "3xx"), (404, "4xx"), (429, "429"), (500, "5xx"), (503, "503")],
    )
    def test_of_answers(self, status: int, name: str) -> None:
        assert metrics.status_class(status) == name

    @pytest.mark.parametrize("status", [0, -1, 99, 600, 1000])
    def test_of_no_answer(self, status: int) -> None:
        assert metrics.status_class(status) == "none"


class TestClosedLists:
    def test_every_refusal_of_a_token_has_its_reason(self) -> None:
        assert set(get_args(Refusal)) < set(get_args(TokenRefusal))

    def test_every_masked_bug_is_counted_where_it_is_logged(self) -> None:
        """``log.exception("x.bug")`` without ``metrics.bug("x")`` beside it is a failure hidden."""
        logged: list[str] = []
        for file in sorted((ROOT / "app").rglob("*.py")):
            text = file.read_text(encoding="utf-8")
            sources = re.findall(r'"(\w+)\.bug"', text)
            assert sorted(sources) == sorted(re.findall(r'metrics\.bug\("(\w+)"\)', text)) or (
                file.name == "requests.py"
            ), file
            logged += sources
        assert set(logged) == set(get_args(BugSource))


class TestNames:
    def test_names_follow_the_conventions(self) -> None:
        for family in REGISTRY.collect():
            assert family.name.startswith("appusers_")
            assert family.documentation.endswith(".")
            if "seconds" not in family.name and family.type == "histogram":
                assert family.name == "appusers_look_up_tokens"
