"""The processes that serve while tokens are lost: all of their logs, and where spans go."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from app.settings import Settings
from tests.issuer import Issuer
from tests.promises.canary_cluster import Cluster
from tests.receiver import Receiver
from tests.waiting import until

PEPPER = "canaryPepper0123456789abcdefghijklmnopqrstuvwxyz"
HAS_TRACES = "traces" in Settings.model_fields
EXPORT_SECONDS = 0.5


@asynccontextmanager
async def node(
    cluster: Cluster, issuer: Issuer, spans: Receiver | None, log: Path, option: str
) -> AsyncGenerator[httpx.AsyncClient]:
    """Serve, with everything that it says in ``log``, and yield what reaches it."""
    environment = os.environ | {
        "DATABASE_URL": cluster.serving_url,
        "APPUSERS_PEPPER": PEPPER,
        "APPUSERS_LOG_LEVEL": "debug",
        "APPUSERS_OIDC_ISSUER": issuer.url,
        "APPUSERS_ACTIVITY_FLUSH_SECONDS": "0.1",
        "APPUSERS_WEBHOOK_POLL_SECONDS": "0.2",
        "APPUSERS_WEBHOOK_ALLOW_HTTP": "true",
        "APPUSERS_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
        # Nothing is held up here: what is not answered cannot leak.
        "APPUSERS_BULK_REVOCATIONS_PER_MINUTE": "10000",
        "APPUSERS_FAILED_REQUESTS_PER_MINUTE": "0",
        "APPUSERS_MUTATIONS_PER_MINUTE": "0",
        "PYTHONUNBUFFERED": "1",
    }
    if spans is not None:
        environment |= {
            "APPUSERS_TRACES": "true",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{spans.port}",
            "OTEL_BSP_SCHEDULE_DELAY": str(int(EXPORT_SECONDS * 1000)),
        }
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.promises.canary_node", "serve", "--port", "0", option),
            env=environment,
            stdout=output,
            stderr=output,
        )
    try:
        async with httpx.AsyncClient(base_url=await _address(log), timeout=30) as client:
            yield client
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _address(log: Path) -> str:
    found = ""

    async def is_up() -> bool:
        nonlocal found
        words = log.read_text().replace('"', " ").replace(",", " ").split()  # noqa: ASYNC240
        found = next((word for word in words if word.startswith("http://127.0.0.1:")), "")
        return bool(found)

    await until(is_up, 60)
    return found.removesuffix("/console")
