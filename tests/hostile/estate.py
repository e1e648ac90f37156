"""An organization in which everything is as dear to answer as the bounds on input allow.

Lists are full, texts are long, tokens are bound to a hundred networks, and everything has somebody
who made it. Written past the service, in bulk.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from app import catalogue, ids, organizations
from app.database import Database
from app.token_format import parse_peppers
from tests.postgres import Urls

PEPPER = "a-pepper-for-hostile-input-of-more-than-32-characters"
LIST = 100
"""The most items of a page, and of a list of networks."""
WIDE = "\N{GRINNING FACE}"
"""A character of four bytes, which is as many as there are."""
CHAIN = 10
"""How deep resources stand in each other."""

# Ids are counted, so that a row can name another; $1 is the organization, $2 the administrator.
_USERS_SQL = """
INSERT INTO organization_user
       (organization_id, user_id, is_application_user, name, name_key, description, email,
        created_by, last_activity_time, issuer, subject)
SELECT $1, ('00000000-0000-7000-8000-' || lpad((n + $4)::text, 12, '0'))::uuid, $5,
       rpad('user ' || n, 255, $6), 'user ' || (n + $4), repeat($6, 1000),
       n || '@hostile.invalid', $2, now(),
       CASE WHEN NOT $5 THEN 'https://issuer.example' END, CASE WHEN NOT $5 THEN n::text END
  FROM generate_series(1, $3::int) AS n
"""
_TOKENS_SQL = """
INSERT INTO token
       (organization_id, token_id, user_id, secret_hmac, pepper_version, description,
        max_age_seconds, extend_when_used, ip_allowlist, scopes, permission_ceiling, create_time,
        created_by, expiry_time, last_used_time, last_ip, last_user_agent, predecessor_id,
        family_id, supersede_time, overlap_end_time)
SELECT $1, ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid,
       ('00000000-0000-7000-8000-' || lpad((1 + n % $4::int)::text, 12, '0'))::uuid,
       sha256(n::text::bytea), 1, repeat($8, 1000), 31536000, false,
       ARRAY(SELECT ('2001:db8:1234:5678:9abc:def0:' || to_hex(n) || ':' || to_hex(i))::cidr
               FROM generate_series(1000, 999 + $5::int) AS i),
       $6::text[], $7::text[], now() - make_interval(secs => n), $2,
       now() + interval '1 year', now(), ('2001:db8::' || to_hex(n % 65536))::inet,
       rpad('Mozilla/5.0 (X11; Linux x86_64; rv:' || n || '.0) Firefox/' || n || '.0', 510, 'x'),
       -- Every other one has a successor, the one before it.
       CASE WHEN n % 2 = 1 AND n < $3
            THEN ('00000000-0000-7000-9000-' || lpad((n + 1)::text, 12, '0'))::uuid END,
       CASE WHEN n % 2 = 1 AND n < $3
            THEN ('00000000-0000-7000-9000-' || lpad((n + 1)::text, 12, '0'))::uuid END,
       CASE WHEN n % 2 = 0 THEN now() END,
       CASE WHEN n % 2 = 0 THEN now() + interval '7 days' END
  FROM generate_series($3::int, 1, -1) AS n
"""
_USES_SQL = """
INSERT INTO token_use
       (organization_id, token_id, user_id, use_date, ip, user_agent, use_count, first_use_time,
        last_use_time)
SELECT $1, t.token_id, t.user_id, current_date - d, t.last_ip, left(t.last_user_agent, 505) || d, 7,
       now() - make_interval(days => d), now() - make_interval(days => d)
  FROM token t, generate_series(0, $2::int - 1) AS d
 WHERE t.organization_id = $1
   AND t.last_ip IS NOT NULL AND (d < 2 OR t.token_id = '00000000-0000-7000-9000-000000000001')
"""
_GROUPS_SQL = """
INSERT INTO user_group (organization_id, group_id, name, name_key, description, created_by)
SELECT $1, ('00000000-0000-7000-a000-' || lpad(n::text, 12, '0'))::uuid,
       rpad('group ' || n, 255, $4), 'group ' || n, repeat($4, 1000), $2
  FROM generate_series(1, $3::int) AS n
"""
_MEMBERS_SQL = """
INSERT INTO group_member (organization_id, group_id, user_id, created_by)
SELECT $1, g.group_id, u.user_id, $2
  FROM user_group g, organization_user u
 WHERE g.organization_id = $1 AND u.organization_id = $1
   AND u.user_id::text LIKE '00000000-0000-7000-8000-%'
"""
_RESOURCES_SQL = """
INSERT INTO resource (organization_id, resource_id, kind, parent_id, name, name_key, created_by)
SELECT $1, ('00000000-0000-7000-b000-' || lpad(n::text, 12, '0'))::uuid, 'ORGANIZATIONAL_UNIT',
       CASE WHEN n % $4::int <> 1
            THEN ('00000000-0000-7000-b000-' || lpad((n - 1)::text, 12, '0'))::uuid END,
       rpad('unit ' || n, 255, $5), 'unit ' || n, $2
  FROM generate_series(1, $3::int) AS n
"""
_GRANTS_SQL = """
INSERT INTO permission_grant
       (organization_id, principal_id, resource_id, permission, is_group, created_by)
SELECT $1, g.group_id, r.resource_id, $3::text, true, $2
  FROM user_group g, resource r
 WHERE g.organization_id = $1 AND r.organization_id = $1 AND r.resource_id::text < $4::text
"""
_WEBHOOKS_SQL = """
INSERT INTO webhook_endpoint
       (organization_id, endpoint_id, url, description, actions, pepper_version, created_by)
