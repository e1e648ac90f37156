"""What a writer is asked again once rows are locked: the guard, and that its right still holds."""

import pytest

from app import access, guards
from app.access import AppUserWriter, GroupWriter, UserWriter
from app.guards import Guarded
from tests.unit.callers import ADMIN, FULL, HERE, OWN_TOKEN, outcome, somebody, token

# What holds permissions is an administrator's affair alone; tests/api/test_guard_table.py has every
# act on every kind of thing.
GUARD = """
who acts      | on whom                  | mint for it | activate it | change its members | change or remove it
administrator | without any permission   | yes         | yes         | yes                | yes
administrator | with one, wherever it is | yes         | yes         | yes                | yes
manager       | without any permission   | yes         | yes         | yes                | yes
manager       | with one, wherever it is | no          | no          | no                 | no
"""  # noqa: E501 (a table)
GUARDED = {
    "mint for it": (AppUserWriter, "organization:app_users:write", Guarded.MINT),
    "activate it": (AppUserWriter, "organization:app_users:write", Guarded.ACTIVATE),
    "change its members": (GroupWriter, "organization:groups:write", Guarded.GROUP),
    "change or remove it": (UserWriter, "organization:users:write", Guarded.PERSON),
}


class TestGuard:
    @pytest.mark.parametrize(
        ("who", "holds", "act", "expected"),
        [
            (row[0], row[1] != "without any permission", act, expected)
            for line in GUARD.strip().split("\n")[1:]
            for row in [[cell.strip() for cell in line.split("|")]]
            for act, expected in zip(GUARDED, row[2:], strict=True)
        ],
    )
    def test_table(self, who: str, holds: bool, act: str, expected: str) -> None:
        kind, permission, guarded = GUARDED[act]
        granted = ADMIN if who == "administrator" else permission
        actor = access.require(somebody(granted, by=FULL), kind, HERE)
        found = outcome(lambda: guards.guard(actor, guarded, holds_permission=holds))
        assert found == expected

    def test_every_guarded_act_is_in_the_table(self) -> None:
        assert {guarded for _, _, guarded in GUARDED.values()} == set(Guarded)


class TestStillHolds:
    @pytest.mark.parametrize(
        ("granted", "then", "expected"),
        [
            (ADMIN, {ADMIN}, True),
            (ADMIN, set[str](), False),
            # It passed a guard as administrator, which it no longer would.
            (ADMIN, {"organization:app_users:write"}, False),
            ("organization:app_users:write", {"organization:app_users:write"}, True),
            ("organization:app_users:write", {ADMIN}, True),
            ("organization:app_users:write", {"organization:groups:write"}, False),
        ],
    )
    def test_table(self, granted: str, then: set[str], expected: bool) -> None:
        actor = access.require(somebody(granted), AppUserWriter, HERE)
        assert access.still_holds(actor, frozenset(then)) is expected

    def test_a_token_that_ends_itself_needs_none(self) -> None:
        revoker = access.require_revoker(somebody(by=token()), HERE, OWN_TOKEN, "missing")
        assert access.still_holds(revoker, frozenset())
