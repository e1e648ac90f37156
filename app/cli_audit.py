"""``appusers audit``: the trail verified, exported, and its end shown."""

import functools
import re
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from app import commands, ids, references, settings
from app.commands import explained, with_installation
from app.remote.sections import Group
from app.startup import Installation

if TYPE_CHECKING:
    from app.audit_chain import Head, Progress
    from app.audit_export import Writer
    from app.database import Database

EACH = 100_000
FILE = click.Path(dir_okay=False, path_type=Path)
ALL = click.option("--all", "is_all", is_flag=True, help="Of every organization.")


@click.group(cls=Group, short_help="Verify the audit trail, export it, show its end, replay it.")
def audit() -> None:
    """The audit trail: `list` asks the API, from anywhere, and the others are for the host."""


@audit.command()
@click.argument("organization_id", metavar="[ORGANIZATION_ID]", required=False)
@ALL
@click.option("--file", type=FILE, help="Verify what was exported, without a database.")
@click.option(
    "--expect",
    metavar="SEQUENCE:HASH",
    help="An end of the chain that `appusers audit head` showed and you kept elsewhere.",
)
@click.option(
    "--after", type=click.IntRange(0), default=0, help="The file was exported with this --after."
)
@explained
def verify(
    organization_id: str | None, is_all: bool, file: Path | None, expect: str | None, after: int
) -> None:
    """Recompute the hash chain of a trail, and name the first event that it does not bear out.

    Finds what was changed, removed, inserted or reordered behind the service's back. Whoever may do
    anything in the database can write a whole chain anew: that is found by --expect. Exit code 1
    where anything is wrong.
    """
    stored = _head(expect)
    chosen = _chosen(organization_id)
    if file is not None:
        if is_all:
            raise click.UsageError("--file holds the trail of one organization: leave out --all.")
        _verify_file(file, chosen, after, stored)
        return
    _one_or_all(chosen, is_all=is_all)
    if after:
        raise click.UsageError("--after goes with --file.")
    if is_all and stored is not None:
        raise click.UsageError("--expect is the end of one organization's chain.")
    failed = with_installation(
        settings.load(), functools.partial(_verify, chosen=chosen, stored=stored)
    )
    sys.exit(1 if failed else 0)


@audit.command()
@click.argument("organization_id", metavar="ORGANIZATION_ID")
@click.option("--after", type=click.IntRange(0), help="Begin behind this event.  [default: 0]")
@click.option("--output", type=FILE, help="Write to this file, or go on behind its last event.")
@explained
def export(organization_id: str, after: int | None, output: Path | None) -> None:
    """Write a trail as JSON lines: an event a line, then the end of the chain.

    With --output it can be interrupted and run again, and run every day: it goes on where the file
    ends. `appusers audit verify --file` verifies what was written without the database.
    """
    from app import audit_export

    chosen = references.organization("ORGANIZATION_ID", organization_id)
    options = settings.load()
    if output is None:
        # An end that stops reading is the reader's affair, as with any program in a pipe.
        work = functools.partial(
            _export, organization_id=chosen, out=sys.stdout.buffer, after=after or 0
        )
        with_installation(options, work)
        return
    try:
        with audit_export.opened(output, chosen) as (file, exported):
            if exported.was_torn:
                click.echo("The last line was torn and is written anew.", err=True)
            if exported.end is not None and after is not None:
                raise click.UsageError("The file tells where to go on: leave out --after.")
            begin = exported.end if exported.end is not None else after or 0
            work = functools.partial(_export, organization_id=chosen, out=file, after=begin)
            with_installation(options, work)
    except OSError as error:
        raise click.FileError(str(output), error.strerror) from None


@audit.command()
@click.argument("organization_id", metavar="[ORGANIZATION_ID]", required=False)
@ALL
@explained
def head(organization_id: str | None, is_all: bool) -> None:
    """Show the end of a chain as SEQUENCE:HASH, to keep where nobody of this host can write.

    With --all a line for each organization, its id first.
    """
    chosen = _chosen(organization_id)
    _one_or_all(chosen, is_all=is_all)
    with_installation(settings.load(), functools.partial(_show, chosen=chosen))


