"""What went wrong, as Terraform shows it. No text holds a credential."""

from dataclasses import dataclass
from typing import cast

from tf.utils import AttributePath, Diagnostics


@dataclass(eq=False)
class Problem(Exception):
    """What a resource itself has to say."""

    summary: str
    detail: str
    attribute: str | None = None


def add_error(
    diagnostics: Diagnostics, summary: str, detail: str, attribute: str | None = None
) -> None:
    """Add an error, at an attribute or about the whole."""
    path = cast("AttributePath", [attribute]) if attribute else None
    diagnostics.add_error(summary, detail, path=path)
