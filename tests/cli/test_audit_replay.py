"""``appusers audit replay``: what a backup brought back to life is ended again."""

import json
import shutil
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from click.testing import CliRunner

from app.cli import main
from tests.api import policies
from tests.api_client import Api, Organization
from tests.cli import backups, restored
from tests.cli.processes import Finished, appusers
from tests.cli.restored import Scene, environment
from tests.conftest import settings_for
from tests.credentials import is_accepted
from tests.owner import Owner, user_key
from tests.postgres import Server, Urls
from tests.service import started

DEAD = {"revoked", "found", "rotated", "deleted", "deactivated", "bulk", "removed"}
ALIVE = {"kept", "overlapping", "activated", "stripped", "member"}
USER = "query($id: ID!) { applicationUser(id: $id) { state } }"
GROUP = "query($id: ID!) { node(id: $id) { ... on Group { members { nodes { id } } } } }"


@pytest.fixture(scope="module")
async def scene(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return await restored.made(server, tmp_path_factory.mktemp("restored"))


@pytest.fixture
async def urls(server: Server, scene: Scene) -> Urls:
    """The backup, restored for a test of its own."""
    return await backups.restore(server, scene.backup)


@pytest.fixture
async def admin(urls: Urls, scene: Scene) -> AsyncGenerator[Api]:
    """The administrator as a caller of a service on the restored database."""
    async with started(settings_for(urls)) as service:
        yield await restored.caller(scene, service)


@pytest.fixture
async def owner(urls: Urls) -> AsyncGenerator[Owner]:
    connection = await asyncpg.connect(urls.owner)
    yield Owner(connection)
    await connection.close()


@dataclass(frozen=True)
class Replayed:
    """The backup restored and replayed, for tests that look at it."""

    urls: Urls
    admin: Api
    owner: Owner


@pytest.fixture(scope="module")
async def replayed(server: Server, scene: Scene) -> AsyncGenerator[Replayed]:
    urls = await backups.restore(server, scene.backup)
    assert (await replay(urls, scene, "--apply")).code == 0
    connection = await asyncpg.connect(urls.owner)
    async with started(settings_for(urls)) as service:
        yield Replayed(urls, await restored.caller(scene, service), Owner(connection))
    await connection.close()


async def replay(urls: Urls, scene: Scene, *arguments: str) -> Finished:
    return await appusers(environment(urls), "audit", "replay", str(scene.trail), *arguments)


async def accepted(admin: Api, scene: Scene) -> set[str]:
    """Return whose tokens work."""
    return {name for name, full in scene.tokens.items() if await is_accepted(admin, full)}


def acts(done: Finished) -> list[tuple[Any, ...]]:
    found = [json.loads(line) for line in done.out.splitlines()]
    return [
        (line["act"], line["targetId"], line["principalId"], line.get("permission"))
        for line in found
    ]


class TestReplay:
    async def test_what_was_revoked_is_dead_again(
        self, urls: Urls, scene: Scene, admin: Api, owner: Owner
    ) -> None:
        # The hole, and so the control: a restored backup knows nothing of what ended since.
        assert await accepted(admin, scene) == DEAD | ALIVE
        before = await owner.snapshot(scene.organization_id)
        planned = await replay(urls, scene, "--json")
        assert planned.code == 0, planned.err
        assert await owner.snapshot(scene.organization_id) == before
        assert await accepted(admin, scene) == DEAD | ALIVE

        done = await replay(urls, scene, "--apply", "--json")
        assert (done.code, acts(done)) == (0, acts(planned))
        assert await accepted(admin, scene) == ALIVE
        assert all(
            json.loads(line)["isDone"]
            for line in done.out.splitlines()
            if json.loads(line)["act"] not in ("LOST", "LOOK")
        )
        after = await owner.snapshot(scene.organization_id)
        again = await replay(urls, scene, "--apply")
        assert again.code == 0
        assert "  0 ended again, 0 that cannot be;" in again.out
        assert await owner.snapshot(scene.organization_id) == after

    async def test_says_what_it_does(self, urls: Urls, scene: Scene) -> None:
        done = await replay(urls, scene, "--json")
        known = scene.ids
        named = {(act, target) for act, target, _, _ in acts(done)}
        assert {
            ("REVOKE_TOKEN", known["revoked token"]),
            ("REVOKE_TOKEN", known["found token"]),
            ("REVOKE_TOKEN", known["deleted token"]),
            ("REVOKE_TOKENS_OF_USER", known["bulk user"]),
            ("SUPERSEDE_TOKEN", known["rotated token"]),
            ("SUPERSEDE_TOKEN", known["overlapping token"]),
            ("DELETE_USER", known["deleted user"]),
            ("DELETE_USER", known["removed user"]),
            ("DEACTIVATE_USER", known["deactivated user"]),
            ("REVOKE_PERMISSION", scene.organization_id),
            ("REMOVE_MEMBER", known["group"]),
            ("DELETE_GROUP", known["gone group"]),
            ("DELETE_RESOURCE", known["unit"]),
            ("DELETE_WEBHOOK", known["webhook"]),
            ("TIGHTEN_POLICY", scene.organization_id),
            ("LOST", known["late user"]),
            ("LOST", known["late token"]),
        } <= named
        assert ("DEACTIVATE_USER", known["activated user"]) not in named
        assert not any(target == known["kept token"] for _, target in named)
        text = (await replay(urls, scene)).out
        assert f"{scene.organization_id}: the trail has" in text
        assert "what ended after that is not in it" in text
        assert f"{scene.tokens['revoked'][:27]}  {known['revoked token']}" in text
        assert "its holder needs another one" in text
        assert "Nothing was changed; --apply does it." in text
        assert not any(full in text for full in scene.tokens.values())

    async def test_users_groups_rights_and_policy(self, replayed: Replayed, scene: Scene) -> None:
        known, admin = scene.ids, replayed.admin
        gone = await admin.query(USER, id=known["deleted user"])
        assert gone == {"applicationUser": None}
        user = (await admin.query(USER, id=known["deactivated user"]))["applicationUser"]
        assert user["state"] == "DEACTIVATED"
        group = await admin.query(GROUP, id=known["group"])
        assert group["node"]["members"]["nodes"] == []
        held = await replayed.owner.connection.fetch(
            "SELECT permission FROM permission_grant WHERE organization_id = $1"
            " AND principal_id = $2",
            *user_key(known["stripped user"]),
        )
        assert [row["permission"] for row in held] == [restored.EVENT_LOGS_READ]
        policy = await admin.query(policies.POLICY, o=scene.organization_id)
        assert policy["organizationPolicy"]["allowedNetworks"] == ["127.0.0.0/8"]

    async def test_is_on_record(self, replayed: Replayed, scene: Scene) -> None:
        async def named(action: str) -> list[dict[str, Any]]:
            return await policies.events(replayed.owner, scene.organization_id, action)

        events = await named("application_user:token:revoke")
        assert {event["actor_kind"] for event in events} == {"OPERATOR"}
        assert all("replayedEvent" in event["changes"] for event in events)
        (noted,) = await named("installation:organization:restore")
        head = json.loads(scene.trail.read_text().splitlines()[-1])["head"]
        trail_head = f"{head['sequence']}:{head['hash']}"
        assert noted["changes"]["trailHead"]["after"] == trail_head
        # The chain holds, and the end that was kept elsewhere tells that it is not what it was.
        command = ("audit", "verify", scene.organization_id)
        forked = await appusers(environment(replayed.urls), *command, "--expect", trail_head)
        assert forked.code == 1
        assert "REWRITTEN" in forked.err or "the end that you kept" in forked.err
        assert (await appusers(environment(replayed.urls), *command)).code == 0

    async def test_what_was_decided_since_stands(self, replayed: Replayed, scene: Scene) -> None:
        made = await replayed.admin.mutate(
            "addGroupMembers",
            "addedCount",
            groupId=scene.ids["group"],
            userIds=[scene.ids["member user"]],
        )
        assert made["addedCount"] == 1
        again = await replay(replayed.urls, scene, "--apply")
        assert "  0 ended again" in again.out
        group = await replayed.admin.query(GROUP, id=scene.ids["group"])
        assert len(group["node"]["members"]["nodes"]) == 1

    async def test_a_rotated_token_without_successor(
        self, replayed: Replayed, scene: Scene
    ) -> None:
        refused = await replayed.admin.mutate(
            "rotateToken", "__typename", tokenId=scene.ids["overlapping token"]
        )
        assert refused["__typename"] == "InvalidInputError"
        assert "its successor was lost" in refused["fields"][0]["message"]

    async def test_the_last_administrator_is_kept(
        self, server: Server, scene: Scene, tmp_path: Path
    ) -> None:
        """Who became administrator behind the backup is lost, and the one before was removed."""
        urls = await backups.restore(server, scene.backup)
        async with started(settings_for(urls)) as service:
            admin = await restored.caller(scene, service)
            organization = Organization(scene.organization_id, "", admin)
            await restored.hand_over(organization)
        trail = tmp_path / "trail.jsonl"
        export = ("audit", "export", scene.organization_id, "--output", str(trail))
        assert (await appusers(environment(urls), *export)).code == 0
        again = await backups.restore(server, scene.backup)
        done = await appusers(environment(again), "audit", "replay", str(trail), "--apply")
        assert done.code == 1
        assert "NOT DONE delete user" in done.out
        assert "nobody else here is administrator" in done.out
        async with started(settings_for(again)) as service:
            # The person stays; the token does not.
            assert not await is_accepted(await service.caller(), scene.admin)


class TestRefused:
    async def test_a_tampered_trail(
        self, urls: Urls, scene: Scene, owner: Owner, tmp_path: Path
    ) -> None:
        before = await owner.snapshot(scene.organization_id)
        lines = scene.trail.read_text().splitlines(keepends=True)
        tampered = (
            [*lines[:-3], *lines[-2:]],  # an event removed
            [line.replace("127.0.0.1", "127.0.0.2") for line in lines],
            lines[:-1],  # without the chain's end
        )
        paths: list[str] = []
        for number, changed in enumerate(tampered):
            path = tmp_path / f"tampered{number}.jsonl"
            path.write_text("".join(changed))
            paths.append(str(path))
        done = await appusers(environment(urls), "audit", "replay", *paths, "--apply")
        assert (done.code, done.out) == (1, "")
        assert all(f"{path}: refused. " in done.err for path in paths)
        assert await owner.snapshot(scene.organization_id) == before

    async def test_a_trail_of_another_installation(self, server: Server, scene: Scene) -> None:
        elsewhere = await server.copy()
        done = await replay(elsewhere, scene, "--apply")
        assert (done.code, done.out) == (1, "")
        assert "the trail is of another installation" in done.err

    async def test_a_chain_written_anew(self, urls: Urls, scene: Scene, owner: Owner) -> None:
        await owner.connection.execute("SET session_replication_role = replica")
        await owner.connection.execute("UPDATE audit_event SET hash = sha256(hash)")
        done = await replay(urls, scene, "--apply")
        assert done.code == 1
        assert "no event in common" in done.err

    async def test_one_of_several(
        self, urls: Urls, scene: Scene, tmp_path: Path, admin: Api
    ) -> None:
        """A file that is refused keeps no other from its turn."""
        bad = tmp_path / "bad.jsonl"
        shutil.copy(scene.trail, bad)
        bad.write_text("nonsense\n")
        done = await appusers(
            environment(urls), "audit", "replay", str(bad), str(scene.trail), "--apply"
        )
        assert done.code == 1
        assert await accepted(admin, scene) == ALIVE

    def test_wrong_usage(self, tmp_path: Path) -> None:
        for arguments in ([], [str(tmp_path / "none")]):
            assert CliRunner().invoke(main, ["audit", "replay", *arguments]).exit_code == 2


class TestNothingBehind:
    async def test_the_same_database(self, scene: Scene) -> None:
        """Nothing was restored: the trail ends where the database's does."""
        done = await replay(scene.urls, scene, "--apply")
        assert done.code == 0
        assert "  0 ended again, 0 that cannot be; 0 lost" in done.out
        assert "and 0 of its own" not in done.out
