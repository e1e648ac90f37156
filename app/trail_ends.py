"""What an audit trail says has ended behind an event, and what came to be: of a part that was lost.

A database that was restored from a backup has the beginning of its trail; an export has the whole.
Nothing here reads either: events are fed, in order.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_network
from typing import Any, Literal, TypeAlias
from uuid import UUID

import orjson

from app.audit import Action
from app.audit_chain import AuditEvent

EndKind: TypeAlias = Literal[
    "REVOKE_TOKEN",
    "REVOKE_TOKENS_OF_USER",
    "SUPERSEDE_TOKEN",
    "DEACTIVATE_TOKEN",
    "DEACTIVATE_USER",
    "REMOVE_MEMBER",
    "REVOKE_PERMISSION",
    "DELETE_USER",
    "DELETE_GROUP",
    "DELETE_RESOURCE",
    "DELETE_WEBHOOK",
    "TIGHTEN_POLICY",
]
REVERSIBLE: frozenset[EndKind] = frozenset(
    ("DEACTIVATE_TOKEN", "DEACTIVATE_USER", "REMOVE_MEMBER", "REVOKE_PERMISSION", "TIGHTEN_POLICY")
)
"""What somebody may have decided anew since; the others are for ever."""

Changes: TypeAlias = Mapping[str, Any]

Key: TypeAlias = tuple[EndKind, UUID, UUID | None, str | None]
"""The kind, what ended, whose it was, and of a grant the permission."""

_SIMPLE: Mapping[str, EndKind] = {
    Action.APPLICATION_USER_DELETE.value: "DELETE_USER",
    Action.USER_REMOVE.value: "DELETE_USER",
    Action.GROUP_DELETE.value: "DELETE_GROUP",
    Action.RESOURCE_DELETE.value: "DELETE_RESOURCE",
    Action.WEBHOOK_DELETE.value: "DELETE_WEBHOOK",
    Action.TOKEN_ROTATE.value: "SUPERSEDE_TOKEN",
    Action.TOKEN_DEACTIVATE.value: "DEACTIVATE_TOKEN",
    Action.GROUP_MEMBER_REMOVE.value: "REMOVE_MEMBER",
}
# Nothing that anybody could do differs by these.
_NOTICES = {
    Action.TOKEN_EXPIRE_SOON.value,
    Action.LIMIT_REQUEST.value,
    Action.ORGANIZATION_CREATE.value,
    Action.ORGANIZATION_RESTORE.value,
}


@dataclass(frozen=True, slots=True)
class End:
    """Something that ended, and the event that said so last."""

    kind: EndKind
    target_id: UUID
    principal_id: UUID | None
    permission: str | None
    event: AuditEvent
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Of a policy: what it became, field by field."""


