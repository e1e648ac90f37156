"""The checker itself: small histories, each with what it has to say of them."""

from dataclasses import replace
from typing import Any

import pytest

from tests.faults.checker import (
    ALLOWANCE_SECONDS,
    SETTLED_SECONDS,
    UNWRITTEN_SECONDS,
    Rule,
    check,
)
from tests.faults.history import Absence, History, Kind, Operation, Outcome

ACTIVE, INACTIVE, AWAY = Outcome.ACTIVE, Outcome.INACTIVE, Outcome.UNAVAILABLE
DONE, REPLAYED, REFUSED = Outcome.DONE, Outcome.REPLAYED, Outcome.REFUSED
LOST, UNANSWERED, WRONG = Outcome.LOST, Outcome.UNANSWERED, Outcome.WRONG


def verified(begin: float, end: float, outcome: Outcome, node: str = "A") -> Operation:
    return Operation(1, Kind.INTROSPECT, node, begin, end, outcome, "token", "user")


def revoked(begin: float, end: float, outcome: Outcome) -> Operation:
    return Operation(2, Kind.REVOKE, "A", begin, end, outcome, "token", "user")


def deleted(begin: float, end: float, outcome: Outcome) -> Operation:
    return Operation(2, Kind.DELETE_USER, "A", begin, end, outcome, user="user")


def generated(outcome: Outcome, token: str = "token", end: float = 2.0) -> Operation:
    return Operation(3, Kind.GENERATE, "A", 1.0, end, outcome, token, "user", "key")


def broken(*operations: Operation, absences: tuple[Absence, ...] = ()) -> list[Rule]:
    return [violation.rule for violation in check(History(operations, absences))]


KEPT = {
    "alive": [verified(1, 2, ACTIVE), verified(3, 4, ACTIVE)],
    "refused after a revocation": [revoked(1, 2, DONE), verified(2, 3, INACTIVE)],
    "active while it is revoked": [revoked(1, 3, DONE), verified(2, 2.5, ACTIVE)],
    "active by a verification that began before": [revoked(1, 2, DONE), verified(1.9, 2.8, ACTIVE)],
    "a revocation of unknown outcome that never happened": [
        revoked(1, 2, AWAY),
        verified(8, 9, ACTIVE),
    ],
    "a revocation of unknown outcome that happened late": [
        revoked(1, 2, AWAY),
        verified(3, 4, ACTIVE),
        verified(5, 6, INACTIVE),
    ],
    "refused while it is revoked": [revoked(1, 3, DONE), verified(0.5, 1.5, INACTIVE)],
    "two verifications that overlap where it dies": [
        revoked(1, 6, AWAY),
        verified(1.0, 2.0, INACTIVE),
        verified(1.9, 2.9, ACTIVE),
    ],
    "no database": [verified(1, 2, AWAY), verified(3, 4, ACTIVE)],
    "deleted with its user": [deleted(1, 2, DONE), verified(3, 4, INACTIVE)],
    "deleted twice": [deleted(1, 2, AWAY), deleted(3, 4, REFUSED), verified(5, 6, INACTIVE)],
    "a secret, and replays": [generated(DONE), generated(REPLAYED), generated(REPLAYED)],
    "a lost secret": [generated(AWAY), generated(REPLAYED)],
    "just in time": [verified(0, 1 + ALLOWANCE_SECONDS, ACTIVE), revoked(2, 7, DONE)],
}

BROKEN = {
    "active after a revocation": (
        [revoked(1, 2, DONE), verified(2, 3, ACTIVE)],
        [Rule.REVOKED_IS_REFUSED],
    ),
    "active after a revocation, on another node": (
        [revoked(1, 2, DONE), verified(2.001, 3, ACTIVE, "B")],
        [Rule.REVOKED_IS_REFUSED],
    ),
    "active after the first of two revocations": (
        [revoked(1, 2, DONE), verified(3, 4, ACTIVE), revoked(5, 6, DONE)],
        [Rule.REVOKED_IS_REFUSED],
    ),
    "active after its user was deleted": (
        [deleted(1, 2, DONE), verified(2.5, 3, ACTIVE)],
        [Rule.REVOKED_IS_REFUSED],
    ),
    "active after its user was found deleted": (
        [deleted(1, 2, AWAY), deleted(3, 4, REFUSED), verified(5, 6, ACTIVE)],
        [Rule.REVOKED_IS_REFUSED],
    ),
    "dead and alive again": (
        [revoked(1, 2, AWAY), verified(3, 4, INACTIVE), verified(4, 5, ACTIVE)],
        [Rule.DEAD_STAYS_DEAD],
    ),
    "refused though nobody revoked it": (
        [verified(1, 2, INACTIVE)],
        [Rule.ACKNOWLEDGED_SURVIVES],
    ),
    "refused before anybody revoked it": (
        [verified(1, 2, INACTIVE), revoked(3, 4, DONE)],
        [Rule.ACKNOWLEDGED_SURVIVES],
    ),
    "its user missing though nobody deleted it": (
        [revoked(1, 2, REFUSED)],
        [Rule.ACKNOWLEDGED_SURVIVES],
    ),
    "a deletion that finds nobody": ([deleted(1, 2, REFUSED)], [Rule.ACKNOWLEDGED_SURVIVES]),
    "another answer": ([verified(1, 2, WRONG)], [Rule.ANSWER_IS_ALLOWED]),
    "a connection lost though nothing was killed": (
        [verified(1, 2, LOST)],
        [Rule.ANSWER_IS_ALLOWED],
    ),
    "a late verification": ([verified(0, 2.1, AWAY)], [Rule.IN_TIME]),
    "a late revocation": ([revoked(0, 6.1, AWAY)], [Rule.IN_TIME]),
    "no answer": ([verified(0, 15, UNANSWERED)], [Rule.IN_TIME]),
    "two secrets": ([generated(DONE), generated(DONE)], [Rule.ONE_SECRET]),
    "two tokens": (
        [generated(DONE, "token"), generated(REPLAYED, "another")],
        [Rule.ONE_SECRET],
    ),
}


