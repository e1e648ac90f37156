"""How often is allowed: by whom, since when, and with what memory."""

from ipaddress import ip_address

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app import rate_limits
from app.rate_limits import Allowance, RateLimit, of_address
from tests.clock import Clock, fresh

HERE = b"somebody"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


class TestMinute:
    def test_slides(self, clock: Clock) -> None:
        limit = RateLimit(10)
        clock.now += 20
        assert [limit.seconds_to_wait(HERE) for _ in range(11)] == [0] * 10 + [30]
        # A minute that has begun does not let in all of them again.
        clock.now += 36
        assert [limit.seconds_to_wait(HERE) for _ in range(3)] == [0, 0, 6]
        clock.now += 7
        assert [limit.seconds_to_wait(HERE) for _ in range(2)] == [0, 5]
        clock.now += 120
        assert [limit.seconds_to_wait(HERE) for _ in range(11)][:10] == [0] * 10

    @settings(max_examples=300, deadline=None)
    @example(most=33, acts=[(0, 26), (0, 8), (0, 26), (0, 7)])
    @given(
        most=st.integers(1, 50),
        acts=st.lists(st.tuples(st.floats(0, 90), st.integers(1, 60)), min_size=1, max_size=30),
    )
    def test_who_waits_as_told_is_let_in_and_nobody_too_often(
        self, most: int, acts: list[tuple[float, int]]
    ) -> None:
        with pytest.MonkeyPatch.context() as patch:
            clock = Clock(patch)
            limit = RateLimit(most)
            taken: list[tuple[float, int]] = []
            for pause, count in acts:
                clock.now += pause
                # They are told about when, and may have to ask again.
                waits = 0
                while wait := limit.seconds_to_wait(HERE, count):
                    assert 0 < wait <= 122
                    clock.now += wait
                    waits += 1
                assert waits < 8
                taken.append((clock.now, min(count, most)))
            for begin, _ in taken:
                inside = sum(count for at, count in taken if begin <= at < begin + 60)
                assert inside <= 2 * most
                minute = sum(count for at, count in taken if at // 60 == begin // 60)
                assert minute <= most

    def test_none_is_no_limit(self, clock: Clock) -> None:
        limit = RateLimit(0)
        assert {limit.seconds_to_wait(HERE, 1000) for _ in range(1000)} == {0}

    def test_more_than_a_minute_has_are_let_in_once(self, clock: Clock) -> None:
        allowance = Allowance(RateLimit(10), HERE)
        assert [allowance.seconds_to_wait(30) for _ in range(2)] == [0, 110]
        clock.now += 110
        assert allowance.seconds_to_wait(30) == 0

    def test_what_is_not_let_in_does_not_count(self, clock: Clock) -> None:
        limit = RateLimit(10)
        assert limit.seconds_to_wait(HERE, 8) == 0
        assert limit.seconds_to_wait(HERE, 3) > 0
        assert limit.seconds_to_wait(HERE, 2) == 0


class TestOrigin:
    def test_each_has_its_own(self, clock: Clock) -> None:
        limit = fresh(RateLimit(1))
        origins = [number.to_bytes(4) for number in range(10)]
        assert [limit.seconds_to_wait(origin) for origin in origins] == [0] * 10
        assert all(limit.seconds_to_wait(origin) for origin in origins)

    def test_is_a_network_of_ipv6(self) -> None:
        one, neighbour, other = map(
            ip_address, ("2001:db8:0:1::1", "2001:db8:0:1:ffff::1", "2001:db8:0:2::1")
        )
        assert of_address(one) == of_address(neighbour) != of_address(other)

    def test_of_nobody_known_is_one(self, clock: Clock) -> None:
        limit = RateLimit(1)
        assert limit.seconds_to_wait(of_address(None)) == 0
        assert limit.seconds_to_wait(of_address(None)) > 0


class TestMemory:
    def test_so_many_are_remembered_and_no_more(
        self, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rate_limits, "BUCKETS", 16)
        limit = RateLimit(1)
        taken = [limit.seconds_to_wait(number.to_bytes(8)) for number in range(1000)]
        assert taken.count(0) == 16
