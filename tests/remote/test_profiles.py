"""Profiles: a file for its owner alone, and no token ever sent to another address."""

import asyncio
import json
import os
import stat
from pathlib import Path

import click
import pytest
import stamina

from app.cli import main
from tests.remote.conftest import Commands
from tests.remote.test_exit_codes import one_message


async def add(alone: Commands, place: Commands, name: str, *options: str) -> Path:
    """Add a profile of the administrator; return the file."""
    url = place.environment["APPUSERS_URL"]
    sent = place.environment["APPUSERS_TOKEN"] + "\n"
    done = await alone("profile", "add", name, f"--url={url}", *options, sent=sent)
    assert done.out == ""
    assert sent.strip() not in done.err
    return kept_in(alone)


async def test_a_profiles_life(alone: Commands, place: Commands) -> None:
    file = await add(alone, place, "first")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [each.name for each in file.parent.iterdir()] == ["profiles.toml"]
    assert "Remote" in (await alone("whoami")).out
    await add(alone, place, "second", "--organization=org_other", "--default")
    listed = await alone.json("profile", "list")
    assert [(each["name"], each["isDefault"]) for each in listed] == [
        ("first", False),
        ("second", True),
    ]
    assert "org_other" in (await alone("profile", "list")).out
    await alone("user", "list", code=6)
    await alone("user", "list", "--profile=first")
    await alone.changed(APPUSERS_PROFILE="first")("user", "list")
    removed = await alone("profile", "remove", "second")
    assert (
        removed.err
        == "Removed second. Its token is still good: revoke it if it is of no more use.\n"
    )
    await alone("user", "list")
    await alone("profile", "remove", "second", code=5)
    assert "first" in one_message(await alone("whoami", "--profile=second", code=5))


async def test_a_token_is_in_no_list(alone: Commands, place: Commands) -> None:
    await add(alone, place, "first")
    for option in ("--json", ""):
        listed = await alone("profile", "list", *filter(None, [option]))
        assert "appu_" not in listed.out + listed.err


async def test_one_that_is_not_accepted_is_not_kept(alone: Commands, place: Commands) -> None:
    url = place.environment["APPUSERS_URL"]
    command = ("profile", "add", "bad", f"--url={url}")
    refused = await alone(*command, sent="appu_nothing", code=3)
    assert one_message(refused) == "The access token is refused.\n"
    await alone(*command, sent="", code=3)
    assert await alone.json("profile", "list") == []
    await alone(*command, "--no-check", sent="appu_nothing")
    assert [each["name"] for each in await alone.json("profile", "list")] == ["bad"]
    assert one_message(await alone("profile", "add", "a b", f"--url={url}", sent="x", code=2))


class TestFile:
    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
    async def test_that_others_reach(self, alone: Commands, place: Commands, mode: int) -> None:
        file = await add(alone, place, "first")
        file.chmod(mode)
        for command in (("whoami",), ("profile", "list"), ("profile", "remove", "first")):
            assert f"chmod 600 {file}" in one_message(await alone(*command, code=1))
        file.chmod(0o600)
        await alone("whoami")

    @pytest.mark.parametrize(
        "text",
        [
            "token = appu_secret",
            "profile = 1",
            '[profile.a]\nurl = "http://x"',
            "\xff",
            "default = []",
            f"a = {'[' * 3000}",
        ],
    )
    async def test_that_makes_no_sense(self, alone: Commands, place: Commands, text: str) -> None:
        file = await add(alone, place, "first")
        file.write_bytes(text.encode("latin-1"))
        said = one_message(await alone("whoami", code=1))
        assert "appu_secret" not in said
        assert str(file) in said

    async def test_that_cannot_be_written(self, alone: Commands, tmp_path: Path) -> None:
        (tmp_path / "application-users").write_text("no folder")
        command = ("profile", "add", "a", "--url=https://x.example", "--no-check")
        assert str(tmp_path) in one_message(await alone(*command, sent="t", code=1))

    async def test_a_link_stays_and_what_it_leads_to_is_written(
        self, alone: Commands, place: Commands, tmp_path: Path
    ) -> None:
        file = await add(alone, place, "first")
        kept = file.rename(tmp_path / "kept.toml")
        file.symlink_to(kept)
        await alone("profile", "remove", "first")
        assert file.is_symlink()
        assert "appu_" not in kept.read_text()
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600

    async def test_several_that_are_added_at_once(self, alone: Commands) -> None:
        await alone.shell(
            "for name in a b c d; do"
            " echo t | appusers profile add $name --url https://x.example --no-check &"
            " done; wait"
        )
        assert {each["name"] for each in await alone.json("profile", "list")} == set("abcd")

    async def test_texts_of_any_kind_come_back(self, alone: Commands) -> None:
        token = "".join(map(chr, range(0x21, 0x7F)))
        command = ("profile", "add", "a.b", "--url=https://x.example", "--no-check")
        await alone(*command, sent=token)
        listed = await alone.json("profile", "list")
        assert listed[0]["name"] == "a.b"
        shown = await alone.shell(
            "exec python3 -c 'import json, sys, tomllib; print(json.dumps(tomllib.load(open("
            'sys.argv[1], "rb"))))\' "$XDG_CONFIG_HOME/application-users/profiles.toml"'
        )
        assert json.loads(shown.out)["profile"]["a.b"]["token"] == token


