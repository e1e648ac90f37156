"""Which organization a command is about, for a person who belongs to several."""

import json
from pathlib import Path

from tests.cli.processes import appusers, serving
from tests.conftest import LiveServer
from tests.issuer import issuer_at_work
from tests.remote.conftest import Commands

SUBJECT = "of-both"


async def test_of_several_one_has_to_be_named(live_server: LiveServer, tmp_path: Path) -> None:
    async with issuer_at_work() as issuer:
        installation = live_server.environment | {"APPUSERS_OIDC_ISSUER": issuer.url}
        ids: list[str] = []
        for name in ("Left", "Right"):
            made = await appusers(
                installation,
                *("bootstrap", "--json", f"--organization={name}", "--admin=both@acme.example"),
                f"--admin-subject={SUBJECT}",
            )
            ids.append(json.loads(made.out)["organizationId"])
        async with serving(installation) as served:
            person = Commands(
                {
                    "APPUSERS_URL": served.url,
                    "APPUSERS_TOKEN": issuer.sign(SUBJECT),
                    "XDG_CONFIG_HOME": str(tmp_path),
                }
            )
            asked = await person("user", "list", code=2)
            assert f"  {ids[0]}  Left\n  {ids[1]}  Right\n" in asked.err
            assert asked.out == ""
            assert [each["organizationId"] for each in await whoami(person)] == ids
            await person("user", "create", "of-left", f"--organization={ids[0]}")
            right = person.changed(APPUSERS_ORGANIZATION=ids[1])
            assert await right.json("user", "list") == []
            # The command line goes before the environment.
            (found,) = await right.json("user", "list", f"--organization={ids[0]}")
            assert found["name"] == "of-left"


async def whoami(person: Commands) -> list[dict[str, str]]:
    """Return the memberships of who calls, in order of their ids."""
    (viewer,) = await person.json("whoami")
    return sorted(viewer["memberships"], key=lambda each: each["organizationName"])
