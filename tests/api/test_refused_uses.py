"""The refused uses of all tokens of one application user, as the audit trail lists them."""

from typing import Any

import pytest

from tests.api import trail
from tests.api.trail import events
from tests.api_client import Organization
from tests.credentials import is_accepted
from tests.owner import Owner, token_key
from tests.service import Service

ACTIONS = ["TOKEN_AUTHENTICATE", "SUPERSEDED_TOKEN_AUTHENTICATE"]


@pytest.fixture
async def refused(organization: Organization, owner: Owner, lazy: Service) -> dict[str, str]:
    """Have three tokens of a user refused, and one of somebody else; return why, by token."""
    user_id, other_id = [await organization.user(name) for name in ("ci", "other")]
    why: dict[str, str] = {}
    for holder, reason in ((user_id, "REVOKED"), (user_id, "EXPIRED"), (other_id, "REVOKED")):
        token_id, full = await organization.token(holder, maxAgeSeconds=3600)
        if reason == "REVOKED":
            await organization.admin.mutate("revokeToken", "__typename", tokenId=token_id)
        else:
            await owner.set_left(token_id, -1)
        assert not await is_accepted(await lazy.caller(), full)
        # So that each has an event, and they are in this order.
        await lazy.write_refusals()
        why[token_id] = reason
    token_id, full = await organization.token(user_id)
    await owner.connection.execute(
        "UPDATE token SET supersede_time = now() - interval '2 s',"
        "                 overlap_end_time = now() - interval '1 s'"
        " WHERE organization_id = $1 AND token_id = $2",
        *token_key(token_id),
    )
    assert not await is_accepted(await lazy.caller(), full)
    await lazy.write_refusals()
    return {"user": user_id, "other": other_id, **why, token_id: "SUPERSEDED"}


async def pages(organization: Organization, direction: str, **keep: Any) -> list[int]:
    """Return the numbers of the events on all pages of two."""
    walked: list[int] = []
    after, more = None, True
    while more:
        found = await trail.page(
            organization.admin, organization.id, n=2, c=after, f=keep, d=direction
        )
        walked += [node["sequence"] for node in found["nodes"]]
        after, more = (found["pageInfo"][name] for name in ("endCursor", "hasNextPage"))
    return walked


async def test_of_every_token_of_a_user_with_the_reasons(
    organization: Organization, refused: dict[str, str]
) -> None:
    found = await events(
        organization.admin, organization.id, targetId=refused["user"], actions=ACTIONS
    )
    assert [event["reason"] for event in found] == ["SUPERSEDED", "EXPIRED", "REVOKED"]
    assert all(refused[event["targetId"]] == event["reason"] for event in found)
    assert {event["principalId"] for event in found} == {refused["user"]}
    (other,) = await events(
        organization.admin, organization.id, targetId=refused["other"], actions=ACTIONS
    )
    assert other["principalId"] == refused["other"]


@pytest.mark.parametrize("actions", [ACTIONS, None])
async def test_pages_hold_each_once(
    organization: Organization, refused: dict[str, str], actions: list[str] | None
) -> None:
    """Of what is about the user and what is about its tokens, which different indexes find."""
    keep = {"targetId": refused["user"]} | ({"actions": actions} if actions else {})
    whole = await events(organization.admin, organization.id)
    kept = [
        event["sequence"]
        for event in whole
        if refused["user"] in (event["targetId"], event["principalId"])
        and (actions is None or event["action"] in actions)
    ]
    assert len(whole) > len(kept) == (3 if actions else 8)
    assert await pages(organization, "DESC", **keep) == kept
    assert await pages(organization, "ASC", **keep) == kept[::-1]