SELECT $1, ('00000000-0000-7000-c000-' || lpad(n::text, 12, '0'))::uuid,
       'https://hooks.example/' || repeat('p', 2000) || n, repeat($3, 1000), NULL, 1, $2
  FROM generate_series(1, 20) AS n
"""
_REQUESTS_SQL = """
INSERT INTO limit_request
       (organization_id, request_id, application_user_limit, reason, state, created_by,
        answer_time, answered_limit)
SELECT $1, ('00000000-0000-7000-d000-' || lpad(n::text, 12, '0'))::uuid, 100, repeat($3, 1000),
       'GRANTED', $2, now(), 100
  FROM generate_series(1, 100) AS n
"""


@dataclass(frozen=True)
class Estate:
    """What there is, by public id."""

    organization_id: str
    admin_id: str
    token: str = field(repr=False)
    """The administrator's."""
    users: list[str]
    people: list[str]
    tokens: list[str]
    groups: list[str]
    units: list[str]
    webhooks: list[str]

    def names(self) -> dict[str, str]:
        """Return an id of each kind, by the names that documents call them."""
        return {
            "ORG": self.organization_id,
            "USER": self.users[0],
            "PERSON": self.people[0],
            "TOKEN": self.tokens[0],
            "GROUP": self.groups[0],
            "UNIT": self.units[-1],
            "HOOK": self.webhooks[0],
        }


async def make(urls: Urls, *, users: int = LIST, tokens: int = 40 * LIST) -> Estate:
    """Fill a database; the larger pages need the tokens that are made unless told otherwise."""
    database = await Database.open(urls.serving, size=1)
    try:
        made = await organizations.bootstrap(
            database, parse_peppers(PEPPER), name="Hostile", admin_email="admin@hostile.example"
        )
    finally:
        await database.close()
    who = made.organization_id, made.user_id
    owner = await asyncpg.connect(urls.owner)
    try:
        await _fill(owner, *who, users, tokens)
        await owner.execute("VACUUM (ANALYZE)")
    finally:
        await owner.close()
    return Estate(
        ids.organization_id(who[0]),
        ids.member_id("user", *who),
        made.full_token,
        [ids.member_id("user", who[0], _id("8", n)) for n in range(1, users + 1)],
        [ids.member_id("user", who[0], _id("8", users + n)) for n in range(1, users + 1)],
        [ids.member_id("token", who[0], _id("9", n)) for n in range(1, tokens + 1)],
        [ids.member_id("group", who[0], _id("a", n)) for n in range(1, LIST + 1)],
        [ids.resource_id(who[0], _id("b", n)) for n in range(1, LIST + 1)],
        [ids.member_id("webhook", who[0], _id("c", n)) for n in range(1, 21)],
    )


def _id(kind: str, number: int) -> UUID:
    return UUID(f"00000000-0000-7000-{kind}000-{number:012}")


async def _fill(
    owner: "asyncpg.Connection[Any]", organization_id: UUID, admin_id: UUID, users: int, tokens: int
) -> None:
    who = organization_id, admin_id
    known = catalogue.load()
    entries = [name for name, entry in known.entries.items() if not entry.is_role]
    await owner.execute(
        "UPDATE organization SET application_user_limit = 1000, application_user_count = $2"
        " WHERE organization_id = $1",
        organization_id,
        users,
    )
    await owner.execute(_USERS_SQL, *who, users, 0, True, WIDE)
    await owner.execute(_USERS_SQL, *who, users, users, False, WIDE)
    await owner.execute(
        _TOKENS_SQL, *who, tokens, users, LIST, sorted(known.scopes), sorted(entries), WIDE
    )
    await owner.execute(_USES_SQL, organization_id, LIST)
    await owner.execute(_GROUPS_SQL, *who, LIST, WIDE)
    await owner.execute(_MEMBERS_SQL, *who)
    await owner.execute(_RESOURCES_SQL, *who, LIST, CHAIN, WIDE)
    first = str(_id("b", CHAIN + 1))
    await owner.execute(_GRANTS_SQL, *who, "project:services:read", first)
    await owner.execute(_WEBHOOKS_SQL, *who, WIDE)
    await owner.execute(_REQUESTS_SQL, *who, WIDE)
    await owner.execute(
        "INSERT INTO organization_policy (organization_id, allowed_networks, expiry_required,"
        " updated_by) SELECT $1, ARRAY(SELECT ('10.' || i || '.0.0/16')::cidr"
        " FROM generate_series(1, 100) AS i), false, $2",
        *who,
    )
    async with owner.transaction():
        await owner.execute(
            "SELECT set_config('app.organization_id', $1, true)", str(organization_id)
        )
        await owner.execute(
            "SELECT append_audit_events($1, $2)", organization_id, _events(admin_id, LIST)
        )


def _events(admin_id: UUID, count: int) -> str:
    fields = {
        name: {"before": None, "after": [f"10.1.{i}.0/24" for i in range(LIST)]}
        for name in ("ipAllowlist", "scopes", "permissionCeiling", "description", "expiryTime")
    }
    return orjson.dumps(
        [
            {
                "action": "application_user:token:generate",
                "outcome": "SUCCEEDED",
                "actor_kind": "USER",
                "actor_user_id": str(admin_id),
                "actor_token_id": str(_id("9", number)),
                "ip": "2001:db8::1",
                "user_agent": "u" * 500,
                "request_id": "r" * 40,
                "target_kind": "TOKEN",
                "target_id": str(_id("9", number)),
                "principal_id": str(_id("8", 1)),
                "changes": fields,
            }
            for number in range(1, count + 1)
        ]
    ).decode()
