"""Audit trails as tests write and read them."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from app import audit_trail
from app.audit import Action, Event, Target, as_json, difference
from app.audit_chain import Head, Tampered
from app.database import Database
from app.origins import OPERATOR, SERVICE, Author, Origin
from db import audit, audit_pages
from db.audit_pages import AuditEvent, EventFilter

ADA, TOKEN, ROBOT = uuid4(), uuid4(), uuid4()
ORIGIN = Origin("192.0.2.1", "curl/8, „ü“ 5:x,", "request-1")
EVENTS = [
    Event(Action.ORGANIZATION_CREATE, OPERATOR, Target("ORGANIZATION", ADA, ADA)),
    Event(
        Action.APPLICATION_USER_UPDATE,
        Author("USER", ADA, TOKEN, ORIGIN),
        Target("TOKEN", ROBOT, ADA),
        difference({"name": "é", "n": 1}, {"name": "漢字", "n": None}),
    ),
    Event(Action.GROUP_CREATE, Author("USER", ADA), Target("GROUP", ROBOT)),
    Event(
        Action.ACCESS_REQUEST,
        Author("USER", ADA, TOKEN, replace(ORIGIN, address="2001:db8::1")),
        Target("ORGANIZATION", ADA),
        reason="tokens: no",
    ),
    Event(Action.TOKEN_REVOKE, SERVICE, Target("TOKEN", ROBOT, ADA), difference({"a": 1}, None)),
    Event(Action.GROUP_DELETE, Author("USER", ADA), Target("GROUP", ROBOT)),
]


async def append(pool: Database, organization_id: UUID, *events: Event) -> None:
    async with pool.tenant(organization_id) as connection:
        await audit.append(connection, organization_id, as_json(list(events)))


async def found(pool: Database, organization_id: UUID, stored: Head | None = None) -> Tampered:
    """Verify a trail that must not pass."""
    with pytest.raises(Tampered) as refused:
        await audit_trail.verify(pool, organization_id, stored=stored)
    return refused.value


async def read(pool: Database, organization_id: UUID) -> list[AuditEvent]:
    async with pool.tenant(organization_id) as connection:
        return await audit_pages.list_page(
            connection, organization_id, EventFilter(), "ASC", 0, 1000
        )
