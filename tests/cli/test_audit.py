"""``appusers audit``: verify, export, head, as an operator runs them."""

import json
import re
import stat
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from click.testing import CliRunner

from app.cli import main
from tests.api_client import Organization
from tests.cli.processes import Finished, appusers
from tests.conftest import PEPPER
from tests.owner import organization_key
from tests.postgres import Server, Urls

HEAD = re.compile(r"\d+:[0-9a-f]{64}")


@pytest.fixture
def environment(urls: Urls) -> dict[str, str]:
    return {"DATABASE_URL": urls.serving, "APPUSERS_PEPPER": PEPPER}


@pytest.fixture
async def acted(organization: Organization) -> Organization:
    """An organization with five events."""
    for name in ("one", "two", "three", "four"):
        await organization.user(name)
    return organization


async def tamper(urls: Urls, statement: str, organization_id: str) -> None:
    """Change the trail as the owner of the tables, past every trigger."""
    connection: asyncpg.Connection[Any] = await asyncpg.connect(urls.owner)
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(statement, organization_key(organization_id))
    await connection.close()


def head_of(finished: Finished) -> str:
    found = HEAD.search(finished.out + finished.err)
    assert found is not None, finished
    return found[0]


class TestVerify:
    async def test_an_intact_trail(self, environment: dict[str, str], acted: Organization) -> None:
        done = await appusers(environment, "audit", "verify", acted.id)
        assert (done.code, done.err) == (0, "")
        assert done.out.startswith(f"{acted.id}: intact, 5 events. Head: 5:")
        head = await appusers(environment, "audit", "head", acted.id)
        assert head.out.strip() == head_of(done)
        await acted.user("five")
        again = await appusers(
            environment, "audit", "verify", acted.id, "--expect", head.out.strip()
        )
        assert (again.code, "intact, 6 events" in again.out) == (0, True)

    async def test_a_changed_one(
        self, environment: dict[str, str], acted: Organization, urls: Urls
    ) -> None:
        change = "UPDATE audit_event SET ip = '192.0.2.9'"
        await tamper(urls, f"{change} WHERE organization_id = $1 AND sequence = 3", acted.id)
        done = await appusers(environment, "audit", "verify", acted.id)
        assert (done.code, done.out) == (1, "")
        assert done.err.strip() == (
            f"{acted.id}: CHANGED at event 3. Event 3 was changed: hash is not that of its fields."
        )

    async def test_another_end_than_the_one_kept(
        self, environment: dict[str, str], acted: Organization
    ) -> None:
        for stored in ("5:" + "0" * 64, "9:" + "0" * 64):
            done = await appusers(environment, "audit", "verify", acted.id, "--expect", stored)
            assert done.code == 1
            assert "end that you kept" in done.err

    async def test_all(self, server: Server) -> None:
        """In a database of its own, where nobody else tampers."""
        urls = await server.copy()
        environment = {"DATABASE_URL": urls.serving, "APPUSERS_PEPPER": PEPPER}
        made: list[str] = []
        for name in ("A", "B"):
            answer = await appusers(
                *(environment, "bootstrap", "--organization", name),
                *("--admin", "a@a.example", "--json"),
            )
            made.append(json.loads(answer.out)["organizationId"])
        done = await appusers(environment, "audit", "verify", "--all")
        assert done.code == 0
        assert {line.split(":")[0] for line in done.out.splitlines()} == set(made)
        heads = (await appusers(environment, "audit", "head", "--all")).out
        assert {line.split()[0] for line in heads.splitlines()} == set(made)
        await tamper(urls, "DELETE FROM audit_event WHERE organization_id = $1", made[0])
        done = await appusers(environment, "audit", "verify", "--all")
        assert done.code == 1
        assert f"{made[0]}: REMOVED at event 1" in done.err
        assert f"{made[1]}: intact" in done.out

    @pytest.mark.parametrize(
        "arguments",
        [
            ["verify"],
            ["verify", "--all", "--expect", "1:" + "0" * 64],
            ["verify", "--all", "--file", "trail.jsonl"],
            ["verify", "org_0000000000000000000001", "--all"],
            ["verify", "org_0000000000000000000001", "--after", "3"],
            ["verify", "org_0000000000000000000001", "--expect", "nonsense"],
            ["head"],
            ["export"],
            ["export", "org_0000000000000000000001", "--after", "-1"],
        ],
    )
    def test_wrong_usage(self, arguments: list[str]) -> None:
        done = CliRunner().invoke(main, ["audit", *arguments])
        assert done.exit_code == 2, done.output

    @pytest.mark.parametrize("command", ["verify", "head", "export"])
    async def test_of_nobody(self, environment: dict[str, str], command: str) -> None:
        for wanted, text in (
            ("org_0000000000000000000001", "There is no such organization."),
            ("user_x", "ORGANIZATION_ID is not an organization's id"),
        ):
            done = await appusers(environment, "audit", command, wanted)
            assert (done.code, text in done.err) == (1, True)


