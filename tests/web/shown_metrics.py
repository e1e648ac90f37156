"""``/metrics`` as Prometheus reads it."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from prometheus_client.parser import text_string_to_metric_families

PREFIX = "appusers_"


@dataclass(frozen=True)
class Shown:
    """The values of all samples, by name and labels as they are written."""

    values: Mapping[str, float]

    def __getitem__(self, sample: str) -> float:
        """Return one, as in ``verifications_total{outcome="active"}``; 0 where it is not shown."""
        return self.values.get(PREFIX + sample, 0.0)

    def since(self, before: "Shown", sample: str) -> float:
        """Return by how much one grew."""
        return self[sample] - before[sample]


async def read(client: httpx.AsyncClient) -> Shown:
    """Read what is shown to who may read it."""
    answer = await client.get("/metrics")
    assert answer.status_code == 200, answer.text
    return parsed(answer.text)


def parsed(text: str) -> Shown:
    """Return what a text says."""
    values: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sample.labels.items())
            values[sample.name + (f"{{{labels}}}" if labels else "")] = sample.value
    return Shown(values)
