"""What a user may do on a project, with few grants in the organization and with many.

The sizes are databases of their own, so that the small one is small in every respect. Half of the
resources are a path of units down to the project, as deep as there may be; the others lie beside.
The user is in every group, and each group has the same number of grants on each resource.
"""

import json
import math
import statistics
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg

from app import ids
from app.database import Database
from db import authority
from db.authority import Ask
from tests.bench import installation, turns
from tests.bench.harness import Plan, Row, Target, say
from tests.bench.installation import Machine, Tenant

SIZES = (10, 100, 1_000, 10_000)
DEPTH = 10
ROUNDS = 300

DOCUMENT = """query($user: ID!, $project: ID!) {
  effectivePermissions(principalId: $user, resourceId: $project) { permissions }
}"""

USER_SQL = """
SELECT user_id FROM organization_user WHERE organization_id = $1 AND NOT is_application_user
"""
GROUPS_SQL = """
INSERT INTO user_group (organization_id, group_id, name, name_key)
SELECT $1, g, 'g ' || g, 'g ' || g FROM unnest($2::uuid[]) AS g
"""
MEMBERS_SQL = """
INSERT INTO group_member (organization_id, group_id, user_id)
SELECT $1, g, $3 FROM unnest($2::uuid[]) AS g
"""
RESOURCES_SQL = """
INSERT INTO resource (organization_id, resource_id, kind, parent_id, name, name_key)
SELECT $1, r.resource_id,
       CASE WHEN r.parent_id IS NULL OR r.resource_id = ANY ($4) THEN 'ORGANIZATIONAL_UNIT'
            ELSE 'PROJECT' END,
       r.parent_id, 'r ' || r.resource_id, 'r ' || r.resource_id
  FROM unnest($2::uuid[], $3::uuid[]) AS r (resource_id, parent_id)
"""
GRANTS_SQL = """
INSERT INTO permission_grant (organization_id, principal_id, is_group, resource_id, permission)
SELECT $1, g, true, r, p
  FROM unnest($2::uuid[]) WITH ORDINALITY AS g (g, x)
 CROSS JOIN unnest($3::uuid[]) WITH ORDINALITY AS r (r, y)
 CROSS JOIN unnest(ARRAY['read_only', 'developer', 'operator', 'service:metrics:read',
                         'service:logs:read', 'service:data:write', 'project:services:read',
                         'project:integrations:read', 'project:permissions:read',
                         'project:networking:read']) WITH ORDINALITY AS p (p, z)
 ORDER BY z, (x + y) % 7, x, y
 LIMIT $4
"""


@dataclass(frozen=True)
class Size:
    """One of the databases, and the question that is asked of it."""

    grants: int
    reaching: int
    ask: Ask
    tenant: Tenant
    database: Database
    service: Target

    async def statement(self) -> object:
        """Resolve as the service does, in a transaction."""
        organization_id = self.tenant.organization_id
        async with self.database.tenant(organization_id) as connection:
            return await authority.find(connection, organization_id, [self.ask])

    def over_graphql(self) -> Target:
        """Return a request for it; who asks is who is asked about, so its look-up resolves, too."""
        organization_id = self.tenant.organization_id
        return installation.asking(
            self.service,
            DOCUMENT,
            self.tenant.token,
            user=ids.member_id("user", organization_id, self.ask.principal_id),
            project=ids.resource_id(organization_id, self.ask.resource_id),
        )


async def measure(machine: Machine, plan: Plan) -> list[Row]:
    """Resolve at every size in turn, one at a time."""
    async with AsyncExitStack() as stack:
        sizes = [await _size(stack, machine, grants) for grants in SIZES]
        requests = [size.over_graphql() for size in sizes]
        for request in requests:
            found = json.loads(await request.ask())["data"]["effectivePermissions"]["permissions"]
            if not found:
                raise RuntimeError("nothing is held")
        rounds = ROUNDS // 3 if plan.is_quick else ROUNDS
        seconds = await turns.in_turn([size.statement for size in sizes], rounds)
        rows = _report("statement", sizes, seconds)
        seconds = await turns.in_turn([request.ask for request in requests], rounds)
        return rows + _report("over GraphQL", sizes, seconds)


async def _size(stack: AsyncExitStack, machine: Machine, grants: int) -> Size:
    started = time.perf_counter()
    tenant = await installation.fill(await machine.server.copy(), users=10, tokens=10)
    ask, reaching = await _fill(tenant, grants)
    say(
        f"permissions: {grants:,} grants, {reaching:,} of them reach the project, loaded in"
        f" {time.perf_counter() - started:.1f} s"
    )
    database = await Database.open(tenant.urls.serving)
    stack.push_async_callback(database.close)
    service = await stack.enter_async_context(installation.service(machine.core, tenant.urls))
    return Size(grants, reaching, ask, tenant, database, service)


async def _fill(tenant: Tenant, grants: int) -> tuple[Ask, int]:
    """Write groups, resources and grants; return the question and how many grants answer it."""
    organization_id = tenant.organization_id
    groups = [uuid4() for _ in range(max(3, math.isqrt(grants) * 2))]
    path = [uuid4() for _ in range(DEPTH)]
    beside = [uuid4() for _ in range(max(1, math.isqrt(grants) // 2))]
    parents: list[UUID | None] = [None, *path[:-1], *[path[0]] * len(beside)]
    owner = await asyncpg.connect(tenant.urls.owner)
    try:
        user_id = await owner.fetchval(USER_SQL, organization_id)
        await owner.execute(GROUPS_SQL, organization_id, groups)
        await owner.execute(MEMBERS_SQL, organization_id, groups, user_id)
        await owner.execute(RESOURCES_SQL, organization_id, [*path, *beside], parents, path[:-1])
        written = await owner.execute(
            GRANTS_SQL, organization_id, groups, [organization_id, *path, *beside], grants
        )
        if written != f"INSERT 0 {grants}":
            raise RuntimeError(f"{written} for {grants}")
        reaching = await owner.fetchval(
            "SELECT count(*) FROM permission_grant"
            " WHERE is_group AND resource_id = ANY ($1::uuid[])",
            [organization_id, *path],
        )
        await owner.execute("VACUUM (ANALYZE)")
    finally:
        await owner.close()
    return Ask(user_id, False, path[-1], False), reaching


def _report(how: str, sizes: list[Size], seconds: list[list[float]]) -> list[Row]:
    milliseconds = [statistics.median(times) * 1e3 for times in seconds]
    say(f"permissions: {how}: " + ", ".join(f"{value:.2f}" for value in milliseconds) + " ms")
    return [
        Row(
            f"permissions at {size.grants:,} grants ({size.reaching:,} reach), {how}, time",
            turns.quotient(times, seconds[0]),
            f"{SIZES[0]} grants",
            "",
        )
        for size, times in zip(sizes[1:], seconds[1:], strict=True)
    ]