@pytest.mark.parametrize("operations", KEPT.values(), ids=KEPT.keys())
def test_kept(operations: list[Operation]) -> None:
    assert broken(*operations) == []


@pytest.mark.parametrize(("operations", "rules"), BROKEN.values(), ids=BROKEN.keys())
def test_broken(operations: list[Operation], rules: list[Rule]) -> None:
    assert broken(*operations) == rules


class TestEachTokenForItself:
    def test_another_tokens_revocation(self) -> None:
        another = replace(revoked(1, 2, DONE), token="another", user="somebody")
        assert broken(another, verified(3, 4, ACTIVE)) == []

    def test_another_users_deletion(self) -> None:
        another = replace(deleted(1, 2, DONE), user="somebody")
        assert broken(another, verified(3, 4, ACTIVE)) == []
        assert broken(another, verified(3, 4, INACTIVE)) == [Rule.ACKNOWLEDGED_SURVIVES]


class TestAbsence:
    def test_explains_a_lost_connection(self) -> None:
        assert broken(verified(1, 2, LOST), absences=(Absence("A", 1.5, 9),)) == []

    def test_explains_it_for_a_moment_afterwards(self) -> None:
        absence = (Absence("A", 1, 2),)
        assert broken(verified(2.1, 2.2, LOST), absences=absence) == []
        assert broken(verified(3, 4, LOST), absences=absence) == [Rule.ANSWER_IS_ALLOWED]

    def test_of_another_node_explains_nothing(self) -> None:
        absence = (Absence("B", 1.5, 9),)
        assert broken(verified(1, 2, LOST), absences=absence) == [Rule.ANSWER_IS_ALLOWED]

    def test_excuses_no_answer_that_came_late(self) -> None:
        absence = (Absence("A", 0, 9),)
        assert broken(verified(1, 4, ACTIVE), absences=absence) == [Rule.IN_TIME]


class TestStalls:
    def test_count_for_nobody(self) -> None:
        late = verified(1, 4, ACTIVE)
        assert check(History([late], stalls=[(0, 1.5), (3, 9)])) == []
        assert len(check(History([late], stalls=[(0, 1.5)]))) == 1


class TestUses:
    ASKED = (verified(1, 2, ACTIVE), verified(3, 4, ACTIVE), verified(5, 6, AWAY))

    def broken(self, uses: int, **seen: Any) -> list[Rule]:
        history = History(seen.pop("operations", self.ASKED), uses={"token": uses}, **seen)
        return [violation.rule for violation in check(history)]

    @pytest.mark.parametrize(
        ("uses", "rules"),
        [
            (0, [Rule.USES_ARE_COUNTED]),
            (1, [Rule.USES_ARE_COUNTED]),
            (2, []),
            (3, []),
            (4, [Rule.USES_ARE_COUNTED_ONCE]),
        ],
    )
    def test_on_record(self, uses: int, rules: list[Rule]) -> None:
        assert self.broken(uses) == rules

    def test_may_be_too_many_where_they_were_written_again(self) -> None:
        assert self.broken(9, is_written_once=False) == []
        assert self.broken(1, is_written_once=False) == [Rule.USES_ARE_COUNTED]

    def test_that_none_is_on_record_is_noticed(self) -> None:
        assert [each.rule for each in check(History(self.ASKED, uses={}))] == [
            Rule.USES_ARE_COUNTED
        ]

    def test_of_others_are_not_judged(self) -> None:
        history = History(self.ASKED, uses={"token": 2, "administrator": 900})
        assert check(history) == []

    @pytest.mark.parametrize(
        ("killed", "node", "rules"),
        [
            (4.1, "A", []),
            (4.0 + UNWRITTEN_SECONDS + 0.1, "A", [Rule.USES_ARE_COUNTED]),
            (4.1, "B", [Rule.USES_ARE_COUNTED]),
            (0.2, "A", [Rule.USES_ARE_COUNTED]),
        ],
    )
    def test_one_of_the_last_moment_may_be_lost(
        self, killed: float, node: str, rules: list[Rule]
    ) -> None:
        assert self.broken(1, absences=[Absence(node, killed, 99)]) == rules

    @pytest.mark.parametrize(
        ("troubles", "rules"),
        [
            ([(3, 5)], []),
            ([(5, 20), (3, 4.9)], []),
            ([(7, 9)], [Rule.USES_ARE_COUNTED]),
            ([(3, 5), (90, 99)], []),
            ([], [Rule.USES_ARE_COUNTED]),
        ],
    )
    def test_so_may_what_was_kept_in_a_trouble(
        self, troubles: list[tuple[float, float]], rules: list[Rule]
    ) -> None:
        killed = 5 + SETTLED_SECONDS
        absences = [Absence("A", killed, 99)]
        assert self.broken(1, absences=absences, troubles=troubles) == rules


class TestMinted:
    @pytest.mark.parametrize(
        ("minted", "rules"),
        [
            ({"key": 1}, []),
            ({"key": 1, "never answered": 1}, []),
            ({"key": 2}, [Rule.ONE_SECRET]),
            ({"key": 1, "never answered": 2}, [Rule.ONE_SECRET]),
            ({}, [Rule.ACKNOWLEDGED_SURVIVES]),
        ],
    )
    def test_in_the_database(self, minted: dict[str, int], rules: list[Rule]) -> None:
        found = check(History([generated(DONE)], minted=minted))
        assert [violation.rule for violation in found] == rules
