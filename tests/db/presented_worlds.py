"""Tokens of the users of random organizations, in every state there is, and what a look-up says."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID, uuid4

from app.catalogue import Catalogue
from db.presented import PresentedToken
from tests.db import permission_worlds, rows
from tests.db.permission_worlds import World
from tests.db.rows import Connection, Row

NOW = datetime.now(UTC)
HOURS = [timedelta(hours=hours) for hours in (-2, -1, 1, 2)]
"""Far enough away that what a test takes does not matter."""
OF_RELEASE_BEFORE = (
    "organization_id, token_id, user_id, is_application_user, secret_hmac, pepper_version, refusal,"
    " max_age_seconds, extend_when_used, ip_allowlist, policy_networks, scopes, expiry_time,"
    " overlap_end_time, last_used_time, last_ip, last_user_agent, permissions"
)
"""What ``look_up_tokens`` says as well."""


Value = TypeVar("Value")


def maybe(dice: Random, *values: Value) -> Value | None:
    """Return one of them, or as likely as not None."""
    return dice.choice(values) if dice.randint(0, 1) else None


def draw_token(dice: Random, world: World, user_id: UUID, names: list[str]) -> Row:
    """Make a token up."""
    expiry, overlap = maybe(dice, *HOURS), maybe(dice, *HOURS)
    used = maybe(dice, *HOURS[:2])
    return rows.token(
        organization_id=world.organization_id,
        user_id=user_id,
        secret_hmac=dice.randbytes(32),
        pepper_version=dice.randint(1, 3),
        permission_ceiling=maybe(dice, [], dice.sample(names, len(names) // 2), names),
        create_time=NOW + dice.choice(HOURS[:2]),
        max_age_seconds=expiry and dice.choice([600, 86_400]),
        expiry_time=expiry and NOW + expiry,
        extend_when_used=bool(expiry and dice.randint(0, 1)),
        supersede_time=overlap and NOW + HOURS[0],
        overlap_end_time=overlap and NOW + overlap,
        revoke_time=maybe(dice, NOW) and maybe(dice, NOW),
        deactivate_time=maybe(dice, NOW) and maybe(dice, NOW),
        ip_allowlist=maybe(dice, ["192.0.2.0/24", "2001:db8::/32"]),
        scopes=maybe(dice, ["user:read"]),
        last_used_time=used and NOW + used,
        last_ip=used and maybe(dice, "192.0.2.1", "2001:db8::1"),
        last_user_agent=used and maybe(dice, "curl"),
    )


async def write(
    dice: Random, catalogue: Catalogue, connection: Connection
) -> tuple[World, list[Row]]:
    """Make a world with tokens up, and write it past the service."""
    world = permission_worlds.draw(dice, catalogue)
    await permission_worlds.write(world, connection)
    names = sorted({name for _, _, name in world.grants}) or ["developer"]
    tokens = [
        draw_token(dice, world, user_id, names)
        for user_id in world.users
        for _ in range(dice.randint(1, 3))
    ]
    async with connection.transaction():
        for row in tokens:
            await rows.insert(connection, "token", row)
        if dice.randint(0, 1):
            policy = rows.policy(
                organization_id=world.organization_id,
                expiry_required=bool(dice.randint(0, 1)),
                longest_max_age_seconds=maybe(dice, 600, 5400, 86_400),
                allowed_networks=maybe(dice, ["198.51.100.0/24"]),
            )
            await rows.insert(connection, "organization_policy", policy)
        for user_id in world.users:
            state = dice.choice(["ACTIVE", "ACTIVE", "DEACTIVATED", "DELETED"])
            await connection.execute(
                "UPDATE organization_user SET state = $3, delete_time = $4"
                " WHERE organization_id = $1 AND user_id = $2",
                world.organization_id,
                user_id,
                state,
                NOW if state == "DELETED" else None,
            )
    return world, tokens


def asked_of(world: World, tokens: list[Row]) -> list[tuple[Row, UUID]]:
    """Return each token with each place of its organization, and with one that is missing."""
    return [(token, place) for token in tokens for place in [*world.places, uuid4()]]


def expected(world: World, token: Row, place: UUID) -> set[str]:
    """The model: the names that were granted, cut down to the token's ceiling."""
    if place not in world.places:
        return set()
    user_id, ceiling = token["user_id"], token["permission_ceiling"]
    assert isinstance(user_id, UUID)
    held = {name for _, _, name in world.sources(user_id, place)}
    return held if ceiling is None else held & set(ceiling)  # pyright: ignore[reportArgumentType]


def differences(
    world: World, asked: list[tuple[Row, UUID]], found: list[PresentedToken]
) -> list[str]:
    """Say where the look-up and the model differ."""
    told = {token.number: token for token in found}
    wrong = [f"{len(asked)} asked, {len(told)} answered"] if len(told) != len(asked) else []
    for number, (row, place) in enumerate(asked, 1):
        token = told.get(number)
        if token is None or token.token_id != row["token_id"]:
            wrong.append(f"question {number} is answered by {token}")
        elif set(token.permissions) != expected(world, row, place):
            wrong.append(f"{row['token_id']} may {token.permissions} on {place}")
        elif len(set(token.permissions)) != len(token.permissions):
            wrong.append(f"{token.permissions} says something twice")
    return wrong
