"""What ``appusers organization …`` does and prints."""

import json
from contextlib import aclosing
from datetime import UTC, datetime
from uuid import UUID

import click

from app import commands, ids, joining, organizations
from app.errors import NotFound
from app.organizations import Limits
from app.people import MISSING
from app.startup import Installation


async def limits(place: Installation, *, organization_id: UUID | None, as_json: bool) -> None:
    """Print the limits of one organization or of all.

    Raises NotFound for an organization that there is not, and DatabaseUnavailable.
    """
    say = _json if as_json else _lines
    async with commands.database(place) as database:
        if organization_id is not None:
            click.echo(say(await organizations.find_limits(database, organization_id)))
            return
        async with aclosing(organizations.list_limits(database)) as every:
            async for found in every:
                click.echo(say(found))


async def set_limit(place: Installation, *, organization_id: UUID, limit: int) -> None:
    """Set a limit and print what it is, and what it answers.

    Raises InvalidInput, NotFound and DatabaseUnavailable.
    """
    async with commands.database(place) as database:
        made = await organizations.set_limit(database, organization_id, limit)
    changed, answered = made.organization, made.answered
    click.echo(
        f"{changed.name}: {changed.application_user_count} of"
        f" {changed.application_user_limit} application users."
    )
    if answered:
        click.echo(
            f"The request for {answered.application_user_limit} is {answered.state.lower()}."
        )


async def new_token(
    place: Installation,
    *,
    organization_id: UUID,
    user_id: UUID | None,
    max_age_seconds: int | None,
    as_json: bool,
) -> None:
    """Make another token of a person and print it; None is a user of another organization.

    Raises InvalidInput, NotFound and DatabaseUnavailable.
    """
    if user_id is None:
        raise NotFound(MISSING)
    peppers = place.peppers()
    async with commands.database(place) as database:
        made = await joining.add_token(
            database, peppers, organization_id, user_id, max_age_seconds=max_age_seconds
        )
    token = made.token
    expiry = token.expiry_time and _time(token.expiry_time)
    if as_json:
        answer = {
            "tokenId": ids.member_id("token", organization_id, token.token_id),
            "expiryTime": expiry,
            "token": made.full_token,
        }
        click.echo(json.dumps(answer))
        return
    click.echo(f"Person:  {made.person.name}")
    click.echo(f"Expires: {expiry}")
    click.echo(f"Token:   {made.full_token}")
    click.echo("The token is shown this once. Whoever has it can do what the person can.", err=True)


def _lines(found: Limits) -> str:
    organization, pending = found.organization, found.pending
    line = (
        f"{ids.organization_id(organization.organization_id)}  {organization.name}:"
        f" {organization.application_user_count} of {organization.application_user_limit}"
    )
    if pending is None:
        return line
    asked = f"  asks for {pending.application_user_limit} since {_time(pending.create_time)}"
    # A reason may have line breaks, which would make it look like another organization's line.
    reason = f": {' '.join(pending.reason.split())}" if pending.reason else ""
    return f"{line}\n{asked}{reason}"


def _json(found: Limits) -> str:
    organization, pending = found.organization, found.pending
    organization_id = organization.organization_id
    return json.dumps(
        {
            "organizationId": ids.organization_id(organization_id),
            "name": organization.name,
            "applicationUserCount": organization.application_user_count,
            "applicationUserLimit": organization.application_user_limit,
            "pendingRequest": pending
            and {
                "id": ids.member_id("request", organization_id, pending.request_id),
                "applicationUserLimit": pending.application_user_limit,
                "reason": pending.reason,
                "createTime": _time(pending.create_time),
                "createdBy": ids.member_id("user", organization_id, pending.created_by),
            },
        }
    )


def _time(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
