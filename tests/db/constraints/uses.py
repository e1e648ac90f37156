"""The history of uses: what is refused, and beside it what is let through."""

from datetime import date, timedelta
from uuid import UUID

from tests.db.constraints.tables import NOW, NOWHERE, Rows, token_uses
from tests.db.rows import B_TOKEN, token_use

USE_ID = UUID(int=0xE1)
OTHER = {"is_other": True, "ip": None, "user_agent": ""}

# The constraint that refuses the last of the rows; the first use of Alice's token is there already.
REFUSED: list[tuple[str, Rows]] = [
    ("token_use_pkey", token_uses(token_use(use_id=USE_ID, ip=None), token_use(use_id=USE_ID))),
    ("token_use_organization_id_token_id_fkey", token_uses(token_use(token_id=NOWHERE))),
    ("token_use_organization_id_token_id_fkey", token_uses(token_use(token_id=B_TOKEN))),
    ("token_use_key", token_uses(token_use())),
    ("token_use_key", token_uses(token_use(ip=None), token_use(ip=None))),
    ("token_use_key", token_uses(token_use(**OTHER), token_use(**OTHER))),
    ("token_use_user_agent_check", token_uses(token_use(user_agent="a" * 513))),
    ("token_use_use_count_check", token_uses(token_use(ip=None, use_count=0))),
    (
        "token_use_check",
        token_uses(
            token_use(ip=None, first_use_time=NOW, last_use_time=NOW - timedelta(microseconds=1))
        ),
    ),
    ("token_use_check1", token_uses(token_use(**OTHER | {"ip": "192.0.2.1"}))),
    ("token_use_check1", token_uses(token_use(**OTHER | {"user_agent": "curl"}))),
    ("token_use_check2", token_uses(token_use(ip=None, is_full=True))),
]

ALLOWED: dict[str, Rows] = {
    "another address, program and day": token_uses(
        token_use(ip="192.0.2.2"),
        token_use(user_agent=""),
        token_use(user_agent="a" * 512),
        token_use(use_date=date(2026, 2, 1)),
    ),
    "an unknown address without program, and what is not told apart": token_uses(
        token_use(ip=None, user_agent=""), token_use(**OTHER)
    ),
    "a day that is full": token_uses(token_use(**OTHER, is_full=True)),
    "very many uses": token_uses(token_use(ip=None, use_count=2**63 - 1)),
}
