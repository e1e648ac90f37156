"""What the trail says of a webhook's URL: where it leads, and no secret of the receiver's."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import pytest

from app import webhooks
from tests.api.hooks import URL, create, delete, made, update
from tests.api_client import Organization
from tests.owner import Owner, organization_key

HERE = "https://hooks.example:443/…"


async def urls(owner: Owner, organization: Organization) -> list[tuple[str | None, str | None]]:
    """Return the URLs before and after of each event of a webhook."""
    rows = await owner.connection.fetch(
        """SELECT changes::text FROM audit_event
            WHERE organization_id = $1 AND target_kind = 'WEBHOOK_ENDPOINT' ORDER BY sequence""",
        organization_key(organization.id),
    )
    found = [json.loads(row[0]).get("url", {}) for row in rows]
    return [(each.get("before"), each.get("after")) for each in found]


class TestUrl:
    async def test_where_to_and_no_secret(self, organization: Organization, owner: Owner) -> None:
        await create(organization)
        ((before, after),) = await urls(owner, organization)
        assert before is None
        assert after is not None
        assert after.startswith(HERE)
        assert len(after) == len(HERE) + 8
        assert "secret" not in after

    async def test_another_path_is_seen(self, organization: Organization, owner: Owner) -> None:
        endpoint_id = await made(organization)
        await update(organization, endpoint_id, url=f"{URL}s")
        await update(organization, endpoint_id, url=URL)
        await delete(organization, endpoint_id)
        (_, first), there, back, (last, _) = await urls(owner, organization)
        assert there[0] == first == back[1] == last
        assert there[1] == back[0] != first

    async def test_another_organization_cannot_compare(
        self, new_organization: Callable[[], Awaitable[Organization]], owner: Owner
    ) -> None:
        ours, theirs = await new_organization(), await new_organization()
        for each in (ours, theirs):
            await create(each)
        assert await urls(owner, ours) != await urls(owner, theirs)


class TestGuessed:
    """Whoever reads the trail and guesses the URL must not find out that the guess is right."""

    async def _is_confirmed(self, owner: Owner, organization: Organization) -> bool:
        ((_, after),) = await urls(owner, organization)
        place = organization_key(organization.id).bytes
        guesses = [URL.encode(), place + URL.encode(), b"webhook url" + place + URL.encode()]
        marks = [hashlib.sha256(guess).hexdigest()[:8] for guess in guesses]
        return after is not None and after[-8:] in marks

    async def test_a_guess_is_not_confirmed(self, organization: Organization, owner: Owner) -> None:
        await create(organization)
        assert not await self._is_confirmed(owner, organization)

    async def test_without_the_pepper_it_would_be(
        self, organization: Organization, owner: Owner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control of the test above."""

        def keyless(_: bytes, text: bytes, kind: object) -> bytes:
            return hashlib.sha256(text).digest()

        monkeypatch.setattr(webhooks, "hmac", SimpleNamespace(digest=keyless))
        await create(organization)
        assert await self._is_confirmed(owner, organization)
