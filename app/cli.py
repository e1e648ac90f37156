"""The command ``appusers``: thin, one function a verb.

Exit codes on the service's host: 0 done, 1 refused or failed (the reason is on standard error), 2
wrong usage. Over the API more are told apart: ``app.remote.exits``.
"""

import functools
import json
import sys
from typing import TYPE_CHECKING

import click

from app import (
    cli_audit,
    cli_peppers,
    cli_restores,
    cli_terraform,
    commands,
    references,
    settings,
    startup,
)
from app.commands import explained, with_installation
from app.remote import registry
from app.remote.sections import Sections
from app.settings import SettingsError
from app.startup import Installation

if TYPE_CHECKING:
    from app.organizations import Bootstrapped


SECTIONS = {
    "Over the API, from anywhere": (*registry.COMMANDS, "audit list", "terraform"),
    "On the service's host": (
        *("serve", "migrate", "bootstrap", "doctor", "organization", "sweep"),
        *("audit", "peppers", "schema"),
    ),
}


@click.group(
    cls=Sections, sections=SECTIONS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="application-users", prog_name="appusers")
def main() -> None:
    """Application users and access tokens for an organization's integrations.

    Over the API: APPUSERS_URL and APPUSERS_TOKEN say where, and as whom, or a profile does. On the
    host: without DATABASE_URL an embedded PostgreSQL is used, and `appusers serve` is all it takes.
    """


@main.command()
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 picks one.  [default: 8000]")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that serve.  [default: 1]")
@click.option("--migrate", "do_migrate", is_flag=True, help="Migrate your own database first.")
@click.option("--json-logs/--no-json-logs", default=None, help="Log for machines.")
@explained
def serve(
    host: str | None,
    port: int | None,
    workers: int | None,
    do_migrate: bool,
    json_logs: bool | None,
) -> None:
    """Serve the console at /console, and GraphQL and GraphiQL at /graphql.

    The embedded database is migrated at start, and an empty one gets an example organization. Your
    own database (DATABASE_URL) is migrated only with --migrate.
    """
    from app import server

    options = settings.load(host=host, port=port, workers=workers, json_logs=json_logs)
    server.serve(options, migrate=do_migrate)


