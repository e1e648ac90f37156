"""Uses of tokens that wait to be written: how many may wait, and whose turn it is."""

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from db.presented import TokenUse

MOST = 100_000
"""Entries that wait. From here on what is new of a token shares an entry."""
MOST_OF_TOKEN = 1000
"""Addresses and programs of one token that wait; further ones share an entry, too."""
MOST_AT_ALL = 2 * MOST
"""Where even these are too many nothing has been written for long: uses are no longer let
through."""
OTHERS = "\n"
"""No program's name, which has no line break: the key of the uses that are not told apart."""

Key: TypeAlias = tuple[UUID, str | None, str, date | None]
"""Token, address, program and day."""
_Line: TypeAlias = dict[UUID, dict[Key, None]]
"""The keys of each token of an organization."""


@dataclass
class WaitingUses:
    """What one worker has noted and not written yet, an entry for each key."""

    _uses: dict[Key, TokenUse] = field(default_factory=dict[Key, TokenUse])
    _lines: dict[UUID, _Line] = field(default_factory=dict[UUID, _Line])
    """By organization. Whoever has nothing left leaves, and comes back at the end."""

    def __len__(self) -> int:
        return len(self._uses)

    @property
    def use_count(self) -> int:
        """How many uses the entries stand for."""
        return sum(use.use_count for use in self._uses.values())

    def get(self, key: Key) -> TokenUse | None:
        """Return what waits under a key."""
        return self._uses.get(key)

    def has_token(self, organization_id: UUID, token_id: UUID) -> bool:
        """Tell whether uses of a token wait."""
        return token_id in self._lines.get(organization_id, ())

    def has_room(self, key: Key) -> bool:
        """Tell whether a use can be kept, perhaps with others of its token."""
        token_id, _, _, day = key
        return len(self._uses) < MOST_AT_ALL or (token_id, None, OTHERS, day) in self._uses

    def keep(self, key: Key, use: TokenUse) -> Key:
        """Have uses wait, with those that do already, and return the key that they wait under."""
        token_id, _, _, day = key
        if key not in self._uses and (
            len(self._lines.get(use.organization_id, {}).get(token_id, ())) >= MOST_OF_TOKEN
            or len(self._uses) >= MOST
        ):
            key = (token_id, None, OTHERS, day)
            use.is_other = True
        waiting = self._uses.get(key)
        if waiting is None:
            self._uses[key] = use
            line = self._lines.setdefault(use.organization_id, {})
            line.setdefault(token_id, {})[key] = None
        elif add(waiting, use.first_use_time, use.last_use_time, use.use_count, use.is_news):
            waiting.ip, waiting.user_agent = use.ip, use.user_agent
        return key

    def take(self, keys: Sequence[Key]) -> list[tuple[Key, TokenUse]]:
        """Return what waits under these keys, which waits no longer."""
        taken = [(key, self._uses.pop(key)) for key in keys if key in self._uses]
        for key, use in taken:
            line = self._lines[use.organization_id]
            of_token = line[key[0]]
            del of_token[key]
            if not of_token:
                del line[key[0]]
                if not line:
                    del self._lines[use.organization_id]
        return taken

    def in_turn(self) -> Iterator[Key]:
        """Yield the keys of the tokens that wait by now, one of each organization in turn.

        Those of a token come one behind the other: to see whether its day has room for more costs
        as much for one as for many.
        """
        return _in_turn(deque(self._of_line(line, list(line)) for line in self._lines.values()))

    def _of_line(self, line: _Line, token_ids: list[UUID]) -> Generator[Key]:
        for token_id in token_ids:
            yield from list(line.get(token_id, ()))

    def by_user(self, keys: Sequence[Key]) -> list[Key]:
        """Return the keys that still wait, those of an organization and a user side by side."""
        found = {key: self._uses[key] for key in keys if key in self._uses}
        return sorted(found, key=lambda key: (found[key].organization_id, found[key].user_id))


def _in_turn(lines: "deque[Generator[Key]]") -> Generator[Key]:
    while lines:
        line = lines.popleft()
        for key in line:
            yield key
            lines.append(line)
            break


def add(use: TokenUse, first: datetime, last: datetime, count: int, is_news: bool) -> bool:
    """Count further uses of the same, which may be earlier ones; tell whether they are the latest.

    What two look-ups tell of the time need not come in its order.
    """
    use.use_count += count
    use.is_news |= is_news
    use.first_use_time = min(use.first_use_time, first)
    if last < use.last_use_time:
        return False
    use.last_use_time = last
    return True
