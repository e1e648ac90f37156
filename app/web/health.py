"""Liveness: the process answers. It says nothing of the database, or an outage would end it."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route


async def healthz(_request: Request) -> JSONResponse:
    """Answer that this process serves."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


def routes() -> list[BaseRoute]:
    """Return the routes of this module."""
    return [Route("/healthz", healthz)]
