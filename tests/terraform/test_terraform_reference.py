"""The provider's page is what its schemas say."""

from pathlib import Path

from tests.reference import terraform

PAGE = Path(__file__).parents[2] / "app" / "terraform" / "REFERENCE.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == terraform.page()
