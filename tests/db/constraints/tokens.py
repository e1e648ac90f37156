"""Tokens: what is refused, and beside it what is let through."""

from datetime import timedelta
from uuid import UUID

from tests.db.constraints.tables import NOW, NOWHERE, Rows, tokens
from tests.db.rows import A_TOKEN, ALICE, B_TOKEN, BARBARA, BOB, B, token

AGED = {"max_age_seconds": 600, "expiry_time": NOW + timedelta(seconds=600)}
SUCCESSOR = {"predecessor_id": A_TOKEN, "family_id": A_TOKEN}
KEYED = {"idempotency_key": "k", "idempotency_input": b"", "created_by": ALICE}
NETWORK = "192.0.2.0/24"

# The constraint that refuses the last of the rows.
REFUSED: list[tuple[str, Rows]] = [
    ("token_pkey", tokens(token(token_id=A_TOKEN))),
    ("token_organization_id_user_id_fkey", tokens(token(user_id=UUID(int=1)))),
    ("token_organization_id_user_id_fkey", tokens(token(user_id=BARBARA))),
    ("token_secret_hmac_check", tokens(token(secret_hmac=bytes(31)))),
    ("token_secret_hmac_check", tokens(token(secret_hmac=bytes(33)))),
    ("token_pepper_version_check", tokens(token(pepper_version=0))),
    ("token_description_check", tokens(token(description="d" * 1001))),
    ("token_max_age_seconds_check", tokens(token(**AGED | {"max_age_seconds": 599}))),
    ("token_max_age_seconds_check", tokens(token(**AGED | {"max_age_seconds": 315_360_001}))),
    ("token_ip_allowlist_check", tokens(token(ip_allowlist=[]))),
    ("token_ip_allowlist_check", tokens(token(ip_allowlist=[NETWORK] * 101))),
    ("token_scopes_check", tokens(token(scopes=[]))),
    ("token_scopes_check", tokens(token(scopes=["user:read"] * 101))),
    ("token_last_user_agent_check", tokens(token(last_used_time=NOW, last_user_agent="a" * 513))),
    ("token_idempotency_key_check", tokens(token(**KEYED | {"idempotency_key": ""}))),
    ("token_idempotency_key_check", tokens(token(**KEYED | {"idempotency_key": "k" * 256}))),
    ("token_sliding", tokens(token(extend_when_used=True))),
    ("token_expiry", tokens(token(**AGED | {"expiry_time": None}))),
    ("token_expiry", tokens(token(**AGED | {"max_age_seconds": None}))),
    ("token_revoker", tokens(token(revoked_by=ALICE))),
    ("token_use", tokens(token(last_ip="192.0.2.1"))),
    ("token_use", tokens(token(last_user_agent="curl"))),
    ("token_idempotency", tokens(token(idempotency_key="k"))),
    ("token_idempotency", tokens(token(idempotency_input=b""))),
    ("token_idempotency_key", tokens(token(**KEYED), token(**KEYED, user_id=BOB))),
    ("token_family", tokens(token(predecessor_id=A_TOKEN))),
    ("token_family", tokens(token(family_id=A_TOKEN))),
    ("token_predecessor", tokens(token(predecessor_id=NOWHERE, family_id=NOWHERE))),
    ("token_predecessor", tokens(token(predecessor_id=B_TOKEN, family_id=B_TOKEN))),
    ("token_successor", tokens(token(**SUCCESSOR), token(**SUCCESSOR))),
    ("token_overlap", tokens(token(supersede_time=NOW))),
    ("token_overlap", tokens(token(overlap_end_time=NOW))),
    (
        "token_overlap",
        tokens(token(supersede_time=NOW, overlap_end_time=NOW - timedelta(seconds=1))),
    ),
]

ALLOWED: dict[str, Rows] = {
    "a token id in another organization": tokens(
        token(token_id=A_TOKEN, organization_id=B, user_id=BARBARA)
    ),
    "the shortest and the longest age": tokens(
        token(**AGED), token(**AGED | {"max_age_seconds": 315_360_000}, extend_when_used=True)
    ),
    "one and a hundred networks and scopes": tokens(
        token(ip_allowlist=[NETWORK], scopes=["user:read"]),
        token(ip_allowlist=["2001:db8::/32"] * 100, scopes=["user:read"] * 100),
    ),
    "revoked by the operator, who has no id": tokens(token(revoke_time=NOW)),
    "revoked by somebody": tokens(token(revoke_time=NOW, revoked_by=BOB)),
    "a use without user agent, and the longest one": tokens(
        token(last_used_time=NOW, last_ip="2001:db8::1"),
        token(last_used_time=NOW, last_ip="192.0.2.1", last_user_agent="a" * 512),
    ),
    "a key by another actor": tokens(token(**KEYED), token(**KEYED | {"created_by": BOB})),
    "a key in another organization": tokens(
        token(**KEYED), token(**KEYED, organization_id=B, user_id=BARBARA)
    ),
    "the longest key": tokens(token(**KEYED | {"idempotency_key": "k" * 255})),
    "tokens without key by one actor": tokens(token(created_by=ALICE), token(created_by=ALICE)),
}
