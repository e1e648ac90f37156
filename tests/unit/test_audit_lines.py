"""Exported lines of the audit trail: what they hold, and that nothing in them can be changed."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import pytest

from app import audit_lines, ids
from app.audit_chain import AuditEvent, Head, Tampered, digest
from app.audit_lines import Unreadable, event_line, head_line, read, verify

ORG, OTHER = UUID(int=0xA), UUID(int=0xB)
EVENT = AuditEvent(
    organization_id=ORG,
    sequence=1,
    event_time=datetime(2026, 1, 31, 12, 0, 0, 120, tzinfo=UTC),
    action="application_user:token:generate",
    outcome="REFUSED",
    actor_kind="USER",
    actor_user_id=UUID(int=1),
    actor_token_id=UUID(int=2),
    ip="2001:db8::1",
    user_agent='curl/8 „ü“ "\n',
    request_id="r-1",
    target_kind="TOKEN",
    target_id=UUID(int=3),
    principal_id=UUID(int=1),
    changes='{"name":{"after":"漢","before":null}}',
    reason="no",
    previous_hash=bytes(32),
    hash=bytes(32),
    principal_is_user=True,
)
BARE: dict[str, Any] = {
    "actor_user_id": None,
    "actor_token_id": None,
    "ip": None,
    "user_agent": None,
    "request_id": None,
    "principal_id": None,
    "reason": None,
}


def chain(*events: AuditEvent) -> list[AuditEvent]:
    """Give events their places and hashes."""
    made: list[AuditEvent] = []
    previous = bytes(32)
    for sequence, event in enumerate(events, 1):
        placed = replace(event, sequence=sequence, previous_hash=previous)
        made.append(replace(placed, hash=digest(previous, placed)))
        previous = made[-1].hash
    return made


EVENTS = chain(
    EVENT,
    replace(EVENT, **BARE, outcome="SUCCEEDED"),
    replace(EVENT, target_kind="ORGANIZATION", target_id=ORG),
    replace(EVENT, target_kind="LATER_KIND", principal_is_user=False),
)
HEAD = Head(4, EVENTS[-1].hash)
LINES = [*map(event_line, EVENTS), head_line(ORG, HEAD)]


def file(**changes: object) -> list[bytes]:
    """The lines of an export, the second's fields changed."""
    content = orjson.loads(LINES[0]) | changes
    return [orjson.dumps(content) + b"\n", *LINES[1:]]


class TestRound:
    @pytest.mark.parametrize("event", EVENTS)
    def test_an_event_comes_back(self, event: AuditEvent) -> None:
        back = read(event_line(event))
        assert isinstance(back, AuditEvent)
        if back.principal_id is None:
            back = replace(back, principal_is_user=True)
        assert back == event

    def test_a_head_comes_back(self) -> None:
        assert read(head_line(ORG, HEAD)) == (ORG, HEAD)

    def test_ids_are_the_public_ones(self) -> None:
        content = orjson.loads(LINES[0])
        assert content["organizationId"] == ids.organization_id(ORG)
        assert (
            content["actorId"] == content["principalId"] == ids.member_id("user", ORG, UUID(int=1))
        )
        assert content["targetId"] == ids.member_id("token", ORG, UUID(int=3))
        assert content["eventTime"] == "2026-01-31T12:00:00.000120Z"
        assert orjson.loads(LINES[2])["targetId"] == ids.organization_id(ORG)
        assert orjson.loads(LINES[3])["principalId"].startswith("group_")

    def test_the_documented_rule(self) -> None:
        """By hand, for whoever writes a verifier of their own."""
        import hashlib

        (event,) = chain(replace(EVENT, **BARE, changes="{}", outcome="SUCCEEDED"))
        text = (
            "36:00000000-0000-0000-0000-00000000000a,1:1,16:1769860800000120,"
            "31:application_user:token:generate,9:SUCCEEDED,4:USER,-,-,-,-,-,5:TOKEN,"
            "36:00000000-0000-0000-0000-000000000003,-,2:{},-,"
        )
        assert event.hash == hashlib.sha256(bytes(32) + text.encode()).digest()


