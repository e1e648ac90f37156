"""A small disk, where the machine lets one be mounted, and what fills it."""

import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

BALLAST = "ballast"
STEP = 1 << 20
MEGABYTES = 256
"""A cluster takes about 60, and as much again for what a run writes."""


@contextmanager
def small(folder: Path, megabytes: int = MEGABYTES) -> Generator[bool]:
    """Make a folder that is a file system of its own; yield whether that was possible.

    It takes root, and a system that lets root mount: a container most often does not.
    """
    folder.mkdir(mode=0o711, exist_ok=True)
    options = f"size={megabytes}m,mode=0711"
    try:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder],
            capture_output=True,
            check=False,
        )
        is_mounted = mounted.returncode == 0
    except FileNotFoundError:
        is_mounted = False
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", folder], check=False)


def fill(folder: Path) -> None:
    """Leave no byte to anybody."""
    with (folder / BALLAST).open("wb") as file:
        size = 0
        for step in (STEP, 4096):
            with suppress(OSError):
                while True:
                    os.posix_fallocate(file.fileno(), size, step)
                    size += step


def free(folder: Path) -> None:
    """Give it all back."""
    (folder / BALLAST).unlink(missing_ok=True)
