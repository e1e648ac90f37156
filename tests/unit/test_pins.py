"""The pins in .ci are complete and agree with pyproject.toml and with each other."""

import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).parents[2]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
SERVICE = [Requirement(line) for line in PROJECT["dependencies"]]
EVERYTHING = SERVICE + [Requirement(line) for line in PROJECT["optional-dependencies"]["dev"]]


def pins(name: str) -> list[Requirement]:
    """Return what a file of .ci pins, without its hashes."""
    lines = (TOP / ".ci" / name).read_text().replace("\\\n", "").splitlines()
    return [
        Requirement(line.partition(" --hash")[0]) for line in lines if line[:1] not in ("", "#")
    ]


CONSTRAINTS, REQUIREMENTS = pins("constraints.txt"), pins("requirements.txt")


def applies(requirement: Requirement, extra: str = "") -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def versions(pinned: list[Requirement]) -> dict[str, str]:
    """Return the version of each library, on this platform and Python."""
    return {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for pin in pinned
        if applies(pin)
    }


def needed(wanted: list[Requirement]) -> set[str]:
    """Return the libraries that are wanted, and those that they want in turn, on this platform."""
    found: set[str] = set()
    waiting = [(each, extra) for each in wanted if applies(each) for extra in ("", *each.extras)]
    seen: set[tuple[str, str]] = set()
    while waiting:
        requirement, extra = waiting.pop()
        name = canonicalize_name(requirement.name)
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        found.add(name)
        for line in metadata.requires(name) or ():
            inner = Requirement(line)
            if applies(inner, extra):
                waiting += [(inner, each) for each in ("", *inner.extras)]
    # One extra wants another of the same project.
    return found - {canonicalize_name(PROJECT["name"])}


def unpinned(wanted: list[Requirement], pinned: list[Requirement]) -> list[str]:
    """Return what is wanted and has no pin, or one that pyproject.toml does not allow."""
    known = versions(pinned)
    # An extra may take in another one.
    missing = needed(wanted) - set(known) - {"application-users"}
    refused = {
        canonicalize_name(each.name)
        for each in wanted
        if applies(each) and known.get(canonicalize_name(each.name), "0") not in each.specifier
    }
    return sorted(missing | refused)


def test_everything_is_pinned() -> None:
    assert unpinned(EVERYTHING, CONSTRAINTS) == [], "run .ci/lock"


def test_what_the_service_needs_is_pinned_and_nothing_else() -> None:
    assert unpinned(SERVICE, REQUIREMENTS) == [], "run .ci/lock"
    assert set(versions(REQUIREMENTS)) == needed(SERVICE)


def test_both_have_the_same_versions() -> None:
    assert versions(REQUIREMENTS).items() <= versions(CONSTRAINTS).items()


def test_each_file_of_the_service_has_its_hash() -> None:
    text = (TOP / ".ci" / "requirements.txt").read_text()
    entries = [
        entry for entry in text.replace("\\\n", " ").splitlines() if entry[:1] not in ("", "#")
    ]
    assert len(entries) == len(REQUIREMENTS)
    assert all("--hash=sha256:" in entry for entry in entries)


class TestControl:
    @pytest.mark.parametrize("name", ["starlette", "mako"])
    def test_a_missing_pin_is_noticed(self, name: str) -> None:
        without = [pin for pin in REQUIREMENTS if canonicalize_name(pin.name) != name]
        assert unpinned(SERVICE, without) == [name]

    def test_a_pin_that_is_too_old_is_noticed(self) -> None:
        newer = [
            Requirement("starlette>=9999") if each.name == "starlette" else each for each in SERVICE
        ]
        assert unpinned(newer, REQUIREMENTS) == ["starlette"]
