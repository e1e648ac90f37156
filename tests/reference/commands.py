"""Prints the reference of the commands over the API.

``python -m tests.reference.commands > app/remote/REFERENCE.md``
"""

import inspect
import re
from collections.abc import Iterator

import click

from app.cli import main
from app.remote import registry
from app.remote.exits import MEANINGS

HEAD = """\
# The command line over the API

Generated from the code: `python -m tests.reference.commands > app/remote/REFERENCE.md`.

These commands call a running service from anywhere. `appusers --help` lists them beside those
of the service's host, which the [README](../../README.md#run-it-for-real) describes.

## Where, and as whom

1. `--profile NAME`: a profile of the file.
2. `APPUSERS_URL` and `APPUSERS_TOKEN`: both, or neither. A token is sent to no address that it
   was not kept with, so one of them alone is an error.
3. `APPUSERS_PROFILE`, or else the default profile, or else the only one.

`profiles.toml` is in the platform's folder for configuration, under `application-users`
(`~/.config/application-users` on Linux); `appusers profile add` writes it with mode 0600, and a
file that others can read is refused. A token is read from standard input or typed without being
shown, and is never an argument. To be sent unencrypted to another host than this, it needs
`APPUSERS_ALLOW_HTTP=true` beside `APPUSERS_URL`, or `--allow-http` with `profile add`: neither
counts for the other.

The organization is that of `--organization`, of the profile that `--profile` names, of
`APPUSERS_ORGANIZATION`, or of the profile that nobody named, in this order, or else the only one
that the credential's holder belongs to.

## What is printed

Tables and fields for people, with whatever a terminal would obey made visible; with `--json`
one JSON object a line, in ASCII, with the names that the API has. A list that is empty prints
nothing. Messages go to standard error, retries too, so that standard output can be read by a
program. Durations are written `90d`, `12h`, `30m`, `2w` or as seconds, times
`2026-01-31T12:00Z`, or as a duration from now, where eight digits need their `s`: they may be a
day.

What cannot be undone is asked about at the terminal, with what would stop working. Without a
terminal it takes `--yes`, or ends with code 2.

Every command but `profile` and `completion` takes `--profile NAME`, `--organization ID` and
`--json`.

## Exit codes

| code | meaning |
|---|---|
"""

COMMON = ("profile", "organization", "as_json")
"""Options that the page describes once."""


def described() -> str:
    """Return the page."""
    lines = [HEAD.rstrip("\n")]
    lines += [f"| {int(code)} | {meaning} |" for code, meaning in MEANINGS.items()]
    for name, command in registry.COMMANDS.items():
        lines += ["", f"## appusers {name}"]
        lines += _section(command, f"appusers {name}", "###")
    audit = main.commands["audit"]
    assert isinstance(audit, click.Group)
    lines += [
        "",
        "## appusers audit list",
        *_section(audit.commands["list"], "appusers audit list", "###"),
    ]
    return "\n".join(lines) + "\n"


def _section(command: click.Command, path: str, level: str) -> Iterator[str]:
    yield ""
    if isinstance(command, click.Group):
        yield _help(command)
        for name, verb in sorted(command.commands.items()):
            yield ""
            yield f"{level} {path} {name}"
            yield from _section(verb, f"{path} {name}", level)
        return
    context = click.Context(command, info_name=path)
    yield f"    {path} {' '.join(command.collect_usage_pieces(context))}"
    yield ""
    yield _help(command)
    rows = [
        record
        for parameter in command.params
        if isinstance(parameter, click.Option)
        and parameter.name not in COMMON
        and (record := parameter.get_help_record(context)) is not None
    ]
    if rows:
        yield ""
        yield "| option | |"
        yield "|---|---|"
    for option, text in rows:
        told = re.sub(r"\s*\[x>=0\]|; x>=0", "", text)
        told = re.sub(r"\s*\[(\w+: [^]]*)\]", r" (\1)", told)
        yield f"| `{_cell(option)}` | {_cell(told)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _help(command: click.Command) -> str:
    text = inspect.cleandoc(command.help or "")
    if "\b\n" not in text:
        return text
    before, verbatim = text.split("\b\n")
    return before + "\n".join(f"    {line}" for line in verbatim.splitlines())


if __name__ == "__main__":
    print(described(), end="")
