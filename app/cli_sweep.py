"""What ``appusers sweep`` does and prints."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import click

from app import commands, ids, sweeps, tenants, token_format
from app.database import Database
from app.origins import OPERATOR
from app.startup import Installation
from app.sweeps import UnusedToken


@dataclass
class _Tally:
    organizations: int = 0
    deactivated: int = 0
    revoked: int = 0


async def run(
    place: Installation, *, organization_id: UUID | None, apply: bool, as_json: bool
) -> None:
    """Sweep one organization or all, or print what that would do.

    Raises NotFound for an organization that there is not, and DatabaseUnavailable; what was swept
    before stays swept.
    """
    tally = _Tally()
    async with (
        commands.database(place) as database,
        aclosing(_chosen(database, organization_id)) as chosen,
    ):
        async for each in chosen:
            await _one(database, each, tally, apply=apply, as_json=as_json)
    if not as_json:
        click.echo(_summary(tally, apply=apply))


async def _chosen(database: Database, organization_id: UUID | None) -> AsyncGenerator[UUID]:
    if organization_id is None:
        async with aclosing(tenants.list_organization_ids(database)) as found:
            async for each in found:
                yield each
    else:
        await sweeps.require_organization(database, organization_id)
        yield organization_id


async def _one(
    database: Database, organization_id: UUID, tally: _Tally, *, apply: bool, as_json: bool
) -> None:
    work = (
        sweeps.apply(database, organization_id, OPERATOR)
        if apply
        else sweeps.list_unused(database, organization_id)
    )
    is_first = True
    async with aclosing(work) as batches:
        async for batch in batches:
            if is_first and not as_json:
                click.echo(ids.organization_id(organization_id))
            for token in batch:
                say = _json if as_json else _line
                click.echo(say(organization_id, token, apply=apply))
            tally.organizations += is_first
            revoked = sum(token.is_to_revoke for token in batch)
            tally.revoked += revoked
            tally.deactivated += len(batch) - revoked
            is_first = False
            if apply:
                done = f"{tally.deactivated} deactivated, {tally.revoked} revoked so far"
                click.echo(done, err=True)


def _line(organization_id: UUID, token: UnusedToken, *, apply: bool) -> str:
    act = "revoke" if token.is_to_revoke else "deactivate"
    if apply:
        act += "d"
    used = "last used " + _time(token.last_used_time) if token.last_used_time else "never used"
    token_id = ids.member_id("token", organization_id, token.token_id)
    return (
        f"  {act:<11}  {token_format.prefix_of(token.token_id)}  {used},"
        f" unused since {_time(token.unused_since)}  {token_id}"
    )


def _json(organization_id: UUID, token: UnusedToken, *, apply: bool) -> str:
    return json.dumps(
        {
            "organizationId": ids.organization_id(organization_id),
            "applicationUserId": ids.member_id("user", organization_id, token.user_id),
            "tokenId": ids.member_id("token", organization_id, token.token_id),
            "tokenPrefix": token_format.prefix_of(token.token_id),
            "act": "REVOKE" if token.is_to_revoke else "DEACTIVATE",
            "isDone": apply,
            "lastUsedTime": _time(token.last_used_time) if token.last_used_time else None,
            "unusedSinceTime": _time(token.unused_since),
        }
    )


def _time(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")


def _summary(tally: _Tally, *, apply: bool) -> str:
    count = f"{tally.deactivated} to deactivate and {tally.revoked} to revoke"
    if apply:
        count = f"{tally.deactivated} deactivated and {tally.revoked} revoked"
    plural = "" if tally.organizations == 1 else "s"
    text = f"Unused tokens: {count}, in {tally.organizations} organization{plural}."
    return text if apply else f"{text} Nothing was changed; --apply does it."
