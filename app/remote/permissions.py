"""``appusers permission``: who may do what, why, and the grants that say so."""

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

import click

from app.remote import look_ups, text
from app.remote.connection import Session, remote
from app.remote.sections import Group
from app.remote.text import say
from app.remote.values import LIMIT, page

if TYPE_CHECKING:
    from app.client.generated import (
        ExplainPermissionExplainPermission,
        PermissionCataloguePermissionCatalogue,
    )

PRINCIPAL = click.argument("principal", metavar="PRINCIPAL")
PERMISSIONS = click.argument("permissions", metavar="PERMISSION...", nargs=-1, required=True)
ON = click.option(
    "--on", "resource", metavar="ID", help="On this resource.  [default: the organization]"
)


@click.group(cls=Group)
def permission() -> None:
    """Who may do what. PRINCIPAL is a user or a group, by id or name."""


@permission.command("list")
@remote
async def catalogue(session: Session) -> None:
    """List the roles and permissions that can be granted."""
    entries = await session.client.permission_catalogue()

    async def each_entry() -> "AsyncGenerator[PermissionCataloguePermissionCatalogue]":
        for entry in entries:
            yield entry

    await session.output.several(
        each_entry(),
        {
            "NAME": lambda each: each.name,
            "LEVELS": lambda each: [level.value.lower() for level in each.levels],
            "ENFORCED HERE": lambda each: each.is_enforced_here,
            "DESCRIPTION": lambda each: each.description,
        },
        0,
        "No permissions.",
    )


@permission.command()
@click.option("--to", metavar="PRINCIPAL", help="To this user or group itself.")
@click.option("--on", "resource", metavar="ID", help="On this resource itself.")
@click.option("--permission", metavar="NAME", help="Of this role or permission itself.")
@LIMIT
@remote
async def grants(
    session: Session, to: str | None, resource: str | None, permission: str | None, limit: int
) -> None:
    """List what was granted to whom, on what."""
    from app.client import every
    from app.client.generated import PermissionGrantFilter

    principal_id = await look_ups.principal(session, to) if to is not None else None
    chosen = PermissionGrantFilter(
        principal_id=principal_id, resource_id=resource, permission=permission
    )
    organization = await session.organization()
    await session.output.several(
        every(
            lambda after: session.client.permission_grants(
                organization, first=page(limit), after=after, filter_=chosen
            )
        ),
        {
            "PERMISSION": lambda each: each.permission,
            "GRANTED": lambda each: text.since(each.create_time),
            "PRINCIPAL": lambda each: each.principal_id,
            "ON": lambda each: each.resource_id,
        },
        limit,
        "No grants.",
    )


@permission.command()
@PRINCIPAL
@ON
@remote
async def effective(session: Session, principal: str, resource: str | None) -> None:
    """List all that somebody may do, whether granted directly, above, or to a group."""
    principal_id = await look_ups.principal(session, principal)
    found = await session.client.effective_permissions(
        principal_id, resource or await session.organization()
    )
    if session.output.as_json:
        session.output.one(found, {})
        return
    for each in found.permissions:
        click.echo(text.cell(each))
    if not found.permissions:
        say(f"{principal} may do nothing there.")


@permission.command()
@PRINCIPAL
@click.argument("permission")
@ON
@remote
async def explain(session: Session, principal: str, permission: str, resource: str | None) -> None:
    """List the grants that give somebody a permission; none where it is not held."""
    principal_id = await look_ups.principal(session, principal)
    sources = await session.client.explain_permission(
        principal_id, resource or await session.organization(), permission
    )

    async def each_source() -> "AsyncGenerator[ExplainPermissionExplainPermission]":
        for source in sources:
            yield source

    await session.output.several(
        each_source(),
        {
            "GRANTED": lambda each: each.granted,
            "SINCE": lambda each: text.since(each.create_time),
            "ON": lambda each: each.resource_id,
            "BY GROUP": lambda each: each.group_id,
        },
        0,
        f"{principal} does not hold {permission} there.",
    )


@permission.command()
@PRINCIPAL
@PERMISSIONS
@ON
@remote
async def grant(
    session: Session, principal: str, permissions: tuple[str, ...], resource: str | None
) -> None:
    """Give permissions to a user or a group: all of them, or none."""
    from app.client.generated import GrantPermissionsInput

    principal_id = await look_ups.principal(session, principal)
    resource_id = resource or await session.organization()
    done = await session.client.grant_permissions(
        GrantPermissionsInput(
            principal_id=principal_id, resource_id=resource_id, permissions=list(permissions)
        )
    )
    if session.output.as_json:
        session.output.json(
            {"principalId": principal_id, "resourceId": resource_id, "granted": done.granted}
        )
        return
    held = "" if done.granted else "; it was held before"
    say(f"Granted {text.cell(done.granted) if done.granted else 'nothing'}{held}.")


@permission.command()
@PRINCIPAL
@PERMISSIONS
@ON
@remote
async def revoke(
    session: Session, principal: str, permissions: tuple[str, ...], resource: str | None
) -> None:
    """Take permissions from a user or a group, as they were granted."""
    from app.client.generated import RevokePermissionsInput

    principal_id = await look_ups.principal(session, principal)
    resource_id = resource or await session.organization()
    done = await session.client.revoke_permissions(
        RevokePermissionsInput(
            principal_id=principal_id, resource_id=resource_id, permissions=list(permissions)
        )
    )
    if session.output.as_json:
        session.output.json(
            {"principalId": principal_id, "resourceId": resource_id, "revoked": done.revoked}
        )
        return
    held = "" if done.revoked else "; it was not held"
    say(f"Revoked {text.cell(done.revoked) if done.revoked else 'nothing'}{held}.")
