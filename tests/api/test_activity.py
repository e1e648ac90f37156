"""What uses of a token leave behind: when, where from, with which program."""

from dataclasses import replace

import pytest

from tests.api.uses import NEVER, USE, look, use
from tests.api.world import World
from tests.credentials import is_accepted
from tests.owner import Owner
from tests.service import Service
from tests.waiting import until

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


class TestRecorded:
    async def test_every_field(self, world: World, lazy: Service) -> None:
        assert await look(world) == NEVER
        await use(await lazy.caller("192.0.2.7"), world.full, FIREFOX)
        await lazy.activity.flush()
        found = await look(world)
        assert found["node"]["lastUsedTime"] is not None
        assert found == {
            "node": {
                "lastUsedTime": found["node"]["lastUsedTime"],
                "lastIp": "192.0.2.7",
                "lastUserAgent": FIREFOX,
                "lastUserAgentHumanReadable": "Firefox 128.0 on Linux",
            },
            "applicationUser": {"lastActivityTime": found["node"]["lastUsedTime"]},
        }

    @pytest.mark.parametrize(
        ("sent", "readable"),
        [
            (FIREFOX, "Firefox 128.0 on Linux"),
            ("python-httpx/0.28.1", "python-httpx 0.28.1"),
            ("kube-probe/1.31", "kube-probe 1.31"),
            ("my-tool", "my-tool"),
            ("my-tool/2 (cron)", "my-tool 2"),
            ("", None),
        ],
    )
    async def test_programs_for_people(
        self, world: World, lazy: Service, sent: str, readable: str | None
    ) -> None:
        await use(await lazy.caller(), world.full, sent)
        await lazy.activity.flush()
        found = await look(world)
        assert found["node"]["lastUserAgent"] == (sent or None)
        assert found["node"]["lastUserAgentHumanReadable"] == readable

    async def test_terraform(self, world: World, lazy: Service) -> None:
        sent = "Terraform/1.9.5 (+https://www.terraform.io) terraform-provider-x/0.1"
        await use(await lazy.caller(), world.full, sent)
        await lazy.activity.flush()
        found = await look(world)
        assert "Terraform" in found["node"]["lastUserAgentHumanReadable"]

    @pytest.mark.parametrize(
        ("address", "shown"),
        [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:DB8::0:1", "2001:db8::1"),
            ("no address", None),
        ],
    )
    async def test_addresses(
        self, world: World, lazy: Service, address: str, shown: str | None
    ) -> None:
        await use(await lazy.caller(address), world.full)
        await lazy.activity.flush()
        found = await look(world)
        assert found["node"]["lastIp"] == shown
        assert found["node"]["lastUsedTime"] is not None

    async def test_a_long_user_agent_is_cut(self, world: World, lazy: Service) -> None:
        await use(await lazy.caller(), world.full, "x" * 5000)
        await lazy.activity.flush()
        assert (await look(world))["node"]["lastUserAgent"] == "x" * 512

    async def test_the_users_activity_is_the_latest_of_all_its_tokens(
        self, world: World, lazy: Service
    ) -> None:
        second_id, second = await world.organization.token(world.user_id)
        caller = await lazy.caller()
        await use(caller, world.full)
        await use(caller, second)
        await lazy.activity.flush()
        await world.organization.admin.mutate("revokeToken", "token { id }", tokenId=second_id)
        found = await world.organization.admin.query(USE, t=second_id, u=world.user_id)
        assert found["applicationUser"]["lastActivityTime"] == found["node"]["lastUsedTime"]

    async def test_by_itself_within_the_interval(self, world: World) -> None:
        """The shared application writes every twentieth of a second."""
        assert await is_accepted(world.organization.admin, world.full)

        async def is_shown() -> bool:
            return (await look(world))["node"]["lastUsedTime"] is not None

        await until(is_shown)

    async def test_forbidden_and_failed_requests_are_uses_as_well(
        self, world: World, lazy: Service
    ) -> None:
        """The token was let through; what it may do is another question."""
        caller = (await lazy.caller()).with_token(world.full)
        answer = await caller.run(
            "query($id: ID!) { organization(id: $id) { id } }", {"id": world.organization.id}
        )
        assert answer.codes == ["FORBIDDEN"]
        await lazy.activity.flush()
        assert (await look(world))["node"]["lastUsedTime"] is not None


class TestRefused:
    """A refused use leaves nothing, whatever it was refused for."""

    async def refuse(self, world: World, lazy: Service, token: str, address: str) -> None:
        assert not await is_accepted(await lazy.caller(address), token)
        await lazy.activity.flush()
        assert await look(world) == NEVER

    async def test_a_wrong_secret(self, world: World, lazy: Service) -> None:
        from app.token_format import _checksum  # pyright: ignore[reportPrivateUsage]

        body = world.full[:-7] + ("0" if world.full[-7] != "0" else "1")
        await self.refuse(world, lazy, body + _checksum(body), "127.0.0.1")

    async def test_revoked(self, world: World, lazy: Service) -> None:
        await world.organization.admin.mutate("revokeToken", "token { id }", tokenId=world.token_id)
        await self.refuse(world, lazy, world.full, "127.0.0.1")

    async def test_deactivated(self, world: World, lazy: Service) -> None:
        await world.organization.admin.mutate(
            "updateApplicationUser",
            "applicationUser { id }",
            applicationUserId=world.user_id,
            state="DEACTIVATED",
        )
        await self.refuse(world, lazy, world.full, "127.0.0.1")

    async def test_expired(self, world: World, lazy: Service, owner: Owner) -> None:
        token_id, full = await world.organization.token(world.user_id, maxAgeSeconds=600)
        await owner.set_left(token_id, -1)
        aged = replace(world, token_id=token_id, full=full)
        await self.refuse(aged, lazy, full, "127.0.0.1")

    async def test_from_elsewhere(self, world: World, lazy: Service) -> None:
        token_id, full = await world.organization.token(world.user_id, ipAllowlist=["192.0.2.0/24"])
        bound = replace(world, token_id=token_id, full=full)
        await self.refuse(bound, lazy, full, "198.51.100.1")
        # The control: the same token from where it may be used.
        await use(await lazy.caller("192.0.2.1"), full)
        await lazy.activity.flush()
        assert await look(bound) != NEVER
