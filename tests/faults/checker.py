"""Judges a history: a pure function from operations to the promises that they break.

The promises are those of the service's design. (1) What begins after a revocation or deletion was
acknowledged is not answered "active", on any node, with no tolerance. (2) Dead stays dead. (3) What
was acknowledged survives, and an unknown outcome is resolved by its key without a second secret.
(4) Every use that was let through is on record, but for what a killed process had not written.
(6) Without the database the answer is 503, and every answer keeps its deadline.

An ending whose outcome is unknown is an open interval: it may take effect at any time from its
begin on, or never.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from tests.faults.history import (
    ENDINGS,
    VERIFICATIONS,
    Absence,
    History,
    Kind,
    Operation,
    Outcome,
)

VERIFICATION_SECONDS = 1.0
UNWRITTEN_SECONDS = 1.5
"""A node writes uses every half second; the rest is for two busy cores, and for the write."""
SETTLED_SECONDS = 10.0
"""How long after a trouble a node may still have to write what it kept: locks of sessions that are
gone are held for 6 s, and a write that takes too long is tried again."""
RECOVERY_SECONDS = 1.0
"""Once the database is back, so much later every verification has a verdict."""
SECONDS = 5.0
"""The deadline of every other request, of a query that authenticates with a token too."""
ALLOWANCE_SECONDS = 1.0
"""What two busy cores may add to a deadline by scheduling alone; the next bound that could be in
effect in the place of a deadline, that of connecting, is 3 s."""
GRACE_SECONDS = 0.5
"""How long after a process is there again a client may still meet what its end left behind."""


NEVER_ANSWERED = frozenset({Outcome.LOST, Outcome.UNANSWERED, Outcome.CANCELLED})


class Rule(Enum):
    """What an operation breaks."""

    REVOKED_IS_REFUSED = "active after an acknowledged revocation"
    DEAD_STAYS_DEAD = "active after it was refused"
    ACKNOWLEDGED_SURVIVES = "refused without a revocation"
    ANSWER_IS_ALLOWED = "an answer that is none"
    IN_TIME = "past its deadline"
    ONE_SECRET = "a second secret for one key"
    USES_ARE_COUNTED = "uses are missing on record"
    USES_ARE_COUNTED_ONCE = "more uses on record than verifications"
    RECOVERS = "503 more than a second after the last fault"
    SERVES_ON = "the service did not go on"


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken promise and the operation that shows it, where it is a single one."""

    rule: Rule
    because: str
    operation: Operation | None = None


def check(history: History) -> list[Violation]:
    """Return every violation of a history, none where the promises were kept."""
    tokens: dict[str, list[Operation]] = defaultdict(list)
    deletions: dict[str, list[Operation]] = defaultdict(list)
    for operation in history.operations:
        if operation.kind is Kind.DELETE_USER and operation.user is not None:
            deletions[operation.user].append(operation)
        elif operation.token is not None:
            tokens[operation.token].append(operation)
    found: list[Violation] = []
    for operations in tokens.values():
        endings = [o for o in operations if o.kind in ENDINGS]
        for user in {o.user for o in operations if o.user is not None}:
            endings += deletions[user]
        verifications = [o for o in operations if o.kind in VERIFICATIONS]
        found += _active_after_the_end(verifications, endings)
        found += _active_after_refusal(verifications, endings)
        found += _refused_alive(verifications, endings)
    found += _missing_alive(history.operations, deletions)
    found += _wrong_answers(history)
    found += _late_answers(history)
    found += _slow_recoveries(history)
    found += _second_secrets(history)
    found += uncounted(history)
    found += _counted_twice(history)
    return found


def _active_after_the_end(
    verifications: Sequence[Operation], endings: Sequence[Operation]
) -> Iterator[Violation]:
    acknowledged = min((o.end for o in endings if _is_acknowledged(o)), default=None)
    if acknowledged is None:
        return
    for operation in verifications:
        if operation.outcome is Outcome.ACTIVE and operation.begin >= acknowledged:
            late = (operation.begin - acknowledged) * 1000
            yield Violation(
                Rule.REVOKED_IS_REFUSED, f"begun {late:.1f} ms after the answer", operation
            )


def _is_acknowledged(ending: Operation) -> bool:
    # Who repeats a deletion and reads that there is no such user knows that it took effect.
    is_gone = ending.kind is Kind.DELETE_USER and ending.outcome is Outcome.REFUSED
    return ending.outcome is Outcome.DONE or is_gone


def _active_after_refusal(
    verifications: Sequence[Operation], endings: Sequence[Operation]
) -> Iterator[Violation]:
    refused = min(
        (
            o.end
            for o in verifications
            if o.outcome is Outcome.INACTIVE and any(e.begin < o.end for e in endings)
        ),
        default=None,
    )
    if refused is None:
        return
    for operation in verifications:
        if operation.outcome is Outcome.ACTIVE and operation.begin >= refused:
            late = (operation.begin - refused) * 1000
            yield Violation(Rule.DEAD_STAYS_DEAD, f"begun {late:.1f} ms after a refusal", operation)


def _refused_alive(
    verifications: Sequence[Operation], endings: Sequence[Operation]
) -> Iterator[Violation]:
    first = min((e.begin for e in endings), default=None)
    for operation in verifications:
        if operation.outcome is Outcome.INACTIVE and (first is None or first >= operation.end):
            yield Violation(Rule.ACKNOWLEDGED_SURVIVES, "nobody had begun to revoke it", operation)


def _missing_alive(
    operations: Sequence[Operation], deletions: Mapping[str, Sequence[Operation]]
) -> Iterator[Violation]:
    for operation in operations:
        if operation.outcome is not Outcome.REFUSED or operation.user is None:
            continue
        others = [o for o in deletions.get(operation.user, ()) if o is not operation]
        if not any(o.begin < operation.end for o in others):
            yield Violation(
                Rule.ACKNOWLEDGED_SURVIVES, "nobody had begun to delete the user", operation
            )


