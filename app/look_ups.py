"""Look-ups of presented tokens, which are the path of every request of a platform.

There is no cache: a look-up is answered by a statement that began after it was asked for, so that
what was revoked before is seen. Organizations whose tokens take long to look up stand in a line of
their kind, where each has statements of its own and they take turns.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from app import extensions
from app.look_up_lines import LANES, SPARE_LANES, Answer, Line
from db.pool import Database
from db.presented import PresentedToken

__all__ = ["Answer", "LookUps"]

DEADLINE_SECONDS = 0.9
"""From the question to its answer, or to the failure that is an answer as well. It leaves a tenth
of the second that a verification may take to everything else."""
CONNECTIONS = 2 * (LANES + SPARE_LANES) + extensions.AT_ONCE + 1
"""Of a pool that both lines share with the uses that come of look-ups, and their extensions, and
with nothing else: whatever stands behind a lock elsewhere, a verification waits for no connection.
"""
STATEMENT_SECONDS = 2.0
"""In that pool."""
MANY_READ = 200
"""For a token that takes as long to look up as several others, as ``PresentedToken.read_count``."""
MOST_IN_LONG_LINE = 8
"""Tokens of one organization, which the next in turn waits for."""
_ASIDE = UUID(int=0)
"""Takes turns like an organization."""
MOST_ASIDE = 64
"""Tokens of a list, of which most are looked up soon."""
MOST_REMEMBERED = 1024
"""Organizations with such tokens."""


class LookUps:
    """The look-ups of one worker."""

    def __init__(
        self,
        database: Database,
        deadline_seconds: float = DEADLINE_SECONDS,
        others: Sequence[Database] = (),
    ) -> None:
        """``others`` are pools of the same server: what is gone for one is gone for all."""
        databases = (database, *others)
        self._line = Line(databases, deadline_seconds, self._learn)
        self._long_line = Line(databases, deadline_seconds, self._learn)
        self._slow_ones: dict[UUID, None] = {}
        """Organizations that stand in the long line."""

    def ask(
        self,
        organization_id: UUID,
        token_id: UUID,
        resource_id: UUID | None,
        *,
        aside: bool = False,
    ) -> "asyncio.Future[Answer]":
        """Return what will hold the token, None where there is none, or why nobody can tell.

        A failure is a result, as in ``Line.ask``. ``aside`` is for those that come in hundreds: no
        verification is to stand behind them.
        """
        if aside:
            return self._long_line.ask(organization_id, token_id, resource_id, _ASIDE, MOST_ASIDE)
        if self._slow_ones and organization_id in self._slow_ones:
            return self._long_line.ask(
                organization_id, token_id, resource_id, organization_id, MOST_IN_LONG_LINE
            )
        return self._line.ask(organization_id, token_id, resource_id)

    def _learn(self, found: Sequence[PresentedToken]) -> None:
        for token in found:
            if token.read_count > MANY_READ and token.organization_id not in self._slow_ones:
                if len(self._slow_ones) >= MOST_REMEMBERED:
                    del self._slow_ones[next(iter(self._slow_ones))]
                self._slow_ones[token.organization_id] = None
