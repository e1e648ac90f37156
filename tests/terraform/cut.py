"""A proxy before a service that passes requests on, and loses them or their answers, or holds these
back.
"""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Self

import httpx


class Cutting:
    """A proxy; ``operations`` says of which how many answers are still to be lost.

    ``unsent`` says so of requests, which the service does not get. ``seen`` has all that came. The
    answer to what ``held`` names waits for ``release``; ``is_holding`` says that it is there.
    """

    def __init__(self, service: str) -> None:
        self.operations: dict[str, int] = {}
        self.unsent: dict[str, int] = {}
        self.seen: list[str] = []
        self.held: str | None = None
        self.is_holding, self.release = Event(), Event()
        cutting = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                operation = json.loads(body)["operationName"]
                cutting.seen.append(operation)
                if self.is_lost(cutting.unsent, operation):
                    return
                kept = ("Authorization", "Content-Type", "Accept")
                answer = httpx.post(
                    f"{service}{self.path}",
                    content=body,
                    headers={name: self.headers[name] for name in kept},
                )
                if operation == cutting.held:
                    cutting.is_holding.set()
                    cutting.release.wait(60)
                if self.is_lost(cutting.operations, operation):
                    return
                self.send_response(answer.status_code)
                self.send_header("Content-Type", answer.headers["content-type"])
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            def is_lost(self, losses: dict[str, int], operation: str) -> bool:
                left = losses.get(operation, 0)
                if left:
                    losses[operation] = left - 1
                    self.close_connection = True
                return bool(left)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
