"""What a worker shows of itself: its connections, what waits to be written, its process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version

from prometheus_client import ProcessCollector

from app import metrics, tallies
from app.activity import Activity
from app.refusals import Refusals
from db.migrations import HEAD
from db.pool import Database

SAMPLE_SECONDS = 1.0
"""How often a worker brings what it shares with others up to date."""


@dataclass
class Gauges:
    """What there is to look at in one worker."""

    pools: Mapping[str, Database]
    activity: Activity
    refusals: Refusals
    _process: ProcessCollector = field(default_factory=lambda: ProcessCollector(registry=None))
    _version: str = field(default_factory=lambda: version("application-users"))
    """Read once: it stands in a file."""
    _cpu_seconds: float = 0.0

    def sample(self) -> None:
        """Look at everything. No database is asked."""
        tallies.pour()
        for name, pool in self.pools.items():
            use = pool.use()
            metrics.CONNECTIONS.labels(name, "in_use").set(use.in_use)
            metrics.CONNECTIONS.labels(name, "idle").set(use.idle)
            metrics.CONNECTIONS_LIMIT.labels(name).set(use.limit)
            metrics.CONNECTIONS_AWAITED.labels(name).set(use.awaited)
        waiting, lag_seconds = self.activity.backlog()
        metrics.USES_WAITING.set(waiting)
        metrics.USES_LAG_SECONDS.set(lag_seconds)
        waiting, lag_seconds = self.refusals.backlog()
        metrics.REFUSALS_WAITING.set(waiting)
        metrics.REFUSALS_LAG_SECONDS.set(lag_seconds)
        metrics.BUILD.labels(self._version, HEAD).set(1)
        metrics.WORKERS.set(1)
        self._sample_process()

    def _sample_process(self) -> None:
        found = {metric.name: metric.samples[0].value for metric in self._process.collect()}
        # Where the system does not tell, there is none.
        metrics.MEMORY_BYTES.set(found.get("process_resident_memory_bytes", 0))
        metrics.OPEN_FILES.set(found.get("process_open_fds", 0))
        cpu_seconds = found.get("process_cpu_seconds", 0.0)
        metrics.CPU_SECONDS.inc(max(0.0, cpu_seconds - self._cpu_seconds))
        self._cpu_seconds = cpu_seconds

    async def look(self) -> None:
        """Bring what others may be asked for up to date."""
        self.sample()
