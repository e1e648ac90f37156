"""The catalogue's files, read and checked: entries and scopes as they say them.

``app.catalogue`` says what they come to.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Literal, NoReturn, TypeAlias, cast, get_args

Level: TypeAlias = Literal["ORGANIZATION", "ORGANIZATIONAL_UNIT", "PROJECT"]

LEVELS: tuple[Level, ...] = get_args(Level)
EVERYTHING = "*"
PACKAGED = Path(__file__).with_name("catalogue.toml")

_ADMIN = "role:organization:admin"
_RESERVED = ("organization:", "role:organization:")
_NAME = re.compile(r"[a-z0-9_]+(:[a-z0-9_]+)*")
_RESOURCE = re.compile(r"[a-z0-9_]+")
_NAME_CHARACTERS = 255

_Table: TypeAlias = dict[str, object]


class CatalogueError(Exception):
    """A catalogue file does not make sense; the text names the file, the entry and the remedy."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A role or permission that can be granted on resources of its levels."""

    name: str
    title: str | None
    description: str
    levels: frozenset[Level]
    is_role: bool
    includes: frozenset[str]
    """Of a role, as its file says it: names one step down, or ``EVERYTHING`` alone."""
    is_enforced_here: bool
    scope: str | None = None
    """What a token with scopes needs besides the grant; None: only a token without any has it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a token can be narrowed to: ``<resource>:read`` or ``<resource>:write``."""

    name: str
    description: str


def read(extension: Path | None = None) -> tuple[dict[str, Entry], dict[str, Scope]]:
    """Return what the packaged file and an operator's say, by name and in order.

    Raises CatalogueError.
    """
    entries: dict[str, Entry] = {}
    scopes: dict[str, Scope] = {}
    _File(PACKAGED, is_packaged=True).add_to(entries, scopes)
    if extension is not None:
        _File(extension, is_packaged=False).add_to(entries, scopes)
    return entries, scopes


def included_first(entries: Mapping[str, Entry]) -> tuple[str, ...]:
    """Return the names so that a role comes after what it includes. Raises CycleError."""
    graph = {name: entry.includes - {EVERYTHING} for name, entry in entries.items()}
    return tuple(TopologicalSorter(graph).static_order())


