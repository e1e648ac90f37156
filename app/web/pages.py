"""What people's browsers load: GraphiQL, the files of all pages, and the way to the first page.

What the pages are made of lives in app/frontend; app/static is what its build wrote. The console's
own page is ``app.web.console``'s.
"""

import gzip
from functools import cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.web import security_headers

STATIC = Path(__file__).resolve().parent.parent / "static"
_PAGE = STATIC / "graphiql" / "index.html"

# Spelled out, because the operating system's own table may call a script text/plain, and a
# browser that heeds `nosniff` then refuses to run it.
_MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}

# To compress these again only makes them longer.
_COMPRESSED = frozenset({".png", ".webp", ".woff2"})

# Monaco positions each line of text by a style attribute and writes its theme into a style
# element, hence 'unsafe-inline' for styles. Scripts have no such exception.
_PAGE_SECURITY_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
)

# A worker lives under the policy of its own script, not of the page: this one may load modules
# of this origin and talk to nobody.
_ASSET_SECURITY_POLICY = "default-src 'none'; script-src 'self'; frame-ancestors 'none'"

_COMMON_HEADERS = {name.decode(): value.decode() for name, value in security_headers.ALWAYS}

_NO_PAGE = (
    "There is no page here: {} switched off.\n"
    "Programs send GraphQL to /graphql by POST, with an access token.\n"
)

_PAGE_HEADERS = _COMMON_HEADERS | {
    "content-security-policy": "; ".join(_PAGE_SECURITY_POLICY),
    "Cross-Origin-Opener-Policy": "same-origin",
    "cache-control": "no-cache",
    # The same address answers API clients with JSON.
    "Vary": "Accept",
}


def routes(*, console: bool = True, graphiql: bool = True) -> list[BaseRoute]:
    """Return the routes of the first page and of the pages' files; the pages' own are not here.

    The arguments say which pages there are. Without any there is nothing but a text that says so.
    """
    if not console and not graphiql:
        return [Route("/", _nothing, methods=["GET"])]
    return [
        Route("/", _to_console if console else _to_graphiql, methods=["GET"]),
        Route("/static/{path:path}", _StaticFiles(STATIC).respond, methods=["GET"]),
    ]


async def graphiql(_request: Request) -> Response:
    """Answer with GraphiQL's page, for a browser that opens /graphql."""
    return FileResponse(_PAGE, media_type="text/html", headers=_PAGE_HEADERS)


async def no_graphiql(_request: Request) -> Response:
    """Answer a browser where the operator has switched GraphiQL off."""
    headers = _COMMON_HEADERS | {"Vary": "Accept"}
    return PlainTextResponse(_NO_PAGE.format("GraphiQL is"), status_code=404, headers=headers)


async def _nothing(_request: Request) -> Response:
    text = _NO_PAGE.format("the console and GraphiQL are")
    return PlainTextResponse(text, status_code=404, headers=_COMMON_HEADERS)


async def _to_console(_request: Request) -> Response:
    return RedirectResponse("/console", status_code=307, headers=_COMMON_HEADERS)


async def _to_graphiql(_request: Request) -> Response:
    return RedirectResponse("/graphql", status_code=307, headers=_COMMON_HEADERS)


class _StaticFiles:
    """Serves the files that existed at the start, by exact name: no path is ever put together.

    Pages stay out, since they need their policy, which is sent where they are answered.
    """

    def __init__(self, folder: Path) -> None:
        self._files: dict[str, Path] = {
            file.relative_to(folder).as_posix(): file
            for file in folder.rglob("*")
            if file.is_file() and file.suffix in _MEDIA_TYPES
        }

    async def respond(self, request: Request) -> Response:
        name: str = request.path_params["path"]
        file = self._files.get(name)
        if file is None:
            return PlainTextResponse("Not found.\n", status_code=404, headers=_COMMON_HEADERS)
        # Names under assets/ carry a hash of the content, so a changed file is another address.
        is_hashed = name.startswith("assets/")
        headers = _COMMON_HEADERS | {
            "content-security-policy": _ASSET_SECURITY_POLICY,
            "cache-control": "public, max-age=31536000, immutable" if is_hashed else "no-cache",
            "Vary": "Accept-Encoding",
        }
        media_type = _MEDIA_TYPES[file.suffix]
        if file.suffix in _COMPRESSED or "gzip" not in request.headers.get("Accept-Encoding", ""):
            return FileResponse(file, media_type=media_type, headers=headers)
        body = await run_in_threadpool(_compressed, file)
        headers["Content-Encoding"] = "gzip"
        return Response(body, media_type=media_type, headers=headers)


@cache
def _compressed(file: Path) -> bytes:
    """Compress a file once in the life of the process, however often it is asked for."""
    return gzip.compress(file.read_bytes(), mtime=0)