class TestWhichGoesFirst:
    async def test_the_environment_as_a_whole(self, alone: Commands, place: Commands) -> None:
        await add(alone, place, "first")
        both = alone.changed(APPUSERS_URL="http://127.0.0.1:9", APPUSERS_TOKEN="other")
        # The profile that is named is used with its own token, whatever the environment has.
        assert "Remote" in (await both("whoami", "--profile=first")).out
        half = alone.changed(APPUSERS_URL="http://127.0.0.1:9")
        await half("whoami", code=2)
        assert "Remote" in (await half("whoami", "--profile=first")).out

    async def test_the_organization_of_a_profile_that_is_named(
        self, alone: Commands, place: Commands
    ) -> None:
        ours = place.organization_id
        await add(alone, place, "staging", f"--organization={ours}")
        await add(alone, place, "open")
        other = alone.changed(APPUSERS_ORGANIZATION="org_other")
        await other("user", "list", "--profile=staging")
        await other("user", "list", "--profile=staging", "--organization=org_third", code=6)
        # The environment fills in what the profile leaves open, and overrules one nobody named.
        await other("user", "list", "--profile=open", code=6)
        for environment in (other, other.changed(APPUSERS_PROFILE="staging")):
            await environment("user", "list", code=6)
            await environment("user", "list", f"--organization={ours}")

    async def test_an_empty_name_is_none(self, alone: Commands, place: Commands) -> None:
        await add(alone, place, "first")
        assert "profile ''" in one_message(await alone("whoami", "--profile=", code=5))

    async def test_several_and_none_is_the_default(self, alone: Commands, place: Commands) -> None:
        for name in ("a", "b", "c"):
            await add(alone, place, name)
        await alone("profile", "remove", "a")
        assert "b, c" in one_message(await alone("whoami", code=2))


def kept_in(alone: Commands) -> Path:
    """Return where the file is."""
    return Path(alone.environment["XDG_CONFIG_HOME"], "application-users", "profiles.toml")


def kept(alone: Commands) -> str:
    """Return the text of the file."""
    return kept_in(alone).read_text()


class TestUnencrypted:
    URL = "http://tokens.invalid"

    async def test_only_where_it_is_meant(self, alone: Commands) -> None:
        command = ("profile", "add", "a", f"--url={self.URL}", "--no-check")
        loose = alone.changed(APPUSERS_ALLOW_HTTP="true")
        for environment in (alone, loose):
            refused = one_message(await environment(*command, sent="t", code=2))
            assert "unencrypted" in refused
            assert refused.endswith("--allow-http.\n")
        await alone(*command, "--allow-http", sent="t")
        assert "allow_http = true" in kept(alone)

    async def test_the_environment_loosens_no_profile(self, alone: Commands) -> None:
        command = ("profile", "add", "strict", f"--url={self.URL}", "--no-check", "--allow-http")
        await alone(*command, sent="t")
        file = kept_in(alone)
        await asyncio.to_thread(
            file.write_text, kept(alone).replace("allow_http = true\n", ""), encoding="utf-8"
        )
        loose = alone.changed(APPUSERS_ALLOW_HTTP="true")
        for chosen in (("--profile=strict",), ()):
            refused = one_message(await loose("whoami", *chosen, code=2))
            assert "add strict again with --allow-http." in refused
        # An address of the environment is what it is about.
        there = loose.changed(APPUSERS_URL=self.URL, APPUSERS_TOKEN="t")
        with stamina.set_testing(True, attempts=1):
            assert "cannot be reached" in (await there("whoami", code=7)).err


def options(command: click.Command) -> list[click.Parameter]:
    """Return what a command and those below it take."""
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return [*command.params, *(each for verb in below for each in options(verb))]


def test_no_argument_takes_a_secret() -> None:
    names = {parameter.name for parameter in options(main)}
    assert {"token", "tokens", "profile", "idempotency_key"} <= names
    secret = {"full_token", "secret", "password", "credential", "access_token", "bearer"}
    assert not names & secret
    # These are ids and prefixes: a whole token is refused there (test_token_commands.py).
    flags = [each for each in options(main) if isinstance(each, click.Option)]
    assert not [each for each in flags if "--token" in each.opts]
    assert not [each for each in options(main) if os.fspath(str(each.envvar)) == "APPUSERS_TOKEN"]