def _chosen(organization_id: str | None) -> UUID | None:
    if organization_id is None:
        return None
    return references.organization("ORGANIZATION_ID", organization_id)


def _one_or_all(chosen: UUID | None, *, is_all: bool) -> None:
    if is_all == (chosen is not None):
        raise click.UsageError("Name an organization, or all of them by --all.")


def _head(text: str | None) -> "Head | None":
    from app.audit_chain import Head

    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", text.strip(), re.ASCII)
    if found is None:
        raise click.UsageError("--expect is SEQUENCE:HASH, as `appusers audit head` shows it.")
    return Head(int(found[1]), bytes.fromhex(found[2]))


def _written(end: "Head") -> str:
    return f"{end.sequence}:{end.hash.hex()}"


def _progress(what: str) -> "Progress":
    def say(count: int) -> None:
        if count % EACH == 0:
            click.echo(f"{what}: {count} events so far", err=True)

    return say


async def _organizations(database: "Database", chosen: UUID | None) -> AsyncGenerator[UUID]:
    from app import tenants

    if chosen is not None:
        yield chosen
        return
    async with aclosing(tenants.list_organization_ids(database)) as found:
        async for organization_id in found:
            yield organization_id


async def _verify(place: Installation, *, chosen: UUID | None, stored: "Head | None") -> int:
    """Verify one trail or all; return how many are not what was written."""
    from app import audit_trail
    from app.audit_chain import Tampered

    failed = 0
    async with (
        commands.database(place) as database,
        aclosing(_organizations(database, chosen)) as organizations,
    ):
        async for organization_id in organizations:
            name = ids.organization_id(organization_id)
            try:
                end = await audit_trail.verify(
                    database, organization_id, stored=stored, progress=_progress(name)
                )
            except Tampered as error:
                failed += 1
                click.echo(_accusation(name, error), err=True)
            else:
                click.echo(f"{name}: intact, {end.sequence} events. Head: {_written(end)}")
    return failed


def _accusation(name: str, error: Exception) -> str:
    from app.audit_chain import Tampered

    if isinstance(error, Tampered):
        return f"{name}: {error.damage} at event {error.sequence}. {error}"
    return f"{name}: UNREADABLE. {error}"


def _verify_file(path: Path, chosen: UUID | None, after: int, stored: "Head | None") -> None:
    from app import audit_lines
    from app.audit_chain import Tampered
    from app.audit_lines import Unreadable

    try:
        with path.open("rb") as lines:
            owner, end = audit_lines.verify(
                lines,
                organization_id=chosen,
                after=after,
                stored=stored,
                progress=_progress(str(path)),
            )
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from None
    except (Tampered, Unreadable) as error:
        click.echo(_accusation(str(path), error), err=True)
        sys.exit(1)
    which = f"events {after + 1} to {end.sequence}" if after else f"{end.sequence} events"
    click.echo(f"{ids.organization_id(owner)}: intact, {which}. Head: {_written(end)}")


async def _export(
    place: Installation, *, organization_id: UUID, out: "Writer", after: "Head | int"
) -> None:
    from app import audit_export

    async with commands.database(place) as database:
        count, end = await audit_export.write(
            database, organization_id, out, after, progress=_progress("exported")
        )
    click.echo(f"Exported {count} events. Head: {_written(end)}", err=True)


async def _show(place: Installation, *, chosen: UUID | None) -> None:
    from app import audit_trail

    async with (
        commands.database(place) as database,
        aclosing(_organizations(database, chosen)) as organizations,
    ):
        async for organization_id in organizations:
            end = _written(await audit_trail.head(database, organization_id))
            click.echo(end if chosen else f"{ids.organization_id(organization_id)} {end}")
