"""What an audit trail says has ended, event by event: the last word counts."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import pytest

from app.audit import Action
from app.audit_chain import AuditEvent
from app.trail_ends import EndKind, Lost

ORGANIZATION, TARGET, PRINCIPAL = UUID(int=1), UUID(int=2), UUID(int=3)
EVENT = AuditEvent(
    *(ORGANIZATION, 1, datetime(2026, 1, 1, tzinfo=UTC), "", "SUCCEEDED", "OPERATOR"),
    *(None, None, None, None, None, "TOKEN", TARGET, PRINCIPAL, "{}", None, b"", b"", True),
)


def event(action: Action, kind: str = "TOKEN", **changes: Any) -> AuditEvent:
    """An event on one thing; each change is (before, after)."""
    told = {name: {"before": values[0], "after": values[1]} for name, values in changes.items()}
    return replace(
        EVENT, action=action.value, target_kind=kind, changes=orjson.dumps(told).decode()
    )


def lost(*events: AuditEvent) -> Lost:
    found = Lost()
    for each in events:
        found.feed(each)
    return found


REVOKED = event(Action.TOKEN_REVOKE)
STOPPED = event(Action.APPLICATION_USER_UPDATE, "APPLICATION_USER", state=("ACTIVE", "DEACTIVATED"))
STARTED = event(Action.APPLICATION_USER_UPDATE, "APPLICATION_USER", state=("DEACTIVATED", "ACTIVE"))
JOINED = event(Action.GROUP_MEMBER_ADD, "GROUP", member=(None, "user_x"))
LEFT = event(Action.GROUP_MEMBER_REMOVE, "GROUP", member=("user_x", None))
TAKEN = event(Action.PERMISSION_REVOKE, "PROJECT", permissions=(["a", "b"], ["b"]))
GIVEN = event(Action.PERMISSION_GRANT, "PROJECT", permissions=(["b"], ["a", "b"]))
CUT = event(Action.PERMISSION_REVOKE, "PROJECT", permissions=(["a", "… 7 more"], ["a"]))
UNUSED = event(Action.TOKEN_DEACTIVATE, isDeactivated=(False, True))
USED = event(Action.TOKEN_ACTIVATE, deactivateTime=("2026-01-01T00:00:00Z", None))
MADE = event(Action.TOKEN_GENERATE, scopes=(None, ["a"]))


@pytest.mark.parametrize(
    ("events", "kinds", "others"),
    [
        ([REVOKED], ["REVOKE_TOKEN"], 0),
        ([event(Action.FOUND_TOKEN_REVOKE)], ["REVOKE_TOKEN"], 0),
        ([event(Action.TOKEN_REVOKE, "APPLICATION_USER")], ["REVOKE_TOKENS_OF_USER"], 0),
        ([replace(REVOKED, outcome="REFUSED")], [], 0),
        ([STOPPED], ["DEACTIVATE_USER"], 0),
        ([STOPPED, STARTED], [], 0),
        ([STARTED], [], 1),
        ([STARTED, STOPPED], ["DEACTIVATE_USER"], 1),
        ([LEFT], ["REMOVE_MEMBER"], 0),
        ([LEFT, JOINED], [], 1),
        ([TAKEN], ["REVOKE_PERMISSION"], 0),
        ([TAKEN, GIVEN], [], 1),
        ([GIVEN, TAKEN], ["REVOKE_PERMISSION"], 1),
        ([CUT], [], 1),
        ([UNUSED], ["DEACTIVATE_TOKEN"], 0),
        ([UNUSED, USED], [], 0),
        ([USED], [], 1),
        ([event(Action.TOKEN_EXPIRE_SOON)], [], 0),
        # Of a later release: somebody has to look.
        ([replace(EVENT, action="organization:invention:end")], [], 1),
    ],
)
def test_the_last_word_counts(events: list[AuditEvent], kinds: list[EndKind], others: int) -> None:
    found = lost(*events)
    assert [end.kind for end in found.ends.values()] == kinds
    assert len(found.others) == others


def test_what_was_made_is_missed_unless_it_ended() -> None:
    assert list(lost(MADE).made) == [TARGET]
    assert lost(MADE, REVOKED).made == {}
    user_gone = replace(
        event(Action.APPLICATION_USER_DELETE, "APPLICATION_USER"), target_id=PRINCIPAL
    )
    assert lost(MADE, user_gone).made == {}


def test_a_rotated_token_was_not_made() -> None:
    rotated = event(Action.TOKEN_ROTATE, overlapEndTime=(None, "2026-01-02T00:00:00+00:00"))
    (end,) = lost(rotated).ends.values()
    assert end.fields == {"overlapEndTime": "2026-01-02T00:00:00+00:00"}


def test_a_policy_is_what_it_became_last() -> None:
    first = event(Action.POLICY_SET, "ORGANIZATION", expiryRequired=(False, True))
    second = event(Action.POLICY_SET, "ORGANIZATION", longestMaxAgeSeconds=(None, 600))
    third = event(Action.POLICY_SET, "ORGANIZATION", longestMaxAgeSeconds=(600, 900))
    (end,) = lost(first, second, third).ends.values()
    assert end.fields == {"expiryRequired": True, "longestMaxAgeSeconds": 900}


def test_every_action_is_thought_of() -> None:
    """A new action is an end, a beginning, or for somebody to look at."""
    told: dict[str, Any] = {
        "permissions": ([], []),
        "state": ("ACTIVE", "ACTIVE"),
        "overlapEndTime": (None, "2026-01-01T00:00:00Z"),
    }
    looked_at = {action.name for action in Action if lost(event(action, **told)).others}
    assert looked_at == {
        *("ACCESS_REQUEST", "SUPERSEDED_TOKEN_AUTHENTICATE", "TOKEN_AUTHENTICATE"),
        *("GROUP_MEMBER_ADD", "GROUP_UPDATE", "LIMIT_ANSWER", "LIMIT_SET", "RESOURCE_UPDATE"),
        *("TOKEN_UPDATE", "WEBHOOK_UPDATE"),
        # Where nothing that is lost had deactivated them.
        *("APPLICATION_USER_UPDATE", "TOKEN_ACTIVATE", "USER_UPDATE"),
    }


@pytest.mark.parametrize(
    "forged",
    [
        replace(REVOKED, changes="no JSON"),
        replace(STOPPED, changes="[]"),
        replace(STOPPED, changes='{"state": "DEACTIVATED"}'),
        event(Action.TOKEN_ROTATE),
        event(Action.TOKEN_ROTATE, overlapEndTime=(None, "tomorrow")),
        event(Action.TOKEN_ROTATE, overlapEndTime=(None, "2026-01-01")),
        event(Action.PERMISSION_REVOKE, permissions=([1], [])),
        replace(TAKEN, changes="{}"),
        replace(TAKEN, principal_id=None),
        event(Action.POLICY_SET, "ORGANIZATION", longestMaxAgeSeconds=(None, "x")),
        event(Action.POLICY_SET, "ORGANIZATION", allowedNetworks=(None, ["x"])),
    ],
)
def test_refuses_what_no_event_says(forged: AuditEvent):
    with pytest.raises(ValueError, match=r"^Event 1 does not say"):
        lost(forged)
