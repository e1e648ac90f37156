"""Idempotency keys: a caller that heard no answer asks again, and nothing is minted twice.

``app.inputs`` checks how they are written; a unique index gives each to one token.
"""

import hashlib
from dataclasses import dataclass
from typing import Self

import orjson

from app.access import AppUserWriter, OrgAdmin
from app.changes import Change
from app.errors import IdempotencyConflict
from db import tokens as rows
from db.tokens import Token


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key, with what two inputs have in common exactly when they ask for the same.

    ``asked`` begins with the operation's name: one key is never for two of them.
    """

    text: str
    asked: bytes

    @classmethod
    def of(cls, text: str | None, *asked: object) -> Self | None:
        """Return the key of a call, None for a call without one."""
        if text is None:
            return None
        return cls(text, hashlib.sha256(orjson.dumps(asked)).digest())


async def replay(change: Change, writer: AppUserWriter | OrgAdmin, key: Key | None) -> Token | None:
    """Return what was minted with a key before. Raises IdempotencyConflict for other input."""
    if key is None:
        return None
    used = await rows.find_by_idempotency_key(
        change.connection, writer.organization_id, writer.actor_id, key.text
    )
    if used is None:
        return None
    token_id, asked = used
    if asked != key.asked:
        raise IdempotencyConflict
    change.record_nothing()
    return await rows.find(change.connection, writer.organization_id, token_id)
