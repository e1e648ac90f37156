"""Audit events and their chain: what is refused, and beside it what is let through."""

from tests.db.constraints.tables import NOWHERE, Rows, chain_ends, events
from tests.db.rows import B, chain_end, event

# The constraint that refuses the last of the rows.
REFUSED: list[tuple[str, Rows]] = [
    ("audit_chain_pkey", chain_ends(chain_end())),
    ("audit_chain_organization_id_fkey", chain_ends(chain_end(organization_id=NOWHERE))),
    ("audit_chain_last_hash_check", chain_ends(chain_end(last_hash=bytes(31)))),
    ("audit_event_pkey", events(event(), event())),
    ("audit_event_organization_id_fkey", events(event(organization_id=NOWHERE))),
    ("audit_event_sequence_check", events(event(sequence=0))),
    ("audit_event_action_check", events(event(action="organization:group"))),
    ("audit_event_action_check", events(event(action="Organization:group:create"))),
    ("audit_event_outcome_check", events(event(outcome="FAILED", reason=None))),
    ("audit_event_actor_kind_check", events(event(actor_kind="ROOT", actor_user_id=None))),
    ("audit_event_actor", events(event(actor_user_id=None))),
    ("audit_event_actor", events(event(actor_kind="SERVICE"))),
    ("audit_event_changes_check", events(event(changes="[]"))),
    ("audit_event_changes_check", events(event(changes="[1]"))),
    ("audit_event_reason", events(event(outcome="REFUSED"))),
    ("audit_event_reason", events(event(reason="no"))),
]

ALLOWED: dict[str, Rows] = {
    "a refusal, the operator and the service, the same place in another organization": events(
        event(outcome="REFUSED", reason=""),
        event(sequence=1001, actor_kind="OPERATOR", actor_user_id=None),
        event(sequence=1002, actor_kind="SERVICE", actor_user_id=None),
        event(organization_id=B),
    ),
}
