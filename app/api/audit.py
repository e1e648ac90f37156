"""The audit trail in GraphQL: an event, and the list of an organization's events."""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Annotated
from uuid import UUID

import orjson
import strawberry
from strawberry import ID

from app import audit, audit_trail, ids, inputs, references
from app.access import AuditReader
from app.api.audit_actions import AuditAction, AuditTargetKind, action_of, target_kind_of
from app.api.connections import After, Connection, First, at_most, connection_of
from app.api.nodes import DIRECTIONS, ContextInfo, Node, OrderDirection
from app.api.scalars import Time
from app.api.tokens import Token
from app.api.users import User, load_user
from app.audit import Action
from app.audit_trail import AuditEvent as EventRow
from app.audit_trail import EventFilter
from app.errors import Code
from app.paging import DEFAULT_FIRST

NOBODY = UUID(int=0)
"""What an id of another organization stands for: it is answered like one that does not exist."""


@strawberry.enum(description="What became of what somebody did or asked for.")
class AuditOutcome(Enum):
    SUCCEEDED = strawberry.enum_value("SUCCEEDED", description="It was done.")
    REFUSED = strawberry.enum_value("REFUSED", description="It was refused; nothing was changed.")


@strawberry.enum(description="Who acts.")
class AuditActorKind(Enum):
    USER = strawberry.enum_value("USER", description="A user, with a token or signed in.")
    OPERATOR = strawberry.enum_value(
        "OPERATOR", description="The operator of the service, by a command on the host."
    )
    SERVICE = strawberry.enum_value(
        "SERVICE", description="The service itself, as a policy or an expiry has it."
    )


@strawberry.type(description="A field that an event changed.")
class FieldChange:
    field: str = strawberry.field(description="Its name, as the API has it.")
    before: str | None = strawberry.field(
        description='Its value before, as JSON: `"ci"`, `3`, `true`, `["a"]`. Null where it had'
        " none, or the thing was not there yet."
    )
    after: str | None = strawberry.field(
        description="Its value after, as JSON. Null where it has none, or the thing is gone."
    )


