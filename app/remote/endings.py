"""``appusers token revoke`` and ``revoke-all``."""

import click

from app.remote import confirmation, look_ups, text
from app.remote.confirmation import YES
from app.remote.connection import Session, remote
from app.remote.text import say
from app.remote.tokens import token


@token.command()
@click.argument("tokens", metavar="TOKEN...", nargs=-1, required=True)
@YES
@remote
async def revoke(session: Session, tokens: tuple[str, ...], yes: bool) -> None:
    """End tokens, for good: all of them, or none where one is missing.

    Done again, it changes nothing and succeeds.
    """
    from app.client.generated import RevokeTokensInput

    confirmation.require(yes=yes)
    ids = [await look_ups.token(session, each) for each in tokens]
    if not yes:
        preview = await session.client.revocation_preview(ids)
        confirmation.show(look_ups.there(preview, "such token, or not all of them"))
        confirmation.ask(f"Revoke {', '.join(tokens)} for good?")
    ended = await session.client.revoke_tokens(RevokeTokensInput(token_ids=ids))
    if session.output.as_json:
        session.output.json(
            {"tokenIds": ended.token_ids, "revokedTokenCount": ended.revoked_token_count}
        )
        return
    said = f"Revoked {ended.revoked_token_count} of {len(ids)}"
    rest = "" if ended.revoked_token_count == len(ids) else "; the others had ended before"
    say(f"{said}{rest}.")


@token.command("revoke-all")
@click.argument("user", metavar="USER")
@YES
@remote
async def revoke_all(session: Session, user: str, yes: bool) -> None:
    """End all tokens of an application user, for good. The user stays."""
    from app.client.generated import RevokeAllTokensInput

    confirmation.require(yes=yes)
    user_id = await look_ups.application_user(session, user)
    if not yes:
        preview = await session.client.deletion_preview(user_id)
        there = look_ups.there(preview, f"application user {user}")
        confirmation.show(there, of_tokens_alone=True)
        confirmation.ask(f"Revoke all tokens of {user} for good?")
    ended = await session.client.revoke_all_tokens(
        RevokeAllTokensInput(application_user_id=user_id)
    )
    if session.output.as_json:
        session.output.json(
            {"applicationUserId": user_id, "revokedTokenCount": ended.revoked_token_count}
        )
        return
    say(f"Revoked {text.count(ended.revoked_token_count, 'token')} of {user}.")
