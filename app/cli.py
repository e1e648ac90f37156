"""The command ``appusers``: thin, one function a verb.

Exit codes: 0 done, 1 refused or failed (the reason is on standard error), 2 wrong usage.
"""

import asyncio
import functools
import json
import sys
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from uuid import UUID

import click

from app import references, settings, startup
from app.settings import Settings, SettingsError
from app.startup import Installation

if TYPE_CHECKING:
    from app.organizations import Bootstrapped, Organization

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")


def _explained(work: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
    """Turn a failure that an operator can mend into one message and exit code 1."""

    @functools.wraps(work)
    def explained(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
        try:
            return work(*args, **kwargs)
        except KeyboardInterrupt:
            raise SystemExit(130) from None
        except Exception as error:
            message = _explanation(error)
            if message is None:
                raise
            raise click.ClickException(message) from None

    return explained


def _explanation(error: Exception) -> str | None:
    from app import logs
    from app.database import DatabaseUnavailable
    from app.errors import Failure

    if isinstance(error, SettingsError | Failure):
        return logs.redact(str(error))
    if isinstance(error, DatabaseUnavailable):
        return logs.redact(
            f"PostgreSQL does not answer ({error}). Check DATABASE_URL and"
            " APPUSERS_MIGRATION_DATABASE_URL, and that the server runs."
        )
    # Known by name, so that an unrelated command need not import what raises them.
    if type(error).__name__ in ("EmbeddedError", "MigrationError", "RoleError"):
        return logs.redact(str(error))
    return None


def _with_installation(
    options: Settings, work: Callable[[Installation], Coroutine[Any, Any, Answer]]
) -> Answer:
    async def run() -> Answer:
        async with startup.installation(options) as place:
            return await work(place)

    return asyncio.run(run())


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="application-users", prog_name="appusers")
def main() -> None:
    """Application users and access tokens for an organization's integrations.

    Without DATABASE_URL an embedded PostgreSQL is used: `appusers serve` is all it takes.
    """


@main.command()
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 picks one.  [default: 8000]")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that serve.  [default: 1]")
@click.option("--migrate", "do_migrate", is_flag=True, help="Migrate your own database first.")
@click.option("--json-logs/--no-json-logs", default=None, help="Log for machines.")
@_explained
def serve(
    host: str | None,
    port: int | None,
    workers: int | None,
    do_migrate: bool,
    json_logs: bool | None,
) -> None:
    """Serve GraphQL and GraphiQL at /graphql.

    The embedded database is migrated at start, and an empty one gets an example organization. Your
    own database (DATABASE_URL) is migrated only with --migrate.
    """
    from app import server

    options = settings.load(host=host, port=port, workers=workers, json_logs=json_logs)
    server.serve(options, migrate=do_migrate)


@main.command()
@_explained
def migrate() -> None:
    """Bring the database to this release's schema and let the serving role in.

    Works as the owner (APPUSERS_MIGRATION_DATABASE_URL). Creates the role of DATABASE_URL where it
    is missing. Safe to run again, and at the same time elsewhere.
    """
    applied = _with_installation(settings.load(), startup.migrate)
    click.echo(f"Applied: {', '.join(applied)}." if applied else "Nothing to apply.")
    click.echo("The serving role may do what this release needs.")


@main.command()
@click.option("--organization", required=True, metavar="NAME", help="Name of the organization.")
@click.option("--admin", required=True, metavar="EMAIL", help="E-mail of the administrator.")
@click.option(
    "--admin-subject",
    metavar="SUBJECT",
    help="The administrator's `sub` at the identity provider of APPUSERS_OIDC_ISSUER.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@_explained
def bootstrap(organization: str, admin: str, admin_subject: str | None, as_json: bool) -> None:
    """Make an organization with its first administrator; print the administrator's token, once."""
    from app import ids

    options = settings.load()
    if admin_subject is not None and options.oidc_issuer is None:
        raise SettingsError("APPUSERS_OIDC_ISSUER: set it to use --admin-subject.")
    identity = (
        (options.oidc_issuer, admin_subject) if admin_subject and options.oidc_issuer else None
    )
    made = _with_installation(
        options,
        functools.partial(_bootstrap, organization=organization, admin=admin, identity=identity),
    )
    organization_id = ids.organization_id(made.organization_id)
    if as_json:
        answer = {
            "organizationId": organization_id,
            "userId": ids.member_id("user", made.organization_id, made.user_id),
            "token": made.full_token,
        }
        click.echo(json.dumps(answer))
        return
    click.echo(f"Organization:  {organization_id}")
    click.echo(f"Administrator: {admin}")
    click.echo(f"Token:         {made.full_token}")
    click.echo("The token is shown this once. Whoever has it can do everything in it.", err=True)


async def _bootstrap(
    place: Installation, *, organization: str, admin: str, identity: tuple[str, str] | None
) -> "Bootstrapped":
    from app import organizations

    if place.is_embedded:
        await startup.migrate_embedded(place)
    database = await startup.open_database(place, size=1)
    try:
        await startup.require_schema(database)
        return await organizations.bootstrap(
            database,
            place.peppers(),
            name=organization,
            admin_email=admin,
            admin_identity=identity,
        )
    finally:
        await database.close()


@main.group()
def organization() -> None:
    """Acts of the operator on one organization."""


@organization.command("set-limit")
@click.argument("organization_id", metavar="ORGANIZATION_ID")
@click.argument("limit", type=int)
@_explained
def set_limit(organization_id: str, limit: int) -> None:
    """Set how many application users an organization may have (50 at first).

    A limit below the present number removes nobody.
    """

    found = references.organization("ORGANIZATION_ID", organization_id)
    changed = _with_installation(
        settings.load(), functools.partial(_set_limit, organization_id=found, limit=limit)
    )
    click.echo(
        f"{changed.name}: {changed.application_user_count} of"
        f" {changed.application_user_limit} application users."
    )


async def _set_limit(place: Installation, *, organization_id: UUID, limit: int) -> "Organization":
    from app import organizations

    database = await startup.open_database(place, size=1)
    try:
        await startup.require_schema(database)
        return await organizations.set_limit(database, organization_id, limit)
    finally:
        await database.close()


@main.command()
def schema() -> None:
    """Print the GraphQL schema (SDL)."""
    from app.api.schema import sdl

    click.echo(sdl(), nl=False)


@main.command()
@_explained
def doctor() -> None:
    """Run each start-up check; say what it means and how to mend it. Exit code 1 if one fails."""
    from app import checks

    options = settings.load()

    async def run(place: Installation) -> list[checks.Check]:
        database = await startup.open_database(place, size=1)
        try:
            return await checks.run(database, options, has_pepper=place.pepper is not None)
        finally:
            await database.close()

    found = _with_installation(options, run)
    for check in found:
        mark = click.style("ok  ", "green") if check.passed else click.style("FAIL", "red")
        click.echo(f"{mark} {click.style(check.name, bold=True)}: {check.found}")
        click.echo(_indented(check.meaning))
        if not check.passed:
            click.echo(_indented(f"Mend: {check.remedy}"))
    failed = sum(not check.passed for check in found)
    click.echo(f"{len(found) - failed} of {len(found)} checks passed.")
    sys.exit(1 if failed else 0)


def _indented(text: str) -> str:
    return click.wrap_text(text, initial_indent=" " * 5, subsequent_indent=" " * 5)