@main.command()
@explained
def migrate() -> None:
    """Bring the database to this release's schema and let the serving role in.

    Works as the owner (APPUSERS_MIGRATION_DATABASE_URL). Creates the role of DATABASE_URL where it
    is missing. Safe to run again, and at the same time elsewhere.
    """
    applied = with_installation(settings.load(), startup.migrate)
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
@explained
def bootstrap(organization: str, admin: str, admin_subject: str | None, as_json: bool) -> None:
    """Make an organization with its first administrator; print the administrator's token, once."""
    from app import ids

    options = settings.load()
    if admin_subject is not None and options.oidc_issuer is None:
        raise SettingsError("APPUSERS_OIDC_ISSUER: set it to use --admin-subject.")
    identity = (
        (options.oidc_issuer, admin_subject) if admin_subject and options.oidc_issuer else None
    )
    made = with_installation(
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
    async with commands.database(place) as database:
        return await organizations.bootstrap(
            database,
            place.peppers(),
            name=organization,
            admin_email=admin,
            admin_identity=identity,
        )


@main.group()
def organization() -> None:
    """What the operator decides for organizations."""


@organization.command()
@click.argument("organization_id", metavar="[ORGANIZATION_ID]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each.")
@explained
def limits(organization_id: str | None, as_json: bool) -> None:
    """List how many application users organizations have and may have, and who asks for more."""
    from app import cli_organizations

    chosen = None
    if organization_id is not None:
        chosen = references.organization("ORGANIZATION_ID", organization_id)
    with_installation(
        settings.load(),
        functools.partial(cli_organizations.limits, organization_id=chosen, as_json=as_json),
    )


@organization.command("set-limit")
@click.argument("organization_id", metavar="ORGANIZATION_ID")
@click.argument("limit", type=int)
@explained
def set_limit(organization_id: str, limit: int) -> None:
    """Set how many application users an organization may have (50 at first).

    A limit below the present number removes nobody. A request for a higher limit is answered:
    granted where LIMIT is what it asks for, or more, and otherwise declined. To decline one and
    change nothing, set the present limit again.
    """
    from app import cli_organizations

    chosen = references.organization("ORGANIZATION_ID", organization_id)
    with_installation(
        settings.load(),
        functools.partial(cli_organizations.set_limit, organization_id=chosen, limit=limit),
    )


@organization.command("new-token")
@click.argument("organization_id", metavar="ORGANIZATION_ID")
@click.argument("user_id", metavar="USER_ID")
@click.option("--max-age-seconds", type=int, help="When it expires.  [default: 604800, a week]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@explained
def new_token(
    organization_id: str, user_id: str, max_age_seconds: int | None, as_json: bool
) -> None:
    """Make another token of a person, who has lost the first or cannot sign in; print it, once.

    It can do all that the person can. Tokens that the person has stay as they are.
    """
    from app import cli_organizations

    chosen = references.organization("ORGANIZATION_ID", organization_id)
    home, person = references.user("USER_ID", user_id)
    with_installation(
        settings.load(),
        functools.partial(
            cli_organizations.new_token,
            organization_id=chosen,
            user_id=person if home == chosen else None,
            max_age_seconds=max_age_seconds,
            as_json=as_json,
        ),
    )


@main.command()
@click.argument("organization_id", metavar="[ORGANIZATION_ID]", required=False)
@click.option("--apply", "do_apply", is_flag=True, help="Do it; without, only say what it is.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each token.")
@explained
def sweep(organization_id: str | None, do_apply: bool, as_json: bool) -> None:
    """Deactivate and revoke tokens that were not used for as long as their policy says.

    Of one organization, or of all. Without --apply nothing is changed. The service sweeps by
    itself, too (APPUSERS_SWEEP_SECONDS). Safe to run again, and at the same time elsewhere.
    """
    from app import cli_sweep

    chosen = None
    if organization_id is not None:
        chosen = references.organization("ORGANIZATION_ID", organization_id)
    with_installation(
        settings.load(),
        functools.partial(cli_sweep.run, organization_id=chosen, apply=do_apply, as_json=as_json),
    )


@main.command()
def schema() -> None:
    """Print the GraphQL schema (SDL)."""
    from app.api.schema import sdl

    click.echo(sdl(), nl=False)


main.add_command(cli_audit.audit)
main.add_command(cli_peppers.peppers)
main.add_command(cli_terraform.terraform)
cli_audit.audit.add_command(cli_restores.replay)
organization.add_command(cli_restores.revoke_tokens)
registry.register(main, cli_audit.audit)


@main.command()
@explained
def doctor() -> None:
    """Run each start-up check; say what it means and how to mend it. Exit code 1 if one fails."""
    from app import checks

    options = settings.load()

    async def run(place: Installation) -> list[checks.Check]:
        database = await startup.open_database(place, size=1)
        try:
            found = await checks.run(database, options, has_pepper=place.pepper is not None)
            return found + await checks.provider(options)
        finally:
            await database.close()

    found = with_installation(options, run)
    for check in found:
        mark = click.style("ok  ", "green") if check.passed else click.style("FAIL", "red")
        if check.is_doubtful:
            mark = click.style("warn", "yellow")
        click.echo(f"{mark} {click.style(check.name, bold=True)}: {check.found}")
        click.echo(_indented(check.meaning))
        if not check.passed:
            click.echo(_indented(f"Mend: {check.remedy}"))
    click.echo(f"{sum(check.passed for check in found)} of {len(found)} checks passed.")
    sys.exit(1 if any(check.is_failed for check in found) else 0)


def _indented(text: str) -> str:
    return click.wrap_text(text, initial_indent=" " * 5, subsequent_indent=" " * 5)