@strawberry.type(
    description="What somebody did in an organization, or was refused. Events are never changed or"
    " removed; each holds the hash of the one before it."
)
class AuditEvent(Node):
    row: strawberry.Private[EventRow]
    reader: strawberry.Private[AuditReader]
    sequence: int = strawberry.field(
        description="Its place in the organization's trail: 1, 2, 3 and so on without gaps."
    )
    event_time: Time = strawberry.field(description="When it happened, by the database's clock.")
    action: AuditAction | None = strawberry.field(
        description="What was done, tried or noticed; null for an action of a later release, as"
        " while one is rolled out: `actionName` has its name."
    )
    action_name: str = strawberry.field(
        description="The action in the three parts that exports and webhooks have, for example"
        " `application_user:token:generate`."
    )
    outcome: AuditOutcome = strawberry.field(description="Whether it was done or refused.")
    actor_kind: AuditActorKind = strawberry.field(description="Who acted.")
    actor_id: ID | None = strawberry.field(
        description="The user that acted; null for the operator and the service."
    )
    actor_token_id: ID | None = strawberry.field(
        description="The token that the request was made with; null where there was none."
    )
    ip: str | None = strawberry.field(description="The address it came from; null if not known.")
    user_agent: str | None = strawberry.field(
        description="The User-Agent it came with, at most 512 characters; null if there was none."
    )
    request_id: str | None = strawberry.field(
        description="The request's id, which its answer had in `X-Request-Id`, and the log has."
    )
    target_kind: AuditTargetKind | None = strawberry.field(
        description="What it was about; null for a kind of thing of a later release."
    )
    target_id: ID = strawberry.field(description="The thing it was about; it may be gone.")
    principal_id: ID | None = strawberry.field(
        description="The user or group whose the target is or was, where that is something else."
    )
    reason: str | None = strawberry.field(
        description="Why it was refused; null where it was not. Of a refused token, which is told"
        " nothing: REVOKED, EXPIRED, SUPERSEDED, USER_DEACTIVATED, UNUSED, POLICY or NETWORK."
    )
    previous_hash: str = strawberry.field(
        description="The hash of the event before it, in hexadecimal digits; zeros for the first."
    )
    hash: str = strawberry.field(
        description="SHA-256 of the hash before and of everything in this event, in hexadecimal"
        " digits. `appusers audit verify` recomputes it."
    )

    @strawberry.field(description="The organization that it belongs to.")
    def organization_id(self) -> ID:
        return ID(ids.organization_id(self.row.organization_id))

    @strawberry.field(
        description="The user that acted, deleted or not; null for the operator and the service."
        " Permission: `organization:event_logs:read`."
    )
    async def actor(self, info: ContextInfo) -> User | None:
        return await load_user(info, self.reader, self.row.actor_user_id)

    @strawberry.field(
        description="The token that the request was made with; null where there was none, where it"
        " is gone, and where it is a person's and the caller is no administrator. Permission:"
        " `organization:event_logs:read`."
    )
    async def actor_token(self, info: ContextInfo) -> Token | None:
        if self.row.actor_token_id is None:
            return None
        row = await info.context.loaders.tokens.load((self.reader, self.row.actor_token_id))
        return Token.of(row, info) if row else None

    @strawberry.field(
        description="The user that it was about, or whose the token, the membership or the grant"
        " is that it was about, deleted or not; null where that is no user. Permission:"
        " `organization:event_logs:read`."
    )
    async def target_user(self, info: ContextInfo) -> User | None:
        row = self.row
        if row.principal_is_user:
            return await load_user(info, self.reader, row.principal_id)
        users = (AuditTargetKind.APPLICATION_USER, AuditTargetKind.ORGANIZATION_USER)
        is_user = self.target_kind in users
        return await load_user(info, self.reader, row.target_id if is_user else None)

    @strawberry.field(description="The fields that differ, in the order of their names.")
    def changes(self) -> list[FieldChange]:
        changes: dict[str, dict[str, object]] = orjson.loads(self.row.changes)
        return [
            FieldChange(field=name, before=_json(each["before"]), after=_json(each["after"]))
            for name, each in sorted(changes.items())
        ]

    @classmethod
    def of(cls, row: EventRow, reader: AuditReader) -> "AuditEvent":
        """Make the shape of a row."""
        organization_id = row.organization_id
        return cls(
            row=row,
            reader=reader,
            id=ID(audit.event_id(organization_id, row.sequence)),
            sequence=row.sequence,
            event_time=Time(row.event_time),
            action=action_of(row.action),
            action_name=row.action,
            outcome=AuditOutcome(row.outcome),
            actor_kind=AuditActorKind(row.actor_kind),
            actor_id=_id(audit.actor_id(organization_id, row.actor_user_id)),
            actor_token_id=_id(audit.actor_token_id(organization_id, row.actor_token_id)),
            ip=row.ip,
            user_agent=row.user_agent,
            request_id=row.request_id,
            target_kind=target_kind_of(row.target_kind),
            target_id=ID(audit.target_id(organization_id, row.target_kind, row.target_id)),
            principal_id=_id(
                audit.principal_id(organization_id, row.principal_id, is_user=row.principal_is_user)
            ),
            reason=row.reason,
            previous_hash=row.previous_hash.hex(),
            hash=row.hash.hex(),
        )


def _id(value: str | None) -> ID | None:
    return None if value is None else ID(value)


def _json(value: object) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


