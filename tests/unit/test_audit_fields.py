"""What an event says of a change."""

from app import audit


class TestDifference:
    def test_of_fields_that_differ_alone(self) -> None:
        assert audit.difference({"a": 1, "b": 2}, {"a": 1, "b": 3}) == {
            "b": {"before": 2, "after": 3}
        }

    def test_a_long_list_is_told_by_its_beginning_and_length(self) -> None:
        """An event is read, sent and kept for ever: a group of thousands must not fill it."""
        members = [f"user_{number}" for number in range(audit.MOST_LISTED + 7)]
        found = audit.difference({"members": members}, {})["members"]["before"]
        assert found == [*members[: audit.MOST_LISTED], "… 7 more"]

    def test_one_of_a_hundred_is_whole(self) -> None:
        members = [f"user_{number}" for number in range(audit.MOST_LISTED)]
        assert audit.difference({"members": members}, {})["members"]["before"] == members
