"""What goes with a restored backup: ``appusers audit replay``, ``appusers organization
revoke-tokens``."""

import functools
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from app import commands, ids, references, settings, token_format
from app.commands import explained, with_installation
from app.startup import Installation

if TYPE_CHECKING:
    from app.database import Database

_EVER = datetime.max.replace(tzinfo=UTC)
"""What ``now`` is: by the database's clock a token may be younger than this machine thinks."""

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
APPLY = click.option("--apply", "do_apply", is_flag=True, help="Do it; without, only say what.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each.")


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@APPLY
@JSON
@explained
def replay(files: tuple[Path, ...], do_apply: bool, as_json: bool) -> None:
    """End again what ended between a backup and its restore, by exported audit trails.

    Each FILE is the trail of an organization that `appusers audit export --output` wrote. What it
    has behind the last event of the restored database is looked through: tokens revoked, rotated
    away or deactivated, users deleted or deactivated, permissions and memberships taken, groups,
    resources and webhooks deleted, a policy tightened. What came to be meanwhile is lost, and
    listed. Without --apply nothing is changed. Safe to run again. Exit code 1 where a file is
    refused, or anything could not be ended.
    """
    from app import cli_replay

    failed = with_installation(
        settings.load(),
        functools.partial(cli_replay.run, files=files, apply=do_apply, as_json=as_json),
    )
    sys.exit(1 if failed else 0)


@click.command("revoke-tokens")
@click.argument("organization_id", metavar="[ORGANIZATION_ID]", required=False)
@click.option("--all", "is_all", is_flag=True, help="Of every organization.")
@click.option(
    "--created-until",
    metavar="TIME",
    required=True,
    help="The tokens that were made until then, as in 2026-07-01T12:00:00Z; `now` is all of them.",
)
@APPLY
@explained
def revoke_tokens(
    organization_id: str | None, is_all: bool, created_until: str, do_apply: bool
) -> None:
    """Revoke every live token made until a time, people's too; for good.

    For a restored backup whose audit trail was not exported, and for a pepper that has leaked.
    Without --apply nothing is changed. Administrators that lose their token so get another one from
    `appusers organization new-token`.
    """
    until = _time(created_until)
    if is_all == (organization_id is not None):
        raise click.UsageError("Name an organization, or all of them by --all.")
    chosen = None
    if organization_id is not None:
        chosen = references.organization("ORGANIZATION_ID", organization_id)
    with_installation(
        settings.load(),
        functools.partial(_revoke_tokens, organization_id=chosen, until=until, apply=do_apply),
    )


def _time(text: str) -> datetime:
    if text == "now":
        return _EVER
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            found = found.astimezone(UTC)
    except (OverflowError, ValueError):
        found = None
    if found is None or found.tzinfo is None:
        raise click.UsageError("--created-until is a time with its zone: 2026-07-01T12:00:00Z.")
    if found > datetime.now(UTC):
        raise click.UsageError("--created-until is in the future.")
    return found


async def _revoke_tokens(
    place: Installation, *, organization_id: UUID | None, until: datetime, apply: bool
) -> None:
    count = organizations = 0
    async with (
        commands.database(place) as database,
        aclosing(_chosen(database, organization_id)) as chosen,
    ):
        async for each in chosen:
            found = await _revoke_tokens_of(database, each, until, apply=apply)
            count += found
            organizations += found > 0
    done = "revoked" if apply else "to revoke"
    plural = "" if organizations == 1 else "s"
    time = "now" if until == _EVER else until.isoformat()
    text = f"Tokens made until {time}: {count} {done}, in {organizations}"
    text = f"{text} organization{plural}."
    click.echo(text if apply else f"{text} Nothing was changed; --apply does it.")


async def _chosen(database: "Database", organization_id: UUID | None) -> AsyncGenerator[UUID]:
    from app import sweeps, tenants

    if organization_id is not None:
        await sweeps.require_organization(database, organization_id)
        yield organization_id
        return
    async with aclosing(tenants.list_organization_ids(database)) as found:
        async for each in found:
            yield each


async def _revoke_tokens_of(
    database: "Database", organization_id: UUID, until: datetime, *, apply: bool
) -> int:
    from app import restored_tokens

    work = restored_tokens.revoke_minted_until if apply else restored_tokens.list_minted_until
    count = 0
    async with aclosing(work(database, organization_id, until)) as batches:
        async for batch in batches:
            for token_id in sorted(batch):
                name = ids.member_id("token", organization_id, token_id)
                click.echo(f"  {token_format.prefix_of(token_id)}  {name}")
            count += len(batch)
            if apply:
                click.echo(f"{count} revoked so far", err=True)
    return count
