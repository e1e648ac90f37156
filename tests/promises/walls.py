"""The two walls between tenants, and how to take one down to see whether the other holds."""

import importlib
import pkgutil
import re

import asyncpg
import pytest

import db
from tests.postgres import Urls

_PREDICATE = re.compile(r"(\b\w+\.)?organization_id = \$1\b")


async def disable_row_level_security(urls: Urls) -> None:
    """Take down the wall in the database, for good."""
    connection = await asyncpg.connect(urls.owner)
    try:
        for row in await connection.fetch("SELECT polrelid::regclass::text AS name FROM pg_policy"):
            await connection.execute(f"ALTER TABLE {row['name']} DISABLE ROW LEVEL SECURITY")
    finally:
        await connection.close()


def without_predicates(patch: pytest.MonkeyPatch) -> int:
    """Take down the wall in the statements; return how many lost their predicate."""
    changed = 0
    for info in pkgutil.iter_modules(db.__path__):
        module = importlib.import_module(f"db.{info.name}")
        for name, found in list(vars(module).items()):
            if not name.endswith("_SQL"):
                continue
            loose = (
                {key: _loosen(statement) for key, statement in found.items()}
                if isinstance(found, dict)
                else _loosen(found)
            )
            if loose != found:
                patch.setattr(module, name, loose)
                changed += 1
    return changed


def _loosen(statement: str) -> str:
    return _PREDICATE.sub("$1::uuid IS NOT NULL", statement)
