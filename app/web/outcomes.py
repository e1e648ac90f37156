"""What becomes of a request of plain HTTP: its answer, a refusal, an outage, or a bug."""

from collections.abc import Awaitable

import structlog

from app import metrics
from app.database import DatabaseUnavailable
from app.web.oauth_errors import BUG, UNAVAILABLE, Refused
from app.web.raw import Answer

log = structlog.get_logger("http")


async def outcome(answering: Awaitable[Answer], path: str, request_id: str) -> Answer:
    """Return the answer; nothing that is raised on the way leaves here."""
    try:
        return await answering
    except Refused as refused:
        return refused.answer
    except (DatabaseUnavailable, TimeoutError) as error:
        log.warning("http.unavailable", path=path, reason=repr(error), request_id=request_id)
        return UNAVAILABLE
    except Exception:
        log.exception("http.bug", path=path, request_id=request_id)
        metrics.bug("http")
        return BUG
