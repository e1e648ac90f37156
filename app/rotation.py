"""Rotation: a token gets one successor, and is accepted for as long as the overlap says.

The change-over is finished by revoking the old token, once its uses since the rotation tell that
nobody needs it any more.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID

from app import changes, idempotency, inputs, minting, tokens
from app.access import AppUserWriter
from app.audit import Action
from app.changes import Change
from app.errors import AlreadyRotated, Code, InvalidInput
from app.idempotency import Key
from app.ids import member_id
from app.minting import Settings
from app.token_format import Peppers
from db import rotations
from db.pool import Database
from db.tokens import Token

MAX_OVERLAP_SECONDS = 604_800


@dataclass(frozen=True, slots=True)
class Rotated:
    """The successor and the token it is of; the full text where this call made it."""

    token: Token
    predecessor: Token
    full_token: str | None = field(repr=False)


async def rotate(
    database: Database,
    peppers: Peppers,
    writer: AppUserWriter,
    token_id: UUID,
    *,
    overlap_seconds: int | None = 0,
    idempotency_key: str | None = None,
) -> Rotated:
    """Mint a token's successor with the same settings and end the token after the overlap.

    The same idempotency key and input again return the first successor without its text. Raises
    InvalidInput, NotFound, AlreadyRotated, IdempotencyConflict and Forbidden.
    """
    problems = inputs.Problems()
    overlap = _overlap(problems, overlap_seconds)
    key = Key.of(
        inputs.idempotency_key(problems, "idempotencyKey", idempotency_key),
        "rotateToken",
        str(token_id),
        overlap,
    )
    problems.raise_any()
    async with changes.opened(database, writer) as change:
        replayed = await _replay(change, writer, key)
        if replayed:
            return replayed
        old = await tokens.require(change.connection, writer, token_id)
        if not old.is_application_user:
            raise _not_allowed("Tokens of people are not rotated; revoke it instead.")
        await minting.share_user(change, writer, old.user_id)
        # Behind the lock: what the token and its user were before the wait counts for nothing.
        replayed = await _insist_rotatable(change, writer, token_id, key)
        if replayed:
            return replayed
        settings = Settings.of(old)
        with _about_the_token():
            minting.stay_inside(writer, settings)
            await minting.permit(change, writer, old.user_id, settings)
        superseded = await rotations.supersede(
            change.connection, writer.organization_id, token_id, overlap
        )
        if superseded is None:
            replayed = await _insist_rotatable(change, writer, token_id, key)
            if replayed:
                return replayed
            raise inputs.invalid(
                "overlapSeconds",
                Code.OUT_OF_RANGE,
                "The token expires before the overlap would end; ask for a shorter one.",
            )
        made = await minting.insert(
            change,
            peppers,
            writer,
            old.user_id,
            Settings.of(superseded),
            key,
            predecessor=superseded,
        )
        if made is None:
            # The key was used meanwhile for something else: with the same input, the claim above
            # would have failed.
            await _replay(change, writer, key)
            raise RuntimeError("a token was in the way of the key and is not found by it")
        change.record(
            Action.TOKEN_ROTATE,
            tokens.target(old),
            after={
                "successorId": member_id("token", old.organization_id, made.token.token_id),
                "overlapEndTime": superseded.overlap_end_time,
            },
        )
        return Rotated(made.token, superseded, made.full_token)


def _overlap(problems: inputs.Problems, value: int | None) -> int:
    if value is None:
        problems.add("overlapSeconds", Code.REQUIRED, "overlapSeconds cannot be null.")
        return 0
    if not 0 <= value <= MAX_OVERLAP_SECONDS:
        problems.add(
            "overlapSeconds",
            Code.OUT_OF_RANGE,
            f"overlapSeconds is from 0 to {MAX_OVERLAP_SECONDS}, which is a week.",
        )
    return value


async def _replay(change: Change, writer: AppUserWriter, key: Key | None) -> Rotated | None:
    token = await idempotency.replay(change, writer, key)
    if token is None or token.predecessor_id is None:
        return None
    await change.insist()
    predecessor = await tokens.require(change.connection, writer, token.predecessor_id)
    return Rotated(token, predecessor, None)


async def _insist_rotatable(
    change: Change, writer: AppUserWriter, token_id: UUID, key: Key | None
) -> Rotated | None:
    """Raise AlreadyRotated or InvalidInput where the token is not what can be rotated.

    Returns the rotation of another request with the key that committed in the meantime.
    """
    token = await tokens.require(change.connection, writer, token_id)
    if token.supersede_time is not None:
        replayed = await _replay(change, writer, key)
        if replayed:
            return replayed
        successors = await rotations.find_successors(
            change.connection, token.organization_id, [token_id]
        )
        if not successors:
            raise _not_allowed(
                "This token was rotated, and its successor was lost when a backup was restored;"
                " generate another in its place."
            )
        raise AlreadyRotated(token.organization_id, successors[0].token_id)
    match token.status:
        case "REVOKED":
            raise _not_allowed("This token is revoked; generate another in its place.")
        case "EXPIRED":
            raise _not_allowed("This token is expired; generate another in its place.")
        case "DEACTIVATED" if token.deactivate_time is not None:
            raise _not_allowed(
                "This token was deactivated because nobody used it; activate it before you rotate"
                " it, or generate another in its place."
            )
        case "DEACTIVATED":
            raise _not_allowed(
                "This token's application user is deactivated; activate it before you rotate the"
                " token."
            )
        case _:
            return None


def _not_allowed(message: str) -> InvalidInput:
    return inputs.invalid("tokenId", Code.NOT_ALLOWED, message)


@contextmanager
def _about_the_token() -> Generator[None]:
    """Say of the token what minting says of fields that its caller did not write.

    Whatever the policy asks for, the settings cannot be changed here: it is not allowed.
    """
    try:
        yield
    except InvalidInput as failure:
        problems = [
            problem
            if problem.code is Code.EXCEEDS_CALLER
            else replace(problem, code=Code.NOT_ALLOWED)
            for problem in failure.problems
        ]
        raise InvalidInput([replace(problem, path="tokenId") for problem in problems]) from None
