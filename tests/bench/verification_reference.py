"""The yardstick of the hot path: a form taken and JSON answered as Starlette's documentation says.

It knows no token, asks no database, and says the same to everybody: what the service does beyond
that counts against the service.

    python -m tests.bench.verification_reference
"""

import socket

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def introspect(request: Request) -> JSONResponse:
    """Read the form, and answer as for an active token."""
    form = await request.form()
    token = form["token"]
    return JSONResponse(
        {
            "active": True,
            "sub": "user_00000000000000000000000000000000000000000000",
            "client_id": "user_00000000000000000000000000000000000000000000",
            "username": "integration 1",
            "scope": "authentication:read services:read",
            "token_type": "Bearer",
            "exp": 2051222400,
            "iat": 1735689600,
            "iss": "http://127.0.0.1:8000",
            "jti": f"token_{str(token)[5:49]}",
            "organization_id": "org_0000000000000000000000",
            "resource_id": "org_0000000000000000000000",
            "permissions": ["project:services:read"],
        }
    )


def create_app() -> Starlette:
    """Return the application, for uvicorn."""
    return Starlette(routes=[Route("/introspect", introspect, methods=["POST"])])


def main() -> None:
    """Serve, after a line with the address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # As on a socket that uvicorn opens itself.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        config = uvicorn.Config(
            create_app,
            factory=True,
            loop="uvloop",
            http="httptools",
            log_level="warning",
            access_log=False,
        )
        # Not `serve`: uvicorn chooses the loop in `run`.
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