@strawberry.input(name="AuditEventFilter", description="Which events to list; all without a field.")
class AuditEventFilterInput:
    actor_id: ID | None = strawberry.field(default=None, description="Done by this user.")
    actor_token_id: ID | None = strawberry.field(
        default=None, description="Done with this token, or refused to it."
    )
    target_id: ID | None = strawberry.field(
        default=None,
        description="About this thing, or about something that is this user's or group's. Any id"
        " that `targetId` and `principalId` of an event have; an application user's gives what was"
        " done to it and to its tokens.",
    )
    actions: list[AuditAction] | None = strawberry.field(
        default=None, description="One of these actions."
    )
    outcome: AuditOutcome | None = strawberry.field(default=None, description="With this outcome.")
    since: Time | None = strawberry.field(default=None, description="At this time or later.")
    until: Time | None = strawberry.field(default=None, description="Before this time.")


@strawberry.type
class AuditQueries:
    @strawberry.field(
        description="The audit trail of an organization, the newest event first: every change with"
        " who made it, every refusal, every refused token. Permission:"
        " `organization:event_logs:read`."
    )
    async def audit_events(
        self,
        info: ContextInfo,
        organization_id: Annotated[ID, strawberry.argument(description="The organization.")],
        first: First = DEFAULT_FIRST,
        after: After = None,
        filter: Annotated[
            AuditEventFilterInput | None, strawberry.argument(description="Which to list.")
        ] = None,
        direction: Annotated[
            OrderDirection, strawberry.argument(description="ASC begins with the oldest.")
        ] = OrderDirection.DESC,
    ) -> Connection[AuditEvent]:
        reader = info.context.require(
            AuditReader, references.organization("organizationId", organization_id)
        )
        asked = audit_trail.page_request(DIRECTIONS[direction], at_most(first), after)
        keep = _keep(reader.organization_id, filter)
        page = await audit_trail.list_page(info.context.database, reader, keep, asked)
        return connection_of(page, lambda row: AuditEvent.of(row, reader))


async def find_event(info: ContextInfo, public_id: str) -> AuditEvent | None:
    """Return an event by its public id, None where it is missing or foreign."""
    organization_id, number = references.member("event", "id", public_id)
    reader = info.context.require_or_none(AuditReader, organization_id)
    row = await audit_trail.find(info.context.database, reader, number.int) if reader else None
    return AuditEvent.of(row, reader) if row and reader else None


def _keep(organization_id: UUID, wanted: AuditEventFilterInput | None) -> EventFilter:
    if wanted is None:
        return EventFilter()

    def own(found: tuple[UUID, UUID] | None) -> UUID | None:
        return found and (found[1] if found[0] == organization_id else NOBODY)

    return EventFilter(
        actor_id=own(_given(references.user, "filter.actorId", wanted.actor_id)),
        actor_token_id=own(_given(references.token, "filter.actorTokenId", wanted.actor_token_id)),
        target_id=own(_given(_target, "filter.targetId", wanted.target_id)),
        actions=_actions(wanted.actions),
        outcome=wanted.outcome.name if wanted.outcome else None,
        since=wanted.since,
        until=wanted.until,
    )


def _given(
    read: Callable[[str, str], tuple[UUID, UUID]], path: str, value: ID | None
) -> tuple[UUID, UUID] | None:
    return None if value is None else read(path, value)


def _target(path: str, value: str) -> tuple[UUID, UUID]:
    kind = ids.kind_of(value)
    if kind == "org":
        organization_id = references.organization(path, value)
        return organization_id, organization_id
    if kind is None:
        raise inputs.invalid(
            path, Code.INVALID_ID, f"{path} is no id such as org_…, user_…, group_… or token_…."
        )
    return references.member(kind, path, value)


def _actions(wanted: Sequence[AuditAction] | None) -> tuple[str, ...] | None:
    if wanted is None:
        return None
    if not wanted:
        raise inputs.invalid(
            "filter.actions",
            Code.TOO_SHORT,
            "filter.actions cannot be empty; leave it out instead.",
        )
    return tuple(dict.fromkeys(Action[action.name].value for action in wanted))
