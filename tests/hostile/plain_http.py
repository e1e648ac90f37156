"""Requests to the plain HTTP endpoints that schemathesis draws, those that are valid and not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
import schemathesis
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from tests.hostile.callers import Callers
from tests.hostile.oracle import UNHURRIED, Report

DESCRIPTION = Path(__file__).parent / "openapi.yaml"
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def run(
    report: Report, callers: Callers, count: int, number: int, tick: Callable[[], None]
) -> None:
    """Send so many requests, as many to each operation."""
    described: Any = schemathesis.openapi.from_path(str(DESCRIPTION))
    operations: list[Any] = [found.ok() for found in described.get_all_operations()]
    share = max(1, count // (len(operations) * len(MODES)))
    names = sorted(callers.tokens)
    for operation in operations:
        for mode in MODES:
            try:
                cases = operation.as_strategy(generation_mode=mode)
                _run(report, callers, cases, names, share, number, tick)
            except Exception as error:
                # There is nothing to get wrong about an operation that takes nothing.
                if type(error).__name__ not in ("Unsatisfiable", "NoSuchStrategy"):
                    raise


def _run(
    report: Report,
    callers: Callers,
    cases: Any,
    names: list[str],
    share: int,
    number: int,
    tick: Callable[[], None],
) -> None:
    @seed(number)
    @settings(
        max_examples=share,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=UNHURRIED,
    )
    @given(case=cases, who=st.sampled_from(names))
    def attempt(case: Any, who: str) -> None:
        token = callers.tokens[who]
        parts = _parts(report.worker.port, case, token)
        if parts is not None:
            method, path, body, headers = parts
            report.judge(
                f"{who}: {method} {path} {body!r}",
                lambda _again: report.worker.request(method, path, body, headers),
            )
        tick()

    attempt()


def _parts(
    port: int, case: Any, token: str | None
) -> tuple[str, str, bytes | None, dict[str, str]] | None:
    """Return what is sent, None for what no client of HTTP sends."""
    given_by_case = case.as_transport_kwargs(base_url=f"http://127.0.0.1:{port}")
    known = {"method", "url", "params", "data", "json", "headers", "cookies", "files"}
    try:
        request = requests.Request(
            **{name: value for name, value in given_by_case.items() if name in known}
        ).prepare()
    except (requests.RequestException, ValueError, TypeError, UnicodeError):
        return None
    headers = {name: str(value) for name, value in request.headers.items()}
    headers.pop("Content-Length", None)
    if token is not None and "Authorization" not in headers:
        headers["Authorization"] = f"Bearer {token}"
    body: Any = request.body.encode() if isinstance(request.body, str) else request.body
    return str(request.method), request.path_url, body, headers