class TestExport:
    async def test_verifies_by_itself(
        self, environment: dict[str, str], acted: Organization, tmp_path: Path
    ) -> None:
        path = tmp_path / "trail.jsonl"
        done = await appusers(environment, "audit", "export", acted.id, "--output", str(path))
        assert (done.code, done.out) == (0, "")
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        assert [line["sequence"] for line in lines[:-1]] == [1, 2, 3, 4, 5]
        assert list(lines[-1]) == ["head"]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        # No database: the file is enough.
        verified = await appusers({}, "audit", "verify", "--file", str(path))
        assert verified.code == 0
        assert verified.out == f"{acted.id}: intact, 5 events. Head: {head_of(done)}\n"
        stored = await appusers(
            *({}, "audit", "verify", acted.id),
            *("--file", str(path), "--expect", head_of(done)),
        )
        assert stored.code == 0
        path.write_text(path.read_text().replace("127.0.0.1", "127.0.0.2", 1))
        tampered = await appusers({}, "audit", "verify", "--file", str(path))
        assert tampered.code == 1
        assert "CHANGED at event 2" in tampered.err

    async def test_goes_on_where_it_ends(
        self, environment: dict[str, str], acted: Organization, tmp_path: Path
    ) -> None:
        path = tmp_path / "trail.jsonl"
        command = ("audit", "export", acted.id, "--output", str(path))
        await appusers(environment, *command)
        first = path.read_bytes().splitlines()
        await acted.user("five")
        # As an interruption in the middle of a line would leave it.
        path.write_bytes(path.read_bytes() + b'{"id":"event_')
        again = await appusers(environment, *command)
        assert again.code == 0
        assert "torn" in again.err
        assert "Exported 1 events" in again.err
        second = path.read_bytes().splitlines()
        assert second[:5] == first[:5]
        assert len(second) == 7
        torn = b"\n".join(second[:3]) + second[3][:40]
        path.write_bytes(torn)
        await appusers(environment, *command)
        assert path.read_bytes().splitlines() == second
        nothing = await appusers(environment, *command)
        assert "Exported 0 events" in nothing.err
        assert path.read_bytes().splitlines() == second

    async def test_behind_an_event_to_standard_output(
        self, environment: dict[str, str], acted: Organization, tmp_path: Path
    ) -> None:
        done = await appusers(environment, "audit", "export", acted.id, "--after", "3")
        lines = done.out.splitlines()
        assert [json.loads(line).get("sequence") for line in lines] == [4, 5, None]
        path = tmp_path / "trail.jsonl"
        path.write_text(done.out)
        whole = await appusers({}, "audit", "verify", "--file", str(path))
        assert (whole.code, "Events 1 to 3 were removed" in whole.err) == (1, True)
        part = await appusers({}, "audit", "verify", "--file", str(path), "--after", "3")
        assert (part.code, "intact, events 4 to 5" in part.out) == (0, True)

    async def test_refuses_a_file_of_something_else(
        self,
        environment: dict[str, str],
        acted: Organization,
        new_organization: Any,
        tmp_path: Path,
    ) -> None:
        path = tmp_path / "notes.txt"
        path.write_text("my notes\n")
        command = ("audit", "export", acted.id, "--output", str(path))
        refused = await appusers(environment, *command)
        assert (refused.code, path.read_text()) == (1, "my notes\n")
        assert "does not end like an exported audit trail" in refused.err
        other: Organization = await new_organization()
        path.unlink()
        await appusers(environment, "audit", "export", other.id, "--output", str(path))
        before = path.read_bytes()
        refused = await appusers(environment, *command)
        assert (refused.code, path.read_bytes()) == (1, before)
        assert "the trail of another organization" in refused.err

    async def test_refuses_a_trail_that_was_cut(
        self, environment: dict[str, str], acted: Organization, urls: Urls, tmp_path: Path
    ) -> None:
        """The file remembers what the database was made to forget, and keeps it."""
        path = tmp_path / "trail.jsonl"
        command = ("audit", "export", acted.id, "--output", str(path))
        await appusers(environment, *command)
        before = path.read_bytes()
        await tamper(
            urls, "DELETE FROM audit_event WHERE organization_id = $1 AND sequence > 3", acted.id
        )
        await tamper(
            urls, "UPDATE audit_chain SET last_sequence = 3 WHERE organization_id = $1", acted.id
        )
        refused = await appusers(environment, *command)
        assert refused.code == 1
        assert "events were removed" in refused.err
        assert path.read_bytes() == before

    async def test_a_folder_that_is_not_there(
        self, environment: dict[str, str], acted: Organization, tmp_path: Path
    ) -> None:
        path = tmp_path / "nowhere" / "trail.jsonl"
        refused = await appusers(environment, "audit", "export", acted.id, "--output", str(path))
        assert (refused.code, "No such file" in refused.err) == (1, True)
        refused = await appusers({}, "audit", "verify", "--file", str(path))
        assert (refused.code, "No such file" in refused.err) == (1, True)
