"""``appusers peppers``: which version makes tokens, which are still needed, which are missing."""

import json
import sys

import click

from app import settings, startup
from app.commands import explained, with_installation
from app.startup import Installation


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each version.")
@explained
def peppers(as_json: bool) -> None:
    """Show each version of the pepper, and how many live tokens and webhooks need it.

    A version that nothing needs may be taken out of APPUSERS_PEPPER. Exit code 1 where something
    needs one that is not in it: those tokens are refused. Works as the owner
    (APPUSERS_MIGRATION_DATABASE_URL): the serving role may not read what this counts.
    """

    async def run(place: Installation) -> int:
        return await _show(place, as_json=as_json)

    sys.exit(1 if with_installation(settings.load(), run) else 0)


async def _show(place: Installation, *, as_json: bool) -> int:
    """Print the versions; return how many are missing."""
    from db import peppers as rows

    known = place.peppers()
    owner_url = startup.owner_url(place)
    found = {each.pepper_version: each for each in await rows.count_as_owner(owner_url)}
    for version in sorted({*known.keys, *found}, reverse=True):
        use = "CURRENT" if version == known.current else "OLDER"
        if version not in known.keys:
            use = "MISSING"
        tokens = found[version].token_count if version in found else 0
        webhooks = found[version].webhook_count if version in found else 0
        if as_json:
            click.echo(
                json.dumps(
                    {
                        "version": version,
                        "use": use,
                        "tokenCount": tokens,
                        "webhookCount": webhooks,
                    }
                )
            )
        else:
            click.echo(
                f"version {version}: {_MEANINGS[use]}; needed by {tokens} live tokens and"
                f" {webhooks} webhook endpoints"
            )
    return len(found.keys() - known.keys)


_MEANINGS = {
    "CURRENT": "makes what is new",
    "OLDER": "verifies what it made",
    "MISSING": "IS NOT IN APPUSERS_PEPPER",
}
