"""A token's text goes to standard output alone, and where that fails somebody hears of it."""

import os
import re
from pathlib import Path

import pytest

from tests.remote.conftest import Commands

FULL = Path("/dev/full")
ONE_LINE = re.compile(r"appu_\w{44}_\w{49}\n")


async def test_the_output_is_the_token_alone(place: Commands) -> None:
    await place.user("alone")
    made = await place("token", "generate", "alone", "--max-age=90d")
    assert ONE_LINE.fullmatch(made.out)
    assert made.out.strip() not in made.err
    assert "Expires: " in made.err
    assert "in 90 days" in made.err
    viewer = await place.changed(APPUSERS_TOKEN=made.out.strip())("whoami")
    assert "alone, application user" in viewer.out


async def test_a_pipe_and_a_file(place: Commands, tmp_path: Path) -> None:
    await place.user("piped")
    done = await place.shell(
        f"set -eo pipefail; umask 077; cd {tmp_path}\n"
        "appusers token generate piped --max-age 12h 2>notes | tr -d '\\n' >kept\n"
        "appusers token rotate $(cut -c1-27 kept) --overlap 1h 2>>notes >next\n"
        "APPUSERS_TOKEN=$(cat next) appusers whoami"
    )
    assert done.code == 0, done.err
    assert "piped, application user" in done.out
    kept, following = ((tmp_path / name).read_text() for name in ("kept", "next"))
    assert ONE_LINE.fullmatch(kept + "\n")
    assert ONE_LINE.fullmatch(following)
    notes = (tmp_path / "notes").read_text()
    assert f"The old token {kept[:27]}… (" in notes
    assert "(in 60 minutes)" in notes
    assert kept not in notes
    assert following.strip() not in notes


async def test_how_long_has_to_be_said(place: Commands) -> None:
    for said in ((), ("--never", "--max-age=1h")):
        refused = await place("token", "generate", "whoever", *said, code=2)
        assert "Say how long it lives" in refused.err


class TestNobodyReads:
    async def test_nothing_is_made(self, place: Commands) -> None:
        await place.user("unread")
        closed = await place.shell("appusers token generate unread --never >&-")
        assert (closed.code, closed.err[:26]) == (1, "Error: Standard output is ")
        read, write = os.pipe()
        os.close(read)
        process = await place.process("exec appusers token generate unread --never", stdout=write)
        os.close(write)
        _, err = await process.communicate()
        assert err.startswith(b"Error: Nobody reads standard output")
        assert await place.json("token", "list", "--user=unread") == []

    @pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is full")
    async def test_what_was_made_and_lost_is_named(self, place: Commands) -> None:
        await place.user("full-disk")
        lost = await place.shell("appusers token generate full-disk --never >/dev/full")
        assert lost.code == 1
        (token,) = await place.json("token", "list", "--user=full-disk")
        assert "it is lost and still good" in lost.err
        assert f"appusers token revoke {token['id']}" in lost.err
        assert "Traceback" not in lost.err
        assert "Exception" not in lost.err


async def test_a_repeated_call_tells_what_it_made(place: Commands) -> None:
    await place.user("repeated")
    wanted = ("token", "generate", "repeated", "--never", "--idempotency-key=one")
    (made,) = await place.json(*wanted)
    token_id = made["token"]["id"]
    again = await place(*wanted, code=1)
    assert again.out == ""
    assert f"appusers token revoke {token_id}" in again.err
    other = await place(*wanted[:-1], "--idempotency-key=one", "--scope=user:read", code=6)
    assert other.out == ""
    rotation = ("token", "rotate", token_id, "--yes", "--idempotency-key=two")
    await place(*rotation)
    repeated = await place(*rotation, code=1)
    assert repeated.out == ""
    assert "cannot be shown again" in repeated.err
