"""What is answered where no endpoint does: JSON, like everything else."""

from collections.abc import Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.web import requests
from app.web.security_headers import HeaderFields


def handlers(always: HeaderFields) -> dict[Any, Callable[[Request, Exception], Response]]:
    """Return what Starlette asks for an answer to what was raised."""
    return {HTTPException: _refusal, Exception: _bug(always)}


def _refusal(_request: Request, error: Exception) -> Response:
    """Answer what no route is there for."""
    if not isinstance(error, HTTPException):
        raise error
    return JSONResponse(
        {"errors": [{"message": error.detail, "extensions": {"code": "BAD_REQUEST"}}]},
        status_code=error.status_code,
        headers=error.headers,
    )


def _bug(always: HeaderFields) -> Callable[[Request, Exception], Response]:
    """Return what answers a bug of ours, which is raised again and logged by the server.

    It stands outside all middleware, and so adds itself what middleware adds to other answers.
    """

    def answer(request: Request, _error: Exception) -> Response:
        request_id = str(request.scope.get("request_id", "none"))
        message = f"Something went wrong on our side. The request id is {request_id}."
        extensions = {"code": "INTERNAL", "requestId": request_id}
        headers = {name.decode(): value.decode() for name, value in always}
        return JSONResponse(
            {"errors": [{"message": message, "extensions": extensions}]},
            status_code=500,
            headers=headers | {requests.HEADER: request_id},
        )

    return answer