class TestVerified:
    def test_whole(self) -> None:
        assert verify(LINES) == (ORG, HEAD)
        assert verify(LINES, organization_id=ORG, stored=HEAD) == (ORG, HEAD)

    def test_from_the_middle(self) -> None:
        assert verify(LINES[2:], after=2) == (ORG, HEAD)
        with pytest.raises(Tampered):
            verify(LINES[2:])
        with pytest.raises(Tampered):
            verify(LINES[3:], after=2)

    def test_of_nothing(self) -> None:
        empty = Head(0, bytes(32))
        assert verify([head_line(ORG, empty)]) == (ORG, empty)
        assert verify(LINES[-1:], after=4) == (ORG, HEAD)
        with pytest.raises(Tampered):
            verify(LINES[-1:])

    def test_progress(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(audit_lines, "OFTEN", 2)
        seen: list[int] = []
        verify(LINES, progress=seen.append)
        assert seen == [2, 4]


class TestTampered:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("eventTime", "2026-01-31T12:00:00.000121Z"),
            ("action", "application_user:token:revoke"),
            ("outcome", "SUCCEEDED"),
            ("actorKind", "SERVICE"),
            ("actorId", ids.member_id("user", ORG, UUID(int=9))),
            ("actorId", None),
            ("actorTokenId", ids.member_id("token", ORG, UUID(int=9))),
            ("ip", "2001:db8::2"),
            ("userAgent", "wget"),
            ("requestId", "r-2"),
            ("targetKind", "LATER_KIND"),
            ("targetId", ids.member_id("token", ORG, UUID(int=9))),
            ("principalId", None),
            ("changes", "{}"),
            ("reason", None),
            ("previousHash", "11" * 32),
            ("hash", "11" * 32),
            # The same id in other words.
            ("actorId", str(UUID(int=1))),
            ("actorId", ids.member_id("token", ORG, UUID(int=1))),
            ("actorId", ids.member_id("user", OTHER, UUID(int=1))),
            ("targetId", ids.member_id("user", ORG, UUID(int=3))),
            ("id", ids.member_id("event", ORG, UUID(int=2))),
            ("organizationId", ids.organization_id(OTHER)),
            ("eventTime", "2026-01-31T13:00:00.000120+01:00"),
            ("sequence", 2),
            ("sequence", "1"),
            ("sequence", True),
            ("sequence", -1),
            ("extra", 1),
        ],
    )
    def test_a_field(self, name: str, value: object) -> None:
        with pytest.raises((Tampered, Unreadable)):
            verify(file(**{name: value}))

    def test_the_control(self) -> None:
        assert verify(file()) == (ORG, HEAD)

    @pytest.mark.parametrize("number", [0, 1, 3])
    def test_a_line_is_missing(self, number: int) -> None:
        with pytest.raises(Tampered) as named:
            verify(LINES[:number] + LINES[number + 1 :])
        assert (named.value.damage, named.value.sequence) == ("REMOVED", number + 1)

    def test_a_line_comes_twice(self) -> None:
        with pytest.raises(Tampered) as named:
            verify([*LINES[:2], LINES[1], *LINES[2:]])
        assert (named.value.damage, named.value.sequence) == ("REORDERED", 2)

    def test_lines_are_swapped(self) -> None:
        with pytest.raises(Tampered):
            verify([LINES[0], LINES[2], LINES[1], *LINES[3:]])

    def test_the_end_is_missing(self) -> None:
        with pytest.raises(Unreadable, match="The last line"):
            verify(LINES[:-1])
        with pytest.raises(Unreadable, match="The last line"):
            verify([])

    def test_something_stands_behind_the_end(self) -> None:
        with pytest.raises(Unreadable, match="Line 6 stands behind"):
            verify([*LINES, LINES[-1]])

    def test_the_end_is_another(self) -> None:
        with pytest.raises(Tampered):
            verify([*LINES[:-1], head_line(ORG, Head(4, bytes(32)))])
        with pytest.raises(Tampered):
            verify([*LINES[:-1], head_line(OTHER, HEAD)])
        with pytest.raises(Tampered):
            verify(LINES, organization_id=OTHER)

    def test_written_anew(self) -> None:
        forged = chain(*(replace(event, ip="192.0.2.9") for event in EVENTS))
        lines = [*map(event_line, forged), head_line(ORG, Head(4, forged[-1].hash))]
        assert verify(lines)[1].sequence == 4
        with pytest.raises(Tampered) as named:
            verify(lines, stored=HEAD)
        assert named.value.damage == "REWRITTEN"

    @pytest.mark.parametrize(
        "line",
        [b"", b"\n", b"{}\n", b"null\n", b"[]\n", b'{"head":null}\n', b"\xff\n", LINES[0][:-1]],
    )
    def test_nonsense(self, line: bytes) -> None:
        with pytest.raises(Unreadable, match="Line 1"):
            verify([line, *LINES])
