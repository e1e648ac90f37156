"""``appusers whoami``: whose credential is used, and what it may do."""

import click

from app.remote import text
from app.remote.connection import Session, remote


@click.command()
@remote
async def whoami(session: Session) -> None:
    """Show whose credential is used, where, and what its holder was granted."""
    viewer = await session.client.viewer()
    if session.output.as_json:
        session.output.one(viewer, {})
        return
    for each in viewer.memberships:
        kind = "application user" if each.user.is_application_user else "person"
        fields: dict[str, object] = {
            "Organization": f"{each.organization_name} ({each.organization_id})",
            "User": f"{each.user.name}, {kind} ({each.user.id})",
            "Permissions": each.permissions,
        }
        if viewer.token is not None:
            fields["Token"] = f"{viewer.token.token_prefix}… ({viewer.token.id})"
            fields["Expires"] = text.moment(viewer.token.expiry_time)
        session.output.one(viewer, fields)
