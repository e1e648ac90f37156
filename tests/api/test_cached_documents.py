"""Which documents are remembered: short ones alone, because collections of garbage walk them."""

from typing import Any

import pytest
from strawberry.extensions import parser_cache, validation_cache

from app.api import caches, limits
from tests.api_client import Organization


def misses() -> list[int]:
    """Return how many documents each cache has had to read."""
    caches_of: list[Any] = [
        parser_cache._get_parse_cache(caches.MOST),  # pyright: ignore[reportPrivateUsage]
        validation_cache._get_validate_cache(caches.MOST),  # pyright: ignore[reportPrivateUsage]
        limits._check_once,  # pyright: ignore[reportPrivateUsage]
    ]
    return [cache.cache_info().misses for cache in caches_of]


@pytest.mark.parametrize(("characters", "is_kept"), [(caches.LONGEST, True), (2001, False)])
async def test_are_the_short_ones(
    organization: Organization, characters: int, is_kept: bool
) -> None:
    document = "{ viewer { __typename } }".ljust(characters, ",")
    before = misses()
    for _ in range(2):
        assert await organization.admin.query(document) == {"viewer": {"__typename": "Viewer"}}
    assert [now - then for now, then in zip(misses(), before, strict=True)] == [is_kept] * 3
