"""What is counted, and under which names. ``app.web.exposition`` shows it.

Labels are of closed lists: never an id, a name, a token, or a path that somebody sent. What
every request counts is a tally of ``app.tallies``.
"""

from typing import Literal, TypeAlias, get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.values import MutexValue, ValueClass

from app.tallies import CountTally, Tally

IS_SHARED = ValueClass is not MutexValue
"""Whether workers put what they count into one folder, PROMETHEUS_MULTIPROC_DIR."""

FOLDER_PREFIX = "appusers-metrics-"
"""Of the folder's name, where ``appusers serve`` made it. An operator may have made one."""

REGISTRY = CollectorRegistry()
# Two lines where one serves.
disable_created_metrics()

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_TOKENS = (1, 2, 4, 8, 16, 32, 64, 128, 256)

UNMATCHED = "unmatched"
"""The route of a path that there is not."""


class Timings:
    """How long the requests of a route took, by the class of their status."""

    def __init__(self, route: str) -> None:
        self._route = route
        self._of_status: dict[int, Tally] = {}
        self._of_class: dict[str, Tally] = {}

    def observe(self, status: int, seconds: float) -> None:
        """Count a request; ``status`` is 0 where nothing was answered."""
        tally = self._of_status.get(status)
        (tally or self._tally(status)).observe(seconds)

    def _tally(self, status: int) -> Tally:
        name = status_class(status)
        tally = self._of_class.get(name)
        if tally is None:
            tally = self._of_class[name] = Tally(REQUEST_SECONDS.labels(self._route, name))
        self._of_status[status] = tally
        return tally


def status_class(status: int) -> str:
    """Return ``2xx`` and the like; two statuses that operators look for stand by themselves."""
    if status in (429, 503):
        return str(status)
    return f"{status // 100}xx" if 100 <= status < 600 else "none"


_timings: dict[str, Timings] = {}


def timings(route: str) -> Timings:
    """Return those of a route, which is a template of our own and nothing that was sent."""
    found = _timings.get(route)
    if found is None:
        found = _timings[route] = Timings(route)
    return found


REQUEST_SECONDS = Histogram(
    "appusers_http_request_duration_seconds",
    "Requests and how long they took, by route and class of status; 429 and 503 stand by"
    " themselves, and none is what was never answered.",
    ("route", "status"),
    buckets=_SECONDS,
    registry=REGISTRY,
)

_VERIFICATIONS = Counter(
    "appusers_verifications",
    "Tokens that were presented, by what became of them; the caller's own counts, too.",
    ("outcome",),
    registry=REGISTRY,
)
ACTIVE = CountTally(_VERIFICATIONS.labels("active"))
INACTIVE = CountTally(_VERIFICATIONS.labels("inactive"))
UNAVAILABLE = CountTally(_VERIFICATIONS.labels("unavailable"))

TokenRefusal: TypeAlias = Literal[
    "MALFORMED",
    "UNKNOWN",
    "WRONG_SECRET",
    "PEPPER_MISSING",
    "ELSEWHERE",
    "NETWORK",
    "REVOKED",
    "SUPERSEDED",
    "EXPIRED",
    "USER_DEACTIVATED",
    "UNUSED",
    "POLICY",
]
_REFUSALS = Counter(
    "appusers_token_refusals",
    "Inactive tokens by reason: MALFORMED has no token's shape or checksum, UNKNOWN is no token,"
    " ELSEWHERE is of an organization that the caller may not ask about; many of WRONG_SECRET with"
    " none active, or PEPPER_MISSING, are for a pepper that is not the one they were made under.",
    ("reason",),
    registry=REGISTRY,
)
_REASONS: tuple[TokenRefusal, ...] = get_args(TokenRefusal)
_refusals = {reason: CountTally(_REFUSALS.labels(reason)) for reason in _REASONS}


def refused(reason: TokenRefusal) -> None:
    """Count a token that is not good."""
    INACTIVE.add()
    _refusals[reason].add()


LOOK_UP_TOKENS = Tally(
    Histogram(
        "appusers_look_up_tokens",
        "Tokens that one statement looked up.",
        buckets=_TOKENS,
        registry=REGISTRY,
    )
)
LOOK_UP_SECONDS = Tally(
    Histogram(
        "appusers_look_up_duration_seconds",
        "How long such a statement took, with its wait for a connection.",
        buckets=_SECONDS,
        registry=REGISTRY,
    )
)

