"""Delivers the outbox: claims what is due by lease, sends it, and notes what came of it.

At least once, and in no order: an attempt whose worker ends in between is made again when its lease
is over, and what failed waits while later events pass it. Workers share the outbox, and nothing
else.
"""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

import structlog

from app import metrics, webhook_messages
from app.token_format import Peppers
from app.webhook_connections import NotSent, Sender
from app.webhook_messages import signing_key
from db import audit_pages, webhook_deliveries
from db.pool import Database, DatabaseUnavailable
from db.webhook_deliveries import Claim

log = structlog.get_logger("webhooks")

AT_ONCE = 32
"""Attempts of a worker that run side by side; each holds one event and one connection."""
AT_ONCE_OF_ONE = 4
"""How many of them may be one organization's: a few with dead endpoints leave room for others."""
ORGANIZATIONS = 100
"""How many of those that wait are looked at in one go."""
LEASE_SECONDS = 60.0
"""Longer than an attempt and the writing of its outcome take, deadlines included."""
LOOK_SECONDS = 1.0
"""How long slow attempts may keep a worker from looking for what else is due."""
ATTEMPTS = 20
GIVEN_UP_AT_ONCE = 1000
FIRST_PAUSE_SECONDS = 12.5
PAUSE_FACTOR = 3
LONGEST_PAUSE_SECONDS = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt; ``error`` is None where it arrived."""

    status: int | None
    error: str | None


def pause(attempt_count: int) -> float | None:
    """Return the seconds until the next attempt, None after the last.

    From 10 seconds to 6 hours, a fifth shorter at random, so that what failed together does not
    come back together; three days in all.
    """
    if attempt_count >= ATTEMPTS:
        return None
    longest = FIRST_PAUSE_SECONDS * PAUSE_FACTOR ** (attempt_count - 1)
    return min(longest, LONGEST_PAUSE_SECONDS) * random.uniform(0.8, 1.0)  # noqa: S311 (no secret)


@dataclass
class Deliverer:
    """What a worker does about webhooks."""

    database: Database
    peppers: Peppers
    sender: Sender

    async def deliver_due(self) -> int:
        """Attempt everything that is due, and what becomes due meanwhile; return how often.

        Raises DatabaseUnavailable.
        """
        attempts = 0
        running = dict[asyncio.Task[None], UUID]()
        try:
            while True:
                started = await self._start(running)
                attempts += started
                if not running:
                    return attempts
                if not started or len(running) >= AT_ONCE:
                    done, _ = await asyncio.wait(
                        running, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED
                    )
                    for task in done:
                        del running[task]
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _start(self, running: dict[asyncio.Task[None], UUID]) -> int:
        """Start as many attempts as there is room for; return how many."""
        started = 0
        if len(running) >= AT_ONCE:
            return started
        async with self.database.connection() as connection:
            waiting = await webhook_deliveries.list_organizations_to_notify(
                connection, ORGANIZATIONS
            )
        busy = Counter(running.values())
        # Who waits longest comes first among those that are served equally little.
        for organization_id in sorted(waiting, key=lambda waits: busy[waits]):
            room = min(AT_ONCE_OF_ONE - busy[organization_id], AT_ONCE - len(running))
            for claim in await self._claim(organization_id, room) if room > 0 else ():
                running[asyncio.create_task(self._attempt(claim))] = organization_id
                started += 1
        return started

    async def _claim(self, organization_id: UUID, at_most: int) -> list[Claim]:
        async with self.database.tenant(organization_id) as connection:
            claimed = await webhook_deliveries.claim(
                connection,
                organization_id,
                at_most=at_most,
                attempts=ATTEMPTS,
                lease_seconds=LEASE_SECONDS,
            )
            if len(claimed) < at_most:
                await webhook_deliveries.give_up(
                    connection, organization_id, at_most=GIVEN_UP_AT_ONCE, attempts=ATTEMPTS
                )
        return claimed

    async def _attempt(self, claim: Claim) -> None:
        try:
            outcome = await self._send(claim)
            await self._note(claim, outcome)
        except DatabaseUnavailable as error:
            # The lease ends by itself, and the attempt is made again.
            log.warning("webhooks.outcome_lost", error=str(error))
        except Exception:
            # One delivery that cannot be made must not stop the others; it comes back by its lease.
            log.exception("webhooks.bug", endpoint_id=str(claim.endpoint_id))
            metrics.bug("webhooks")

    async def _send(self, claim: Claim) -> Outcome:
        keys = self._keys(claim)
        if not keys:
            return Outcome(None, "The pepper of the signing key is not configured any more.")
        async with self.database.tenant(claim.organization_id) as connection:
            event = await audit_pages.find(connection, claim.organization_id, claim.sequence)
        if event is None:
            raise RuntimeError("a delivery without an event")
        body = webhook_messages.body(event)
        message_id = webhook_messages.message_id(event)
        seconds = int(claim.claim_time.timestamp())
        headers = webhook_messages.headers(keys, message_id, seconds, body)
        try:
            return _judge(await self.sender.post(claim.url, headers, body))
        except NotSent as error:
            return Outcome(None, str(error))

    def _keys(self, claim: Claim) -> list[bytes]:
        """Return the endpoint's key and, for a while after a rotation, the one before."""
        versions = [(claim.pepper_version, claim.key_number)]
        if claim.previous_pepper_version is not None:
            versions.append((claim.previous_pepper_version, claim.key_number - 1))
        made = [
            signing_key(
                self.peppers,
                claim.organization_id,
                claim.endpoint_id,
                pepper_version=version,
                key_number=number,
            )
            for version, number in versions
        ]
        return [key for key in made if key is not None]

    async def _note(self, claim: Claim, outcome: Outcome) -> None:
        async with self.database.tenant(claim.organization_id) as connection:
            if outcome.error is None and outcome.status is not None:
                await webhook_deliveries.mark_delivered(connection, claim, outcome.status)
                metrics.delivery("delivered")
                return
            again_after = pause(claim.attempt_count)
            await webhook_deliveries.mark_failed(
                connection,
                claim,
                status=outcome.status,
                error=outcome.error or "",
                again_after=again_after,
            )
        metrics.delivery("given_up" if again_after is None else "failed")
        log.info(
            "webhooks.given_up" if again_after is None else "webhooks.failed",
            endpoint_id=str(claim.endpoint_id),
            attempt=claim.attempt_count,
            status=outcome.status,
            error=outcome.error,
        )


def _judge(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome(status, None)
    if 300 <= status < 400:
        return Outcome(status, f"The endpoint answered {status}: redirects are not followed.")
    return Outcome(status, f"The endpoint answered {status}.")
