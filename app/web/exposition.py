"""``/metrics``: what Prometheus reads, for whoever runs the service and for nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app import addresses, metrics
from app.bounds import Network
from app.gauges import Gauges
from app.web import callers, raw

PATH = "/metrics"

_FORWARDED_FOR = b"x-forwarded-for"
_OF_PROXIES = frozenset(
    {
        *(b"forwarded", b"via", b"x-real-ip", b"x-client-ip", b"cf-connecting-ip"),
        *(b"true-client-ip", b"x-forwarded", _FORWARDED_FOR, b"x-forwarded-host"),
        *(b"x-forwarded-port", b"x-forwarded-prefix", b"x-forwarded-proto", b"x-forwarded-scheme"),
        b"x-forwarded-server",
    }
)
"""What proxies tell. Behind one that is not trusted, everybody seems to be near."""


@dataclass(frozen=True, slots=True)
class Exposition:
    """The ASGI application behind ``/metrics``; to others there is no such path."""

    gauges: Gauges
    networks: Sequence[Network]
    trusted_proxies: Sequence[Network]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._may_read(scope):
            raise HTTPException(404)
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        self.gauges.sample()
        # In a thread where many files have to be read: verifications go on. It is not of those
        # that names are looked up in, which wait for a resolver that does not answer.
        text = await run_in_threadpool(metrics.exposition) if metrics.IS_SHARED else None
        response = Response(
            metrics.exposition() if text is None else text,
            headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"},
        )
        await response(scope, receive, send)

    def _may_read(self, scope: Scope) -> bool:
        found = raw.fields(scope, _OF_PROXIES)
        peer = addresses.parse(scope["client"][0]) if scope["client"] else None
        is_proxy = peer is not None and addresses.inside(peer, self.trusted_proxies)
        if found and not (is_proxy and _FORWARDED_FOR in found):
            return False
        address = callers.address(scope, found, self.trusted_proxies)
        return address is not None and addresses.inside(address, self.networks)