def _wrong_answers(history: History) -> Iterator[Violation]:
    for operation in history.operations:
        if operation.outcome is Outcome.WRONG:
            yield Violation(Rule.ANSWER_IS_ALLOWED, operation.detail, operation)
        elif operation.outcome is Outcome.LOST and not _met_an_absence(operation, history):
            yield Violation(
                Rule.ANSWER_IS_ALLOWED, f"no process was killed: {operation.detail}", operation
            )


def _late_answers(history: History) -> Iterator[Violation]:
    for operation in history.operations:
        if operation.outcome is Outcome.UNANSWERED and not _met_an_absence(operation, history):
            yield Violation(Rule.IN_TIME, "never answered", operation)
        elif operation.outcome not in NEVER_ANSWERED:
            bound = deadline(operation.kind) + ALLOWANCE_SECONDS
            if operation.end - operation.begin <= bound:
                continue
            frozen = [(f.begin, f.end) for f in history.freezes if f.node == operation.node]
            seconds = answer_seconds(operation, [*history.stalls, *frozen])
            if seconds > bound:
                yield Violation(Rule.IN_TIME, f"answered after {seconds:.2f} s", operation)


def _slow_recoveries(history: History) -> Iterator[Violation]:
    if not history.has_to_recover:
        return
    spared = RECOVERY_SECONDS + ALLOWANCE_SECONDS
    away = [(each.node, each.begin, each.end) for each in (*history.absences, *history.freezes)]
    away += [(None, begin, end) for begin, end in (*history.troubles, *history.stalls)]
    for operation in history.operations:
        if operation.outcome is not Outcome.UNAVAILABLE or operation.kind not in IN_A_SECOND:
            continue
        if not any(
            node in {None, operation.node}
            and begin <= operation.end
            and operation.begin <= end + spared
            for node, begin, end in away
        ):
            yield Violation(Rule.RECOVERS, "nothing was wrong any longer", operation)


IN_A_SECOND = frozenset({Kind.INTROSPECT, Kind.FORWARD, Kind.READY})


def deadline(kind: Kind) -> float:
    """Return the seconds that a request may take."""
    return VERIFICATION_SECONDS if kind in IN_A_SECOND else SECONDS


def answer_seconds(operation: Operation, stalls: Sequence[tuple[float, float]]) -> float:
    """Return how long an answer took, without the time in which the client was kept from it."""
    stalled = sum(
        max(0.0, min(operation.end, end) - max(operation.begin, begin)) for begin, end in stalls
    )
    return operation.end - operation.begin - stalled


def _met_an_absence(operation: Operation, history: History) -> bool:
    return any(
        absence.node == operation.node
        and absence.begin <= operation.end
        and operation.begin <= absence.end + GRACE_SECONDS
        for absence in history.absences
    )


def _second_secrets(history: History) -> Iterator[Violation]:
    keys: dict[str, list[Operation]] = defaultdict(list)
    for operation in history.operations:
        if operation.key is not None and operation.outcome in {Outcome.DONE, Outcome.REPLAYED}:
            keys[operation.key].append(operation)
    for key, told in keys.items():
        shown = [o for o in told if o.outcome is Outcome.DONE]
        if len(shown) > 1:
            yield Violation(Rule.ONE_SECRET, f"{len(shown)} secrets for {key}", shown[-1])
        if len({o.token for o in told}) > 1:
            yield Violation(Rule.ONE_SECRET, f"several tokens for {key}", told[-1])
        if history.minted is not None and key not in history.minted:
            yield Violation(Rule.ACKNOWLEDGED_SURVIVES, f"no token for {key}", told[-1])
    for key, count in (history.minted or {}).items():
        if count > 1:
            yield Violation(Rule.ONE_SECRET, f"the database holds {count} tokens for {key}")


def uncounted(history: History) -> Iterator[Violation]:
    """Yield the tokens with fewer uses on record than were let through and cannot be lost."""
    if history.uses is None:
        return
    losses = [(each.node, *_unwritten(each, history.troubles)) for each in history.absences]
    kept = Counter(
        o.token
        for o in history.operations
        if o.token is not None
        and o.kind in VERIFICATIONS
        and o.outcome is Outcome.ACTIVE
        and not any(
            node == o.node and begin <= o.end and o.begin <= end for node, begin, end in losses
        )
    )
    for token, count in kept.items():
        found = history.uses.get(token, 0)
        if found < count:
            yield Violation(Rule.USES_ARE_COUNTED, f"{found} of {count} uses of {token}")


def _unwritten(absence: Absence, troubles: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return between which times a killed node may have let uses through and not written them."""
    since = absence.begin - UNWRITTEN_SECONDS
    for begin, end in sorted(troubles, key=lambda each: each[1], reverse=True):
        if begin <= absence.begin and end + SETTLED_SECONDS >= since:
            since = min(since, begin - UNWRITTEN_SECONDS)
    return since, absence.begin + GRACE_SECONDS


def _counted_twice(history: History) -> Iterator[Violation]:
    # What is written again because nobody knows whether it was is twice on record, rather than not.
    if history.uses is None or not history.is_written_once:
        return
    asked = Counter(o.token for o in history.operations if o.kind in VERIFICATIONS)
    for token, found in history.uses.items():
        # Tokens that a client knows nothing of, as administrators', are no part of the history.
        if token in asked and found > asked[token]:
            yield Violation(
                Rule.USES_ARE_COUNTED_ONCE, f"{found} uses of {token}, {asked[token]} asked"
            )
