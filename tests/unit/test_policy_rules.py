"""What a policy asks of a token that is about to be made, as a table."""

from ipaddress import ip_network

import pytest

from app import policy_rules
from app.bounds import Network
from app.policy_rules import Policy

OFFICE = ["192.0.2.0/24", "2001:db8::/32"]
HOUR, DAY, YEAR = 3600, 86_400, 31_536_000
MISSING, TOO_LONG = "maxAgeSeconds REQUIRED", "maxAgeSeconds OUT_OF_RANGE"
V6 = "2001:db8::1"
OUTSIDE = "ipAllowlist NOT_ALLOWED"

# What the policy asks (networks, longest lifetime, expiry required), the token (lifetime, networks)
# and what is wrong with it.
TABLE = [
    ("no policy, no bounds", (None, None, False), (None, None), []),
    ("no policy, any bounds", (None, None, False), (YEAR, ["198.51.100.0/24"]), []),
    ("expiry required, never expires", (None, None, True), (None, None), [MISSING]),
    ("expiry required, expires", (None, None, True), (YEAR, None), []),
    ("at most a day, an hour", (None, DAY, False), (HOUR, None), []),
    ("at most a day, a day", (None, DAY, False), (DAY, None), []),
    ("at most a day, a second more", (None, DAY, False), (DAY + 1, None), [TOO_LONG]),
    ("at most a day, never expires", (None, DAY, False), (None, None), [MISSING]),
    ("both rules, never expires", (None, DAY, True), (None, None), [MISSING]),
    ("both rules, too long", (None, DAY, True), (YEAR, None), [TOO_LONG]),
    ("networks, none of its own", (OFFICE, None, False), (None, None), []),
    ("networks, the same", (OFFICE, None, False), (None, OFFICE), []),
    ("networks, a part", (OFFICE, None, False), (None, ["192.0.2.7/32"]), []),
    ("networks, more than those", (OFFICE, None, False), (None, ["192.0.0.0/16"]), []),
    (
        "networks, one in and one out",
        (OFFICE, None, False),
        (None, ["10.0.0.0/8", "192.0.2.7"]),
        [],
    ),
    ("networks, the other family in", (OFFICE, None, False), (None, ["10.0.0.0/8", V6]), []),
    ("networks, beside", (OFFICE, None, False), (None, ["192.0.3.0/24"]), [OUTSIDE]),
    ("networks, all of another family", (["10.0.0.0/8"], None, False), (None, ["::/0"]), [OUTSIDE]),
    (
        "everything wrong",
        (OFFICE, DAY, True),
        (YEAR, ["10.0.0.0/8"]),
        [TOO_LONG, OUTSIDE],
    ),
]


def networks(texts: list[str] | None) -> tuple[Network, ...] | None:
    return None if texts is None else tuple(ip_network(text) for text in texts)


@pytest.mark.parametrize(("what", "asks", "token", "wrong"), TABLE, ids=[row[0] for row in TABLE])
def test_table(
    what: str,
    asks: tuple[list[str] | None, int | None, bool],
    token: tuple[int | None, list[str] | None],
    wrong: list[str],
) -> None:
    allowed, longest, expiry_required = asks
    max_age_seconds, allowlist = token
    found = policy_rules.problems(
        Policy(networks(allowed), longest, expiry_required),
        max_age_seconds=max_age_seconds,
        ip_allowlist=networks(allowlist),
    )
    assert [f"{problem.path} {problem.code.value}" for problem in found] == wrong


@pytest.mark.parametrize(
    "policy", [Policy(longest_max_age_seconds=DAY), Policy(None, DAY, expiry_required=True)]
)
@pytest.mark.parametrize("max_age_seconds", [None, YEAR])
def test_the_longest_lifetime_is_named(policy: Policy, max_age_seconds: int | None) -> None:
    (problem,) = policy_rules.problems(policy, max_age_seconds=max_age_seconds, ip_allowlist=None)
    assert str(DAY) in problem.message


def test_disuse_asks_nothing_of_a_token_to_be_made() -> None:
    policy = Policy(deactivate_unused_after_days=1, revoke_unused_after_days=2)
    assert policy_rules.problems(policy, max_age_seconds=None, ip_allowlist=None) == []


STRICT = Policy(networks(OFFICE), DAY, expiry_required=True, revoke_unused_after_days=9)


@pytest.mark.parametrize(
    ("policy", "other", "expected"),
    [
        (Policy(), Policy(), True),
        (STRICT, STRICT, True),
        (STRICT, Policy(), True),
        (Policy(), STRICT, False),
        (Policy(networks(["192.0.2.0/28"])), Policy(networks(OFFICE)), True),
        (Policy(networks(["192.0.0.0/8"])), Policy(networks(OFFICE)), False),
        (Policy(networks([*OFFICE, "198.51.100.0/24"])), Policy(networks(OFFICE)), False),
        (Policy(longest_max_age_seconds=HOUR), Policy(longest_max_age_seconds=DAY), True),
        (Policy(longest_max_age_seconds=YEAR), Policy(longest_max_age_seconds=DAY), False),
        (Policy(expiry_required=True), Policy(), True),
        (Policy(), Policy(expiry_required=True), False),
        (Policy(revoke_unused_after_days=9), Policy(revoke_unused_after_days=10), True),
        (Policy(revoke_unused_after_days=9), Policy(deactivate_unused_after_days=9), False),
    ],
)
def test_what_is_as_strict(policy: Policy, other: Policy, *, expected: bool) -> None:
    assert policy_rules.is_as_strict(policy, other) is expected