@dataclass(frozen=True, slots=True)
class _File:
    """One catalogue file; every method raises CatalogueError."""

    path: Path
    is_packaged: bool

    def add_to(self, entries: dict[str, Entry], scopes: dict[str, Scope]) -> None:
        document = self._document()
        own: list[Entry] = []
        for kind in ("role", "permission"):
            for number, table in enumerate(self._tables(document, kind), 1):
                entry = self._entry(kind, table, number)
                if entry.name in entries:
                    self._refuse(kind, entry.name, "is there already; give it another name")
                entries[entry.name] = entry
                own.append(entry)
        for number, table in enumerate(self._tables(document, "scope"), 1):
            for scope in self._scopes(table, number):
                if scope.name in scopes:
                    self._refuse("scope", scope.name, "is there already; give it another resource")
                scopes[scope.name] = scope
        for entry in own:
            self._check_includes(entry, entries)
            if entry.scope is not None and entry.scope not in scopes:
                kind = "role" if entry.is_role else "permission"
                self._refuse(
                    kind, entry.name, f"has the scope {entry.scope!r}, which is unknown; define it"
                )
        try:
            included_first(entries)
        except CycleError as error:
            chain = " includes ".join(cast("list[str]", error.args[1])[::-1])
            self._refuse("role", chain.split()[0], f"includes itself ({chain}); break the circle")

    def _document(self) -> _Table:
        try:
            document = tomllib.loads(self.path.read_text(encoding="utf-8"))
        except OSError as error:
            raise CatalogueError(
                f"{self.path} cannot be read ({error.strerror}); name a file that this user may"
                " read."
            ) from None
        except UnicodeDecodeError:
            raise CatalogueError(f"{self.path} is not UTF-8; save it as UTF-8.") from None
        except tomllib.TOMLDecodeError as error:
            raise CatalogueError(f"{self.path} is not TOML: {error}.") from None
        for key in document:
            if key not in ("role", "permission", "scope"):
                raise CatalogueError(
                    f"{self.path}: {key!r} is unknown; write [[role]], [[permission]], [[scope]]."
                )
        return document

    def _tables(self, document: _Table, kind: str) -> list[_Table]:
        tables = document.get(kind, [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise CatalogueError(
                f"{self.path}: {kind!r} is no list of tables; write [[{kind}]] over each."
            )
        return cast("list[_Table]", tables)

    def _entry(self, kind: str, table: _Table, number: int) -> Entry:
        name = self._name(kind, table, number, "name", _NAME, "colon-separated words")
        if not self.is_packaged and name.startswith(_RESERVED):
            self._refuse(kind, name, "has a name that is reserved; begin it with another word")
        if not self.is_packaged and "enforced_here" in table:
            self._refuse(
                kind, name, "says enforced_here, which only this service can; leave it out"
            )
        is_role = kind == "role"
        own = ("includes",) if is_role else ()
        self._check_keys(
            *(kind, name, table, "name", "title", "description", "levels", "scope"),
            *("enforced_here", *own),
        )
        return Entry(
            name,
            self._text(kind, name, table, "title") if "title" in table else None,
            self._text(kind, name, table, "description"),
            self._levels(kind, name, table),
            is_role,
            frozenset(self._names(kind, name, table, "includes")) if is_role else frozenset(),
            self._flag(kind, name, table, "enforced_here"),
            self._text(kind, name, table, "scope") if "scope" in table else None,
        )

    def _scopes(self, table: _Table, number: int) -> list[Scope]:
        resource = self._name("scope", table, number, "resource", _RESOURCE, "one word")
        self._check_keys("scope", resource, table, "resource", "read", "write")
        return [
            Scope(f"{resource}:{verb}", self._text("scope", resource, table, verb))
            for verb in ("read", "write")
        ]

    def _check_includes(self, role: Entry, entries: Mapping[str, Entry]) -> None:
        if self.is_packaged and role.includes == frozenset({EVERYTHING}):
            return
        for included in sorted(role.includes):
            # A second name for the administrator would slip past the rules that look for the first.
            if included in (EVERYTHING, _ADMIN):
                self._refuse(
                    "role", role.name, f"includes {included!r}; list the permissions that it needs"
                )
            entry = entries.get(included)
            if entry is None:
                self._refuse(
                    "role", role.name, f"includes {included!r}, which is unknown; define or drop it"
                )
            if missing := role.levels - entry.levels:
                # Otherwise a project role could give a permission on the whole organization.
                self._refuse(
                    "role",
                    role.name,
                    f"includes {included!r}, which cannot be granted on {_listed(missing)};"
                    " drop it or the level",
                )

    def _check_keys(self, kind: str, name: str, table: _Table, *known: str) -> None:
        for key in table:
            if key not in known:
                self._refuse(kind, name, f"has the unknown key {key!r}; use {', '.join(known)}")

    def _name(
        self, kind: str, table: _Table, number: int, key: str, shape: re.Pattern[str], words: str
    ) -> str:
        name = table.get(key)
        # ``:write`` is what a scope's name adds to its resource.
        limit = _NAME_CHARACTERS - (len(":write") if kind == "scope" else 0)
        if not isinstance(name, str) or len(name) > limit or not shape.fullmatch(name):
            said = f"number {number}" if name is None else repr(name)
            self._refuse(
                kind,
                said,
                f"needs a {key} of {words} of a-z, 0-9 and _, {limit} characters at most",
            )
        return name

    def _text(self, kind: str, name: str, table: _Table, key: str) -> str:
        text = table.get(key)
        if not isinstance(text, str) or not text.strip():
            self._refuse(kind, name, f'needs a text as its {key}, as in {key} = "…"')
        return text.strip()

    def _flag(self, kind: str, name: str, table: _Table, key: str) -> bool:
        flag = table.get(key, False)
        if not isinstance(flag, bool):
            self._refuse(kind, name, f"needs true or false as {key}")
        return flag

    def _names(self, kind: str, name: str, table: _Table, key: str) -> list[str]:
        names = table.get(key)
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            self._refuse(kind, name, f'needs a list of texts as its {key}, as in {key} = ["…"]')
        return cast("list[str]", names)

    def _levels(self, kind: str, name: str, table: _Table) -> frozenset[Level]:
        names = self._names(kind, name, table, "levels")
        if not names or not set(names) <= set(LEVELS):
            wrong = sorted(set(names) - set(LEVELS)) or "no level"
            self._refuse(kind, name, f"has {wrong} as levels; choose from {', '.join(LEVELS)}")
        return frozenset(level for level in LEVELS if level in names)

    def _refuse(self, kind: str, name: str, why: str) -> NoReturn:
        raise CatalogueError(f"{self.path}: the {kind} {name} {why}.")


def _listed(levels: frozenset[Level]) -> str:
    return " and ".join(level for level in LEVELS if level in levels)
