"""The application behind a gateway: it answers, and remembers what reached it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import uvicorn
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Receive, Scope, Send


@dataclass(frozen=True)
class Reached:
    """A request that got through."""

    method: str
    target: str
    headers: Headers
    body: bytes


@dataclass
class Application:
    """What a gateway protects."""

    port: int = 0
    reached: list[Reached] = field(default_factory=list[Reached])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await Request(scope, receive).body()
        target = (scope["raw_path"] + b"?" + scope["query_string"]).decode()
        self.reached.append(Reached(scope["method"], target, Headers(scope=scope), body))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-app", b"yes")]})
        await send({"type": "http.response.body", "body": b"from the application"})


@asynccontextmanager
async def served() -> AsyncGenerator[Application]:
    """Serve an application on a free port."""
    application = Application()
    config = uvicorn.Config(
        application, host="127.0.0.1", port=0, log_config=None, lifespan="off", ws="none"
    )
    server = uvicorn.Server(config)
    listener = config.bind_socket()
    application.port = listener.getsockname()[1]
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield application
    finally:
        server.should_exit = True
        await serving