@dataclass
class Lost:
    """What events that a database does not have say of it.

    ``ends`` has what ended and was not taken back, ``made`` what came to be and did not end,
    ``others`` the events of changes that are neither, ``touched`` whatever was decided either way.
    """

    ends: dict[Key, End] = field(default_factory=dict[Key, End])
    made: dict[UUID, AuditEvent] = field(default_factory=dict[UUID, AuditEvent])
    others: list[AuditEvent] = field(default_factory=list[AuditEvent])
    touched: set[Key] = field(default_factory=set[Key])
    is_noted: bool = False
    """Whether it is said that the database was restored."""
    _tokens: dict[UUID, set[UUID]] = field(default_factory=dict[UUID, set[UUID]])
    """Of each user, those among what was made."""

    def feed(self, event: AuditEvent) -> None:
        """Take the next event. Raises ValueError for one that this service does not write.

        Whoever can write a file can compute hashes that bear it out.
        """
        try:
            self._feed(event)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise ValueError(
                f"Event {event.sequence} does not say what events of its action say."
            ) from None

    def _feed(self, event: AuditEvent) -> None:
        if event.action == Action.ORGANIZATION_RESTORE.value:
            self.is_noted = True
        if event.outcome != "SUCCEEDED" or event.action in _NOTICES:
            return
        changes: dict[str, Any] = orjson.loads(event.changes)
        if event.action in _SIMPLE:
            self._end(_SIMPLE[event.action], event, fields=_after(changes))
        elif event.action in _HANDLERS:
            _HANDLERS[event.action](self, event, changes)
        else:
            self.others.append(event)

    def add(self, event: AuditEvent, _: Changes) -> None:
        """Note what came to be."""
        self.made[event.target_id] = event
        if event.target_kind == "TOKEN" and event.principal_id is not None:
            self._tokens.setdefault(event.principal_id, set()).add(event.target_id)

    def revoke(self, event: AuditEvent, _: Changes) -> None:
        """Note the end of a token, or of all that a user had."""
        of_user = event.target_kind != "TOKEN"
        self._end("REVOKE_TOKENS_OF_USER" if of_user else "REVOKE_TOKEN", event)

    def activate(self, event: AuditEvent, _: Changes) -> None:
        """Note that a token's deactivation was taken back."""
        if not self._take_back("DEACTIVATE_TOKEN", event):
            self.others.append(event)

    def join(self, event: AuditEvent, _: Changes) -> None:
        """Note that somebody is in a group."""
        self._take_back("REMOVE_MEMBER", event)
        self.others.append(event)

    def update(self, event: AuditEvent, changes: Changes) -> None:
        """Note a user's state."""
        state = changes.get("state")
        if state is None:
            self.others.append(event)
        elif state["after"] == "DEACTIVATED":
            self._end("DEACTIVATE_USER", event)
        elif not self._take_back("DEACTIVATE_USER", event):
            self.others.append(event)

    def permit(self, event: AuditEvent, changes: Changes) -> None:
        """Note what was granted and taken."""
        held = changes["permissions"]
        before, after = _names(held["before"]), _names(held["after"])
        if before is None or after is None:
            # Too long a list to be told in whole: somebody has to look.
            self.others.append(event)
            return
        for permission in sorted(before - after):
            self._end("REVOKE_PERMISSION", event, permission)
        for permission in sorted(after - before):
            self._take_back("REVOKE_PERMISSION", event, permission)
        if after - before:
            self.others.append(event)

    def set_policy(self, event: AuditEvent, changes: Changes) -> None:
        """Note what a policy became, on top of what it became before."""
        key: Key = ("TIGHTEN_POLICY", event.target_id, None, None)
        known = self.ends[key].fields if key in self.ends else {}
        fields = _after(changes)
        for name in _NUMBERS & fields.keys():
            if type(fields[name]) not in (int, type(None)):
                raise TypeError(name)
        for network in fields.get("allowedNetworks") or ():
            ip_network(network)
        self._end("TIGHTEN_POLICY", event, fields={**known, **fields})

    def _end(
        self,
        kind: EndKind,
        event: AuditEvent,
        permission: str | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> None:
        if kind == "SUPERSEDE_TOKEN":
            # Its successor was made in the same breath; the token itself was not lost with that.
            principal = None
            if datetime.fromisoformat((fields or {})["overlapEndTime"]).tzinfo is None:
                raise ValueError("a time has no zone")
        else:
            principal = event.principal_id if kind in _OF_TWO else None
            if kind in _OF_TWO and principal is None:
                raise ValueError("nobody is named whose it was")
            if kind not in REVERSIBLE:
                self._forget(kind, event.target_id)
        key: Key = (kind, event.target_id, principal, permission)
        self.touched.add(key)
        self.ends[key] = End(kind, event.target_id, principal, permission, event, fields or {})

    def _forget(self, kind: EndKind, target_id: UUID) -> None:
        """Drop what was made and has ended: nobody misses it."""
        self.made.pop(target_id, None)
        if kind in {"DELETE_USER", "REVOKE_TOKENS_OF_USER"}:
            for token_id in self._tokens.pop(target_id, ()):
                self.made.pop(token_id, None)

    def _take_back(self, kind: EndKind, event: AuditEvent, permission: str | None = None) -> bool:
        """Tell whether that undoes an end which is known; else the database still has it."""
        principal = event.principal_id if kind in _OF_TWO else None
        key: Key = (kind, event.target_id, principal, permission)
        self.touched.add(key)
        return self.ends.pop(key, None) is not None


_OF_TWO: frozenset[EndKind] = frozenset(("REMOVE_MEMBER", "REVOKE_PERMISSION"))


_NUMBERS = {"longestMaxAgeSeconds", "deactivateUnusedAfterDays", "revokeUnusedAfterDays"}


def _after(changes: Changes) -> dict[str, Any]:
    return {name: values["after"] for name, values in changes.items()}


def _names(listed: Sequence[str] | None) -> set[str] | None:
    """Return what a list names; None where it was cut."""
    names = set(listed or ())
    return None if any(name.startswith("…") for name in names) else names


_HANDLERS: Mapping[str, Callable[[Lost, AuditEvent, Changes], None]] = {
    Action.APPLICATION_USER_CREATE.value: Lost.add,
    Action.TOKEN_GENERATE.value: Lost.add,
    Action.USER_ADD.value: Lost.add,
    Action.GROUP_CREATE.value: Lost.add,
    Action.RESOURCE_CREATE.value: Lost.add,
    Action.WEBHOOK_CREATE.value: Lost.add,
    Action.TOKEN_REVOKE.value: Lost.revoke,
    Action.FOUND_TOKEN_REVOKE.value: Lost.revoke,
    Action.TOKEN_ACTIVATE.value: Lost.activate,
    Action.APPLICATION_USER_UPDATE.value: Lost.update,
    Action.USER_UPDATE.value: Lost.update,
    Action.GROUP_MEMBER_ADD.value: Lost.join,
    Action.PERMISSION_GRANT.value: Lost.permit,
    Action.PERMISSION_REVOKE.value: Lost.permit,
    Action.POLICY_SET.value: Lost.set_policy,
}
