"""Organizations, their policies and requests for more: what is refused, what is let through."""

from uuid import UUID

from tests.db.constraints.tables import NOW, Rows, limit_requests, organizations, policies
from tests.db.rows import A, limit_request, organization, policy

NETWORK = "192.0.2.0/24"
REQUEST = {"request_id": UUID(int=0xA6), "state": "DECLINED", "answer_time": NOW}
ANSWERED = {"state": "GRANTED", "answer_time": NOW, "answered_limit": 100}

# The constraint that refuses the last of the rows.
REFUSED: list[tuple[str, Rows]] = [
    ("organization_pkey", organizations(organization(organization_id=A))),
    ("organization_name_check", organizations(organization(name=""))),
    ("organization_name_check", organizations(organization(name="n" * 256))),
    (
        "organization_application_user_limit_check",
        organizations(organization(application_user_limit=-1)),
    ),
    (
        "organization_application_user_count_check",
        organizations(organization(application_user_count=-1)),
    ),
    (
        "limit_request_pkey",
        limit_requests(
            limit_request(**REQUEST, answered_limit=0), limit_request(**REQUEST, answered_limit=0)
        ),
    ),
    (
        "limit_request_organization_id_fkey",
        limit_requests(limit_request(organization_id=UUID(int=1))),
    ),
    (
        "limit_request_application_user_limit_check",
        limit_requests(limit_request(**ANSWERED, application_user_limit=0)),
    ),
    (
        "limit_request_application_user_limit_check",
        limit_requests(limit_request(**ANSWERED, application_user_limit=1_000_001)),
    ),
    (
        "limit_request_reason_check",
        limit_requests(limit_request(**ANSWERED, reason="r" * 1001)),
    ),
    ("limit_request_state_check", limit_requests(limit_request(**ANSWERED | {"state": "OPEN"}))),
    ("limit_request_answer", limit_requests(limit_request(**ANSWERED | {"answer_time": None}))),
    ("limit_request_answer", limit_requests(limit_request(**ANSWERED | {"answered_limit": None}))),
    ("limit_request_answer", limit_requests(limit_request(**ANSWERED | {"state": "PENDING"}))),
    # A has one that waits already.
    ("limit_request_pending", limit_requests(limit_request())),
    # A has a policy already; what a row itself breaks is said first.
    ("organization_policy_pkey", policies(policy())),
    ("organization_policy_organization_id_fkey", policies(policy(organization_id=UUID(int=1)))),
    ("organization_policy_allowed_networks_check", policies(policy(allowed_networks=[]))),
    (
        "organization_policy_allowed_networks_check",
        policies(policy(allowed_networks=[NETWORK] * 101)),
    ),
    (
        "organization_policy_longest_max_age_seconds_check",
        policies(policy(longest_max_age_seconds=599)),
    ),
    (
        "organization_policy_longest_max_age_seconds_check",
        policies(policy(longest_max_age_seconds=315_360_001)),
    ),
    (
        "organization_policy_deactivate_unused_days_check",
        policies(policy(deactivate_unused_days=0)),
    ),
    (
        "organization_policy_deactivate_unused_days_check",
        policies(policy(deactivate_unused_days=3651)),
    ),
    ("organization_policy_revoke_unused_days_check", policies(policy(revoke_unused_days=0))),
    ("organization_policy_revoke_unused_days_check", policies(policy(revoke_unused_days=3651))),
    (
        "organization_policy_disuse",
        policies(policy(deactivate_unused_days=30, revoke_unused_days=30)),
    ),
]

ALLOWED: dict[str, Rows] = {
    "two organizations with one name": organizations(organization(), organization()),
    "the longest name, a limit of 0 below the count": organizations(
        organization(name="n" * 255, application_user_limit=0, application_user_count=3)
    ),
    "answered requests beside the one that waits, the least and the most": limit_requests(
        limit_request(**ANSWERED, application_user_limit=1, reason=""),
        limit_request(**ANSWERED, application_user_limit=1_000_000, reason="r" * 1000),
        limit_request(**ANSWERED | {"state": "DECLINED", "answered_limit": 0}),
    ),
}
