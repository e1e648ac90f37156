"""The environment of the provider's process."""

import os
from collections.abc import Mapping

MAGIC = "TF_PLUGIN_MAGIC_COOKIE"


def variables() -> Mapping[str, str]:
    """Return all variables."""
    return os.environ


def runs_under_terraform() -> bool:
    """Tell whether Terraform started this process."""
    return MAGIC in os.environ
