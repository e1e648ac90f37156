"""Lists over GraphQL against Strawberry as documented: many children, and a single thing."""

import json
import sys

from app import ids
from tests.bench import harness, installation
from tests.bench.harness import Plan, Row, Target, say
from tests.bench.installation import Machine, Tenant

USERS = 50
TOKENS_EACH = 10
LEAVES = USERS * (5 + TOKENS_EACH * 6)

BIG = """query($organization: ID!) {
  applicationUsers(organizationId: $organization, first: 50) {
    nodes {
      id name description state createTime
      tokens(first: 10) { nodes { id tokenPrefix description status createTime lastUsedTime } }
    }
  }
}"""
SMALL = "query($user: ID!) { applicationUser(id: $user) { id name description state createTime } }"


async def measure(machine: Machine, plan: Plan) -> list[Row]:
    """Drive both servers over TCP from this process, which is on another core."""
    tenant = await installation.fill(
        await machine.server.copy(), users=USERS, tokens=USERS * TOKENS_EACH
    )
    reference = [sys.executable, "-m", "tests.bench.reference"]
    environment = {"DATABASE_URL": tenant.urls.owner}
    async with installation.service(machine.core, tenant.urls) as ours:
        with installation.listening(machine.core, reference, environment) as other:
            return [
                await _compare(plan, "big", *_big(tenant, ours, other), connections=2),
                await _compare(plan, "small", *_small(tenant, ours, other), connections=8),
            ]


def _big(tenant: Tenant, ours: Target, other: Target) -> tuple[Target, Target]:
    return (
        installation.asking(ours, BIG, tenant.token, organization=tenant.public_id),
        installation.asking(other, BIG, organization=str(tenant.organization_id)),
    )


def _small(tenant: Tenant, ours: Target, other: Target) -> tuple[Target, Target]:
    user = tenant.user_ids[0]
    public_id = ids.member_id("user", tenant.organization_id, user)
    return (
        installation.asking(ours, SMALL, tenant.token, user=public_id),
        installation.asking(other, SMALL, user=str(user)),
    )


async def _compare(plan: Plan, name: str, ours: Target, other: Target, connections: int) -> Row:
    answers = [json.loads(await target.ask()) for target in (ours, other)]
    leaves = {_leaves(answer) for answer in answers}
    if leaves != {LEAVES if name == "big" else 5}:
        raise RuntimeError(f"the two answers differ in shape: {leaves} leaves")
    for target in (ours, other):
        await target.load(connections, plan.seconds / 2)
    pairs = await harness.in_turn(
        plan,
        lambda: ours.load(connections, plan.seconds),
        lambda: other.load(connections, plan.seconds),
    )
    say(f"graphql {name}: {harness.rates(pairs)}")
    shape = f"{USERS} users of {TOKENS_EACH} tokens" if name == "big" else "one user, 5 fields"
    return Row(
        f"GraphQL {name}: {shape}, requests/s",
        harness.ratio(pairs),
        "Strawberry as documented",
        harness.cpu(pairs),
    )


def _leaves(answer: object) -> int:
    match answer:
        case dict():
            return sum(_leaves(value) for value in answer.values())
        case list():
            return sum(_leaves(value) for value in answer)
        case _:
            return 1
