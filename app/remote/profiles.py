"""Where the service is, and as whom to call it: the environment, or a profile of a file.

An address, its token and whether it may be sent unencrypted come from one place, always: a token
that is kept for one service is never sent to another.
"""

import json
import os
import re
import stat
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import click
from platformdirs import user_config_path

from app.remote.exits import Exit, Failure

NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}", re.ASCII)
FILE = "profiles.toml"
ALLOW_HTTP = "APPUSERS_ALLOW_HTTP=true."
HOW = (
    "Set APPUSERS_URL and APPUSERS_TOKEN, or keep both in a file:"
    " `appusers profile add NAME --url URL`."
)


@dataclass(frozen=True)
class Target:
    """A service and who calls it."""

    url: str
    token: str = field(repr=False)
    organization: str | None = None
    allow_http: bool = False
    profile: str | None = None
    """Where it is kept, None for the environment."""


@dataclass(frozen=True)
class Profiles:
    """What the file holds."""

    default: str | None
    profiles: Mapping[str, Target]


def path() -> Path:
    """Return where the file is, or would be."""
    return user_config_path("application-users", appauthor=False) / FILE


def target(name: str | None, organization: str | None) -> Target:
    """Return whom to call, by what was given on the command line, or not.

    A profile that is named on the command line goes before all of the environment, APPUSERS_URL and
    APPUSERS_TOKEN before APPUSERS_PROFILE and the default profile, and APPUSERS_ORGANIZATION before
    the organization of these. Raises Failure and UsageError.
    """
    if name is not None:
        found = _chosen(load(), name)
        ours = (organization, found.organization, _variable("ORGANIZATION"))
    else:
        found = _environment() or _chosen(load(), _variable("PROFILE") or None)
        ours = (organization, _variable("ORGANIZATION"), found.organization)
    return replace(found, organization=next(filter(None, ours), None))


def _environment() -> Target | None:
    """Return what the environment says as a whole, None if nothing. Raises UsageError."""
    url, token = _variable("URL"), _variable("TOKEN")
    if not url and not token:
        return None
    if not (url and token):
        has, lacks = ("URL", "TOKEN") if url else ("TOKEN", "URL")
        raise click.UsageError(
            f"APPUSERS_{has} is set and APPUSERS_{lacks} is not: set both, or neither to use a"
            " profile. A token is sent to no address that it was not kept with."
        )
    from app.client import addresses

    return Target(url, token, allow_http=addresses.is_allowed(_variable("ALLOW_HTTP")))


def _variable(name: str) -> str:
    # What .env files and compose leave empty is not set.
    return os.environ.get(f"APPUSERS_{name}", "").strip()


def _chosen(kept: Profiles, name: str | None) -> Target:
    chosen = kept.default if name is None else name
    if chosen is None and len(kept.profiles) == 1:
        (chosen,) = kept.profiles
    if chosen is not None and chosen in kept.profiles:
        return kept.profiles[chosen]
    if name is not None:
        there = ", ".join(kept.profiles) or "none"
        raise Failure(f"There is no profile {name!r}. There are: {there}.", Exit.NOT_FOUND)
    if kept.profiles:
        there = ", ".join(kept.profiles)
        raise click.UsageError(f"Name a profile by --profile or APPUSERS_PROFILE: {there}.")
    raise Failure(f"There is no credential. {HOW}", Exit.CREDENTIAL)


def load() -> Profiles:
    """Return what the file holds; nothing where there is none. Raises Failure."""
    file = path()
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            # Windows has no such modes, and keeps the folder to its user.
            if os.name != "nt" and stat.S_IMODE(mode) & 0o077:
                raise Failure(
                    f"{file} holds tokens, and others can read it. Run `chmod 600 {file}`, and"
                    " rotate the tokens in it if others have used this machine."
                )
            text = opened.read().decode()
    except FileNotFoundError:
        return Profiles(None, {})
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{file} cannot be read: {error}") from None
    try:
        kept = tomllib.loads(text)
        profiles = {name: _target(name, each) for name, each in kept.get("profile", {}).items()}
        default = kept.get("default")
        if not isinstance(default, str | None):
            raise TypeError("the default is a name")
    except (tomllib.TOMLDecodeError, AttributeError, KeyError, TypeError, RecursionError):
        # The parser's own message may quote what stands there.
        raise Failure(
            f"{file} is not what `appusers profile add` writes. Mend it, or remove it and add the"
            " profiles again."
        ) from None
    return Profiles(default, profiles)


def _target(name: str, kept: Mapping[str, Any]) -> Target:
    texts = [kept["url"], kept["token"], kept.get("organization", "")]
    if not all(isinstance(each, str) for each in texts):
        raise TypeError("a profile holds texts")
    return Target(texts[0], texts[1], texts[2] or None, kept.get("allow_http") is True, name)


def change(by: Callable[[Profiles], Profiles]) -> Profiles:
    """Change what the file holds at this moment; return what that was. Raises Failure.

    Commands that do so at the same time wait for one another, where the system can lock.
    """
    file = path()
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(file.parent, os.O_RDONLY) if os.name != "nt" else None
    except OSError as error:
        raise Failure(f"{file} cannot be written: {error.strerror}") from None
    try:
        if lock is not None:
            import fcntl

            # Some network file systems have no locks; a change is small, and seldom.
            with suppress(OSError):
                fcntl.flock(lock, fcntl.LOCK_EX)
        before = load()
        _save(by(before))
    finally:
        if lock is not None:
            os.close(lock)
    return before


def _save(kept: Profiles) -> None:
    """Write the file as a whole, for its owner alone. Raises Failure."""
    # Behind a link, or the tokens would stay there whatever is removed here.
    file = path().resolve()
    lines = [f"default = {_quoted(kept.default)}"] if kept.default is not None else []
    for name, each in kept.profiles.items():
        lines += ["", f"[profile.{_quoted(name)}]", f"url = {_quoted(each.url)}"]
        lines.append(f"token = {_quoted(each.token)}")
        if each.organization is not None:
            lines.append(f"organization = {_quoted(each.organization)}")
        if each.allow_http:
            lines.append("allow_http = true")
    try:
        # Made with mode 0600, beside the file, so that it takes its place in one step.
        handle, written = tempfile.mkstemp(prefix=f".{FILE}.", dir=file.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as opened:
                opened.write("\n".join(lines).lstrip() + "\n")
                opened.flush()
                os.fsync(opened.fileno())
            Path(written).replace(file)
        except BaseException:
            with suppress(OSError):
                Path(written).unlink()
            raise
    except OSError as error:
        raise Failure(f"{file} cannot be written: {error.strerror}") from None


def _quoted(text: str) -> str:
    # TOML's strings are JSON's, but for DEL, which it wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
