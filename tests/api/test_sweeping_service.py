"""A service sweeps by itself, beside others of its kind, and not at all where it is told so."""

from collections.abc import Awaitable, Callable

import pytest

from app import background
from tests.api.policies import age, events, set_policy
from tests.api_client import Organization
from tests.conftest import settings_for
from tests.credentials import is_accepted
from tests.owner import Owner
from tests.postgres import Urls
from tests.service import started
from tests.waiting import until

DEACTIVATE = "application_user:token:deactivate"


async def make_old(organization: Organization, owner: Owner, count: int) -> list[tuple[str, str]]:
    """Return tokens (id and text) that a policy of 30 days deactivates."""
    user_id = await organization.user()
    made = [await organization.token(user_id) for _ in range(count)]
    for token_id, _ in made:
        await age(owner, token_id, 31)
    await set_policy(organization, deactivateUnusedAfterDays=30)
    return made


async def test_two_at_once_deactivate_each_token_once(
    organization: Organization, owner: Owner, urls: Urls
) -> None:
    made = await make_old(organization, owner, 5)
    fast = settings_for(urls, sweep_seconds=0.02)
    async with started(fast), started(fast):

        async def all_swept() -> bool:
            tokens = [await owner.token(token_id) for token_id, _ in made]
            return all(token["deactivate_time"] for token in tokens)

        await until(all_swept)
    assert not any([await is_accepted(organization.admin, full) for _, full in made])
    assert len(await events(owner, organization.id, DEACTIVATE)) == len(made)


async def test_zero_turns_it_off(urls: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
    scheduled: dict[str, float] = {}
    every = background.every

    def note(
        seconds: float, work: Callable[[], Awaitable[object]], **more: float
    ) -> Awaitable[None]:
        scheduled[work.__qualname__] = seconds
        return every(seconds, work, **more)

    monkeypatch.setattr(background, "every", note)
    async with started(settings_for(urls, sweep_seconds=60)):
        assert scheduled.pop("Sweeper.run") == 60
    beside = set(scheduled)
    scheduled.clear()
    async with started(settings_for(urls, sweep_seconds=0)):
        assert set(scheduled) == beside
