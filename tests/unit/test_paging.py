"""Cursors: what was made is read, and nothing else."""

import base64
import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import paging
from app.errors import Code, InvalidInput
from app.paging import PageRequest
from db.keyset import FIRST_ID, FIRST_TEXT, FIRST_TIME, LAST_ID, LAST_TIME, Direction, Position

TIMES = st.datetimes(timezones=st.just(UTC))
DIRECTIONS = st.sampled_from(["ASC", "DESC"])


def cursor(order: str, direction: Direction, position: Position) -> str:
    """Return the cursor of a row at a position."""
    asked = PageRequest(order, direction, 1, position, is_first=True)
    return paging.cut([position], asked, lambda row: row).cursor(0)


class TestRoundTrip:
    @given(TIMES, st.uuids(), DIRECTIONS)
    def test_by_time(self, time: datetime, row: UUID, direction: Direction) -> None:
        position = Position(time, row)
        text = cursor("create_time", direction, position)
        asked = paging.request("create_time", direction, 5, text, text_key=False)
        assert (asked.after, asked.is_first) == (position, False)

    @given(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=255),
        st.uuids(),
        DIRECTIONS,
    )
    def test_by_name(self, name: str, row: UUID, direction: Direction) -> None:
        position = Position(name, row)
        text = cursor("name_key", direction, position)
        asked = paging.request("name_key", direction, 5, text, text_key=True)
        assert asked.after == position

    def test_a_zone_does_not_matter(self) -> None:
        there = datetime(2026, 1, 31, 12, tzinfo=timezone(timedelta(hours=5)))
        text = cursor("create_time", "ASC", Position(there, FIRST_ID))
        asked = paging.request("create_time", "ASC", 5, text, text_key=False)
        assert asked.after.key == there


class TestRefused:
    @given(st.text(), st.booleans())
    def test_any_text(self, text: str, text_key: bool) -> None:
        with pytest.raises(InvalidInput) as caught:
            paging.request("create_time", "ASC", 5, text, text_key=text_key)
        (problem,) = caught.value.problems
        assert (problem.path, problem.code) == ("after", Code.INVALID_CURSOR)

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        )
    )
    def test_any_json(self, value: object) -> None:
        text = base64.urlsafe_b64encode(json.dumps(value).encode()).decode()
        with pytest.raises(InvalidInput):
            paging.request("create_time", "ASC", 5, text, text_key=False)

    @given(TIMES, st.uuids(), st.integers(0, 500), st.characters())
    def test_any_change(self, time: datetime, row: UUID, place: int, new: str) -> None:
        """A changed cursor is refused or leads to another place, and raises nothing else."""
        text = cursor("create_time", "ASC", Position(time, row))
        place %= len(text)
        changed = text[:place] + new + text[place + 1 :]
        try:
            asked = paging.request("create_time", "ASC", 5, changed, text_key=False)
        except InvalidInput:
            return
        assert isinstance(asked.after.key, datetime)
        assert asked.after.key.tzinfo is not None

    def test_another_order_or_direction(self) -> None:
        text = cursor("create_time", "ASC", Position(LAST_TIME, FIRST_ID))
        for order, direction in (("create_time", "DESC"), ("last_used_time", "ASC")):
            with pytest.raises(InvalidInput):
                paging.request(order, direction, 5, text, text_key=False)  # type: ignore[arg-type]


class TestFirst:
    @pytest.mark.parametrize("first", [1, 2, 99, 100])
    def test_taken(self, first: int) -> None:
        assert paging.request("create_time", "ASC", first, None, text_key=False).first == first

    @pytest.mark.parametrize("first", [-(2**31), -1, 0, 101, 2**31 - 1])
    def test_refused(self, first: int) -> None:
        with pytest.raises(InvalidInput) as caught:
            paging.request("create_time", "ASC", first, None, text_key=False)
        (problem,) = caught.value.problems
        assert (problem.path, problem.code) == ("first", Code.OUT_OF_RANGE)


class TestStart:
    @pytest.mark.parametrize(
        ("direction", "text_key", "key", "row"),
        [
            ("ASC", False, FIRST_TIME, FIRST_ID),
            ("DESC", False, LAST_TIME, LAST_ID),
            ("ASC", True, FIRST_TEXT, FIRST_ID),
        ],
    )
    def test_beyond_every_row(
        self, direction: Direction, text_key: bool, key: datetime | str, row: UUID
    ) -> None:
        asked = paging.request("x", direction, 5, None, text_key=text_key)
        assert (asked.after, asked.is_first) == (Position(key, row), True)

    def test_no_name_is_behind_the_last(self) -> None:
        last = paging.request("name_key", "DESC", 5, None, text_key=True).after.key
        assert isinstance(last, str)
        assert ("\U0010ffff" * 255).encode() < last.encode()


class TestCut:
    @pytest.mark.parametrize(
        ("rows", "kept", "has_next"), [(0, 0, False), (2, 2, False), (3, 3, False), (4, 3, True)]
    )
    def test_the_row_too_many_tells_of_more(self, rows: int, kept: int, has_next: bool) -> None:
        positions = [Position(FIRST_TIME, UUID(int=n)) for n in range(rows)]
        for is_first in (True, False):
            asked = PageRequest("create_time", "ASC", 3, Position(FIRST_TIME, FIRST_ID), is_first)
            page = paging.cut(positions, asked, lambda row: row)
            assert page.rows == positions[:kept]
            assert len({page.cursor(index) for index in range(kept)}) == kept
            assert (page.has_next, page.has_previous) == (has_next, not is_first)
