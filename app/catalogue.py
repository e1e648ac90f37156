"""The catalogue: which roles and permissions can be granted, and which scopes a token can have.

It is read from ``catalogue.toml`` beside this module and from a file that an operator may add, by
``app.catalogue_files``. Who holds what is not here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from app import catalogue_files
from app.bounds import covers
from app.catalogue_files import (
    EVERYTHING,
    LEVELS,
    CatalogueError,
    Entry,
    Level,
    Scope,
    included_first,
)

__all__ = ["LEVELS", "Catalogue", "CatalogueError", "Entry", "Level", "Scope", "load"]

_Names: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Entries and scopes by name, in the order of their files. ``load`` makes a checked one."""

    entries: Mapping[str, Entry]
    scopes: Mapping[str, Scope]
    scope_names: _Names = field(init=False, repr=False, compare=False)
    """The names of all scopes."""
    _given: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)
    _givers: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)
    _effective: Callable[[str, _Names | None], _Names] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        given = _open_roles(self.entries)
        object.__setattr__(self, "scope_names", tuple(self.scopes))
        object.__setattr__(self, "_given", given)
        object.__setattr__(
            self,
            "_givers",
            {
                name: frozenset(giver for giver, names in given.items() if name in names)
                for name in self.entries
            },
        )
        object.__setattr__(self, "_effective", lru_cache(maxsize=4096)(self._cut))

    def expand(self, names: Iterable[str]) -> frozenset[str]:
        """Return what a grant of these names gives: themselves, with roles opened to the bottom.

        A name that the catalogue does not have gives nothing: an operator may have taken it out
        after it was granted.
        """
        return frozenset[str]().union(*(self._given.get(name, frozenset()) for name in names))

    def effective(self, granted: str, scopes: Sequence[str] | None) -> tuple[str, ...]:
        """Return what a token with these scopes may, of what its user was granted: roles opened,
        in alphabetical order. None is a token that has no scopes and may all of it.

        ``granted`` are names with spaces between them, as look-ups have them.
        """
        return self._effective(granted, None if scopes is None else tuple(scopes))

    def _cut(self, granted: str, scopes: _Names | None) -> _Names:
        names = sorted(self.expand(granted.split()))
        if scopes is None:
            return tuple(names)
        held = frozenset(scopes)
        return tuple(
            name
            for name in names
            if (scope := self.entries[name].scope) is not None and covers(held, scope)
        )

    def givers(self, permission: str) -> frozenset[str]:
        """Return every name whose grant gives this one, itself included; none if it is unknown."""
        return self._givers.get(permission, frozenset())

    def may_be_granted_on(self, name: str, level: Level) -> bool:
        """Tell whether a resource of this kind takes a grant of the name; False if unknown."""
        entry = self.entries.get(name)
        return entry is not None and level in entry.levels


def load(extension: Path | None = None) -> Catalogue:
    """Read the packaged catalogue and what the operator's file adds. Raises CatalogueError."""
    entries, scopes = catalogue_files.read(extension)
    return Catalogue(MappingProxyType(entries), MappingProxyType(scopes))


def _open_roles(entries: Mapping[str, Entry]) -> dict[str, frozenset[str]]:
    """Return what each entry gives. Raises CycleError."""
    given: dict[str, frozenset[str]] = {}
    for name in included_first(entries):
        includes = entries[name].includes
        given[name] = (
            frozenset(entries)
            if EVERYTHING in includes
            else frozenset({name}).union(*(given[included] for included in includes))
        )
    return given
