"""The shared assertion on descriptions fails where it should."""

import pytest

from tests.web.answers import assert_description


def test_of_the_characters_allowed() -> None:
    assert_description("Send an id (org_...), as in: 'x' & <y>.", "org_...")


@pytest.mark.parametrize(
    "description",
    ["", "an id (org_…)", "the permission “x”", 'the permission "x"', "a \\ b", "a\nb", "\x7f"],
)
def test_of_others(description: str) -> None:
    with pytest.raises(AssertionError):
        assert_description(description)


def test_without_the_text() -> None:
    with pytest.raises(AssertionError):
        assert_description("Something else.", "the permission")