USES_WRITTEN = Counter(
    "appusers_uses_written",
    "Rows of uses of tokens that were written.",
    registry=REGISTRY,
)
USES_LOST = Counter(
    "appusers_uses_lost",
    "Uses of tokens that will never be written.",
    registry=REGISTRY,
)
REFUSALS_DROPPED = Counter(
    "appusers_audit_refusals_dropped",
    "Refusals that are on no record, because too many waited to be written to the audit trail.",
    registry=REGISTRY,
)
GRAPHQL_ERRORS = Counter(
    "appusers_graphql_errors",
    "Top-level errors of GraphQL answers by extensions.code.",
    ("code",),
    registry=REGISTRY,
)
DOCUMENTS_REFUSED = Counter(
    "appusers_graphql_documents_refused",
    "GraphQL documents that would have cost too much, and were not run.",
    registry=REGISTRY,
)
for _code in (
    "BAD_REQUEST",
    "FORBIDDEN",
    "INTERNAL",
    "RATE_LIMITED",
    "UNAUTHENTICATED",
    "UNAVAILABLE",
):
    GRAPHQL_ERRORS.labels(_code)

WebhookOutcome: TypeAlias = Literal["delivered", "failed", "given_up"]
_DELIVERIES = Counter(
    "appusers_webhook_deliveries",
    "Attempts to deliver an event; given_up is the last of an event that failed each time.",
    ("outcome",),
    registry=REGISTRY,
)
_OUTCOMES: tuple[WebhookOutcome, ...] = get_args(WebhookOutcome)
_deliveries = {outcome: _DELIVERIES.labels(outcome) for outcome in _OUTCOMES}


def delivery(outcome: WebhookOutcome) -> None:
    """Count an attempt to deliver an event."""
    _deliveries[outcome].inc()


BugSource: TypeAlias = Literal[
    "activity", "background", "graphql", "http", "look_ups", "refusals", "webhooks"
]
_BUGS = Counter(
    "appusers_internal_errors",
    "Bugs that nobody was told but the log, by where they were caught. Each is one to report.",
    ("source",),
    registry=REGISTRY,
)
BUG_SOURCES: tuple[BugSource, ...] = get_args(BugSource)
_bugs = {source: _BUGS.labels(source) for source in BUG_SOURCES}


def bug(source: BugSource) -> None:
    """Count what is masked for the caller and logged as ``<source>.bug``."""
    _bugs[source].inc()


def _gauge(name: str, documentation: str, *labels: str, how: str = "livesum") -> Gauge:
    """Return a gauge; ``how`` the values of several workers are put together."""
    mode: Literal["livesum", "livemax"] = "livemax" if how == "livemax" else "livesum"
    return Gauge(name, documentation, labels, registry=REGISTRY, multiprocess_mode=mode)


USES_WAITING = _gauge("appusers_uses_waiting", "Rows of uses of tokens that wait to be written.")
USES_LAG_SECONDS = _gauge(
    "appusers_uses_flush_lag_seconds",
    "No use of a token has waited longer than this to be written; 0 where none waits.",
    how="livemax",
)
REFUSALS_WAITING = _gauge(
    "appusers_audit_refusals_waiting", "Refusals that wait to be written to the audit trail."
)
REFUSALS_LAG_SECONDS = _gauge(
    "appusers_audit_refusals_lag_seconds",
    "For how long the audit trail could have had the oldest of them.",
    how="livemax",
)
CONNECTIONS = _gauge(
    "appusers_database_connections",
    "Connections to PostgreSQL that are open, by pool and state.",
    "pool",
    "state",
)
CONNECTIONS_LIMIT = _gauge(
    "appusers_database_connections_limit", "Connections that there may be.", "pool"
)
CONNECTIONS_AWAITED = _gauge(
    "appusers_database_connections_awaited", "Who waits for a connection.", "pool"
)
BUILD = _gauge(
    "appusers_build_info",
    "1, by the release that serves and the migration that it needs.",
    "version",
    "migration",
    how="livemax",
)
WORKERS = _gauge("appusers_workers", "Processes that serve.")
CPU_SECONDS = Counter(
    "appusers_process_cpu_seconds",
    "CPU time of the processes that serve, or served.",
    registry=REGISTRY,
)
MEMORY_BYTES = _gauge(
    "appusers_process_resident_memory_bytes", "Resident memory of the processes that serve."
)
OPEN_FILES = _gauge(
    "appusers_process_open_fds", "Open file descriptors of the processes that serve."
)


def exposition() -> bytes:
    """Return all of it as Prometheus reads it, of every worker that shares the folder."""
    if not IS_SHARED:
        return generate_latest(REGISTRY)
    # Imported late: one worker has nothing to put together.
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # pyright: ignore[reportUnknownMemberType]
    return generate_latest(registry)
