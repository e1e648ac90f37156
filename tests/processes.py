"""Which of several processes runs a test: one runs all of a file, and one all files of faults.

pytest-xdist's own groups go by a mark that is lost on the way from pytest 9.2 on, without a word.
"""

from fnmatch import fnmatch

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

OF_FAULTS = ("tests/faults/*", "tests/promises/test_0[1236]_*")
"""They share what takes long to start, and wait more than they work."""


def group(nodeid: str) -> str:
    """Return what one process runs all of."""
    file = nodeid.partition("::")[0]
    return "faults" if any(fnmatch(file, pattern) for pattern in OF_FAULTS) else file


class ByFile(LoadScopeScheduling):
    """Hands out groups in the order that they are collected in."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Hand out groups, whatever ``--dist`` says."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the faults: the others run while those wait."""
    items.sort(key=lambda item: group(item.nodeid) != "faults")
