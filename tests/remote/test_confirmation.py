"""What cannot be undone is asked about, at a terminal."""

import asyncio
import os
import pty
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.remote.conftest import Commands
from tests.waiting import until

APPUSERS = "exec appusers"


@asynccontextmanager
async def at_a_terminal(
    place: Commands, *command: str
) -> AsyncGenerator[tuple[asyncio.subprocess.Process, int]]:
    """Run a command whose standard input is a terminal, and end it with the block."""
    ours, its = pty.openpty()
    process = await place.process(" ".join([APPUSERS, *command]), stdin=its)
    os.close(its)
    try:
        yield process, ours
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
        os.close(ours)


async def question(process: asyncio.subprocess.Process) -> str:
    """Return what is said up to the question."""
    assert process.stderr is not None
    asked = await asyncio.wait_for(process.stderr.readuntil(b"[y/N]:"), 20)
    return asked.decode()


async def test_what_would_stop_working_is_shown(place: Commands) -> None:
    await place.user("shown-first")
    token_id, full = await place.token("shown-first", "--never", "--description=of the shop")
    await place("permission", "grant", "shown-first", "operator")
    async with at_a_terminal(place, "user", "delete", "shown-first") as (process, keys):
        asked = await question(process)
        os.write(keys, b"n\n")
        out, err = await process.communicate()
    assert (process.returncode, out) == (1, b"")
    assert "1 live token would stop working at once." in asked
    assert f"{full[:27]}…  of the shop, used never" in asked
    assert "Permissions that would be lost: operator on org_" in asked
    assert b"nothing was changed" in err
    async with at_a_terminal(place, "token", "revoke", token_id) as (process, keys):
        assert f"Revoke {token_id} for good?" in await question(process)
        os.write(keys, b"y\n")
        await process.communicate()
    assert process.returncode == 0
    assert (await place.json("token", "show", token_id))[0]["status"] == "REVOKED"


async def test_the_answer_is_apart_from_the_secret(place: Commands) -> None:
    await place.user("asked")
    token_id, full = await place.token("asked")
    async with at_a_terminal(place, "token", "rotate", token_id) as (process, keys):
        assert "end it at once?" in await question(process)
        os.write(keys, b"y\n")
        out, _ = await process.communicate()
    assert out.decode().startswith("appu_")
    assert len(out.splitlines()) == 1
    await place.changed(APPUSERS_TOKEN=full)("whoami", code=3)


async def test_tokens_of_a_user_and_groups(place: Commands) -> None:
    await place.user("asked-too")
    await place("group", "create", "asked-for")
    await place("permission", "grant", "asked-for", "operator")
    for command, said in (
        (("token", "revoke-all", "asked-too"), "Revoke all tokens of asked-too for good?"),
        (("group", "delete", "asked-for"), "its members would lose them."),
    ):
        async with at_a_terminal(place, *command) as (process, keys):
            assert said in await question(process)
            os.write(keys, b"\n")
            await process.communicate()
        assert process.returncode == 1
    await place("group", "show", "asked-for")


async def test_an_interruption_at_the_question(place: Commands) -> None:
    await place.user("interrupted")
    async with at_a_terminal(place, "user", "delete", "interrupted") as (process, _):
        await question(process)

        async def waits() -> bool:
            return is_asleep(process.pid)

        # A signal between the question and the wait for its answer is seen with the next alone.
        await until(waits, 20)
        process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), 20)
    assert process.returncode == 130
    await place("user", "show", "interrupted")


def is_asleep(pid: int) -> bool:
    """Return whether a process waits for something; True where the system does not tell."""
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "S"


async def test_a_token_is_typed_unseen(alone: Commands, place: Commands) -> None:
    url, token = (place.environment[f"APPUSERS_{name}"] for name in ("URL", "TOKEN"))
    ours, its = pty.openpty()
    # In a session of its own, so that it cannot ask at the terminal that runs the tests.
    process = await alone.process(
        f"{APPUSERS} profile add typed --url={url} 2>&1", stdin=its, start_new_session=True
    )
    os.close(its)
    shown = bytearray()
    asyncio.get_running_loop().add_reader(ours, lambda: shown.extend(read(ours)))

    async def asked() -> bool:
        return b"Token" in shown

    try:
        await until(asked, 20)
        os.write(ours, token.encode() + b"\n")
        out, _ = await asyncio.wait_for(process.communicate(), 20)
    finally:
        asyncio.get_running_loop().remove_reader(ours)
    os.close(ours)
    assert process.returncode == 0, out
    assert token.encode() not in out + bytes(shown)
    assert [each["name"] for each in await alone.json("profile", "list")] == ["typed"]


def read(terminal: int) -> bytes:
    """Return what a terminal shows; nothing once its program has ended."""
    try:
        return os.read(terminal, 1000)
    except OSError:
        asyncio.get_running_loop().remove_reader(terminal)
        return b""
