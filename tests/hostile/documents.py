"""Documents that hypothesis-graphql draws from the SDL, with ids that exist mixed in."""

import random
import re
from collections.abc import Callable
from pathlib import Path

from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis_graphql import from_schema, nodes

from tests.hostile.callers import Callers
from tests.hostile.estate import Estate
from tests.hostile.oracle import UNHURRIED, Report

SDL = Path(__file__).resolve().parents[2] / "schema.graphql"
# Enough that every kind of field is met, and few enough that most documents are let through.
_TIMES = st.sampled_from(
    ["2026-01-31T12:00:00Z", "2026-01-31", "0001-01-01T00:00:00+14:00", "", "x"]
)
_ID = re.compile(r'\b(\w*[iI]d)\s*:\s*(?:"(?:[^"\\]|\\.)*"|-?\d+)')
_IDS = re.compile(r"\b(\w*Ids)\s*:\s*\[[^\]]*\]")
_FIRST = re.compile(r"\bfirst\s*:\s*-?\d+")

VARIANTS = 4
"""Of each document, with other ids: to draw one takes longer than to answer it."""


def strategy() -> st.SearchStrategy[object]:
    """Return documents, queries and mutations."""
    return from_schema(
        SDL.read_text(),
        custom_scalars={
            "DateTime": _TIMES.map(nodes.String),
            "Date": _TIMES.map(nodes.String),
            "SafeInt": st.integers(0, 2**53).map(nodes.Int),
        },
    )


def with_ids(document: str, estate: Estate, draw: random.Random) -> str:
    """Put ids that exist where most ids stand, and numbers that are taken where ``first`` does."""

    def known(name: str) -> str:
        kinds = {
            "organizationId": [estate.organization_id],
            "applicationUserId": estate.users,
            "organizationUserId": estate.people,
            "userId": estate.users + estate.people,
            "tokenId": estate.tokens,
            "groupId": estate.groups,
            "resourceId": estate.units,
            "parentId": estate.units,
            "webhookEndpointId": estate.webhooks,
        }
        every = [
            *(estate.organization_id, estate.admin_id),
            *estate.users,
            *estate.tokens[:100],
            *estate.groups,
            *estate.units,
            *estate.webhooks,
        ]
        return draw.choice(kinds.get(name, every))

    def one(found: re.Match[str]) -> str:
        return f'{found[1]}: "{known(found[1])}"' if draw.random() < 0.85 else found[0]

    def several(found: re.Match[str]) -> str:
        if draw.random() > 0.85:
            return found[0]
        names = [known(found[1][:-1]) for _ in range(draw.choice((1, 2, 20, 200)))]
        return f"{found[1]}: [" + ", ".join(f'"{name}"' for name in names) + "]"

    def count(found: re.Match[str]) -> str:
        return f"first: {draw.randint(1, 100)}" if draw.random() < 0.85 else found[0]

    return _FIRST.sub(count, _IDS.sub(several, _ID.sub(one, document)))


def run(
    report: Report, callers: Callers, count: int, number: int, tick: Callable[[], None]
) -> None:
    """Send so many documents."""
    estate = report.worker.estate
    names = sorted(callers.tokens)

    @seed(number)
    @settings(
        max_examples=max(1, count // VARIANTS),
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=UNHURRIED,
    )
    @given(document=strategy(), salt=st.integers(0, 2**32), who=st.sampled_from(names))
    def attempt(document: object, salt: int, who: str) -> None:
        draw = random.Random(salt)
        for name in (who, *["administrator"] * (VARIANTS - 1)):
            _send(report, name, with_ids(str(document), estate, draw), callers.tokens[name])
            tick()

    attempt()


def _send(report: Report, who: str, text: str, token: str | None) -> None:
    report.judge(
        f"{who}: {text}", lambda again: report.worker.graphql("," * again + text, {}, token)
    )
