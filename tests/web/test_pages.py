"""The pages' routes: headers, policy, what is reachable, and that app/static is what builds."""

import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from app.web import pages

APP = Path(pages.__file__).parent.parent
STATIC = APP / "static"
ASSETS = sorted(file.name for file in (STATIC / "assets").iterdir())
SCRIPTS = [name for name in ASSETS if name.endswith(".js")]
STYLES = [name for name in ASSETS if name.endswith(".css")]

# Code that would load something from an absolute address. Other addresses in the bundles are
# names of namespaces and JSON schemas, or links to documentation that nobody follows unasked. What
# is only read as a URL may be relative to this one, which stands for any.
LOADS_FROM_ELSEWHERE = re.compile(
    r"""(?:\bimport\s*\(|\bfrom|\bimport|importScripts\(|Worker\(|\bfetch\(|new URL\()"""
    r"""\s*["'`](?:https?:)?//(?!localhost["'`])"""
)
DELIVERY_NETWORKS = re.compile(r"jsdelivr|unpkg\.com|esm\.sh|cdnjs|googleapis|gstatic")


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that has the pages and nothing else."""
    app = Starlette(routes=[Route("/graphql", pages.graphiql), *pages.routes()])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


class TestGraphiQL:
    async def test_is_html_with_the_whole_policy(self, client: httpx.AsyncClient):
        response = await client.get("/graphql")
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert response.headers["content-security-policy"].split("; ") == [
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
        ]

    async def test_is_revalidated_and_differs_by_accept(self, client: httpx.AsyncClient):
        headers = (await client.get("/graphql")).headers
        assert headers["cache-control"] == "no-cache"
        assert headers["vary"] == "Accept"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"

    async def test_has_no_inline_script_and_only_files_of_its_own(self, client: httpx.AsyncClient):
        html = (await client.get("/graphql")).text
        assert "<title>application-users · GraphiQL</title>" in html
        assert not re.search(r"<script(?![^>]*\ssrc=)|\son\w+=|\sstyle=|<style|javascript:", html)
        addresses = re.findall(r'\s(?:src|href)="([^"]*)"', html)
        assert len(addresses) >= 3
        for address in addresses:
            assert address.startswith("/static/assets/")
            assert (await client.get(address)).status_code == 200


class TestAssets:
    @pytest.mark.parametrize(
        ("suffix", "media_type"),
        [
            (".css", "text/css; charset=utf-8"),
            (".js", "text/javascript; charset=utf-8"),
            (".svg", "image/svg+xml"),
            (".ttf", "font/ttf"),
        ],
    )
    async def test_are_typed_and_cached_forever(
        self, client: httpx.AsyncClient, suffix: str, media_type: str
    ):
        name = next(name for name in ASSETS if name.endswith(suffix))
        response = await client.get(f"/static/assets/{name}")
        assert response.status_code == 200
        assert response.headers["content-type"] == media_type
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert response.headers["content-security-policy"].startswith("default-src 'none';")

    async def test_all_are_served_byte_for_byte(self, client: httpx.AsyncClient):
        for name in ASSETS:
            for encoding in ("identity", "gzip"):
                response = await client.get(
                    f"/static/assets/{name}", headers={"Accept-Encoding": encoding}
                )
                # What is compressed as a file is not compressed once more.
                expected = "identity" if name.endswith((".png", ".webp", ".woff2")) else encoding
                assert response.headers.get("content-encoding", "identity") == expected
                assert response.content == (STATIC / "assets" / name).read_bytes()

    async def test_head_has_no_body(self, client: httpx.AsyncClient):
        response = await client.head(f"/static/assets/{SCRIPTS[0]}")
        assert response.status_code == 200
        assert response.content == b""

    async def test_licenses_are_text_and_revalidated(self, client: httpx.AsyncClient):
        response = await client.get("/static/LICENSES.txt")
        assert response.headers["content-type"] == "text/plain; charset=utf-8"
        assert response.headers["cache-control"] == "no-cache"
        for package in ("graphiql", "graphql", "monaco-editor", "react", "react-dom"):
            assert re.search(rf"^{package} \d+\.\d+\.\d+ \(MIT\)$", response.text, re.MULTILINE)


class TestNotFound:
    @pytest.mark.parametrize(
        "path",
        [
            "/static/",
            "/static/assets",
            "/static/assets/",
            "/static/assets/nothing.js",
            "/static/graphiql/index.html",
            "/static/../web/pages.py",
            "/static/%2e%2e/web/pages.py",
            "/static/..%2fweb/pages.py",
            "/static/assets/..%5c..%5cweb%5cpages.py",
            "/static/%2fetc%2fpasswd",
            "/static//etc/passwd",
            "/static/assets/%00",
            "/static/LICENSES.txt/",
        ],
    )
    async def test_other_names(self, client: httpx.AsyncClient, path: str):
        response = await client.get(path)
        assert response.status_code == 404
        assert "import" not in response.text

    async def test_other_names_are_plain_text(self, client: httpx.AsyncClient):
        response = await client.get("/static/assets/<script>.js")
        assert response.headers["content-type"] == "text/plain; charset=utf-8"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.text == "Not found.\n"

    async def test_other_methods(self, client: httpx.AsyncClient):
        assert (await client.post(f"/static/assets/{SCRIPTS[0]}")).status_code == 405


class TestSelfContained:
    @pytest.mark.parametrize("name", SCRIPTS)
    def test_scripts_load_nothing_from_elsewhere(self, name: str):
        text = (STATIC / "assets" / name).read_text(encoding="utf-8")
        assert not LOADS_FROM_ELSEWHERE.search(text)
        assert not DELIVERY_NETWORKS.search(text)
        assert "sourceMappingURL=" not in text

    @pytest.mark.parametrize("name", STYLES)
    def test_styles_load_nothing_from_elsewhere(self, name: str):
        text = (STATIC / "assets" / name).read_text(encoding="utf-8")
        assert "@import" not in text
        for address in re.findall(r"url\(\s*[\"']?([^\"')]*)", text):
            assert address.startswith(("/static/assets/", "data:image/"))

    @pytest.mark.parametrize(
        "code",
        [
            'import("https://cdn.example/a.js")',
            "import{a}from'//cdn.example/a.js'",
            "importScripts(`http://cdn.example/a.js`)",
            "fetch('http://localhost.example/a.js')",
            'new Worker("https://cdn.example/a.js")',
        ],
    )
    def test_the_pattern_finds_what_it_looks_for(self, code: str):
        assert LOADS_FROM_ELSEWHERE.search(code)


class TestBuild:
    def test_the_committed_files_are_what_the_sources_build(self, tmp_path: Path):
        frontend = tmp_path / "app" / "frontend"
        ignored = shutil.ignore_patterns("node_modules", "*.generated.ts")
        shutil.copytree(APP / "frontend", frontend, ignore=ignored)
        shutil.copy(APP.parent / "schema.graphql", tmp_path)
        _install(frontend)
        _run("npm", "run", "build", cwd=frontend)
        assert _files(tmp_path / "app" / "static") == _files(STATIC)


def _install(frontend: Path) -> None:
    """Install the locked packages, or skip where that cannot be done for reasons beyond us."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("Node.js and npm are not installed, and rebuilding the pages needs both.")
    version = tuple(int(part) for part in _run(node, "-p", "process.versions.node").split("."))
    if version < (20, 19):
        pytest.skip("Rebuilding the pages needs Node.js 20.19 or later.")
    try:
        _run(npm, "ci", "--prefer-offline", "--fetch-retries=1", cwd=frontend)
    except subprocess.CalledProcessError as error:
        unreachable = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT")
        if any(code in error.stderr for code in unreachable):
            pytest.skip("The package registry is out of reach, so the pages cannot be rebuilt.")
        pytest.fail(error.stderr)


def _run(*command: str, cwd: Path | None = None) -> str:
    program = shutil.which(command[0]) or command[0]
    finished = subprocess.run(
        [program, *command[1:]], cwd=cwd, check=True, capture_output=True, text=True, timeout=600
    )
    return finished.stdout


def _files(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}
