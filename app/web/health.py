"""Health, for whoever runs the process: that it answers, and whether it can verify tokens."""

from dataclasses import dataclass, field
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from app import token_format
from app.verification import Verifier
from app.web import oauth_errors, raw
from app.web.outcomes import outcome
from app.web.raw import Answer

READY_PATH = "/readyz"

_METHOD_NOT_ALLOWED = oauth_errors.method_not_allowed("GET", "HEAD")
_READY = Answer(200, b'{"status":"ready"}')
_NOBODY = UUID(int=0)


async def healthz(_request: Request) -> JSONResponse:
    """Answer that this process serves. An outage of the database is not to end it."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


def routes() -> list[BaseRoute]:
    """Return the routes that need no database."""
    return [Route("/healthz", healthz)]


@dataclass(frozen=True, slots=True)
class Readiness:
    """The ASGI application behind ``/readyz``: ready is who can verify a token at this moment.

    It verifies a token that there is not, the way that every other goes, from its shape to the
    comparison of digests: behind a lock on the table, where a statement without a table is still
    answered, that takes too long, too. It is nobody's use, and no metric counts it.
    """

    verifier: Verifier
    _canary: str = field(
        default_factory=lambda: token_format.make(_NOBODY, _NOBODY), init=False, repr=False
    )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await outcome(self._answer(scope["method"]), READY_PATH, scope["request_id"])
        await raw.response(answer)(scope, receive, send)

    async def _answer(self, method: str) -> Answer:
        if method not in ("GET", "HEAD"):
            return _METHOD_NOT_ALLOWED
        presented = self.verifier.begin(self._canary)
        if presented is None or await self.verifier.identify(presented) is not None:
            raise RuntimeError("a token that there is not was taken for something else")
        return _READY
