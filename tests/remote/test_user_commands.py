"""``appusers user``, ``whoami`` and the names that things go by."""

from tests.remote.conftest import Commands


async def test_a_users_life(place: Commands) -> None:
    made = await place("user", "create", "life", "--description", "what for")
    assert "Name:        life\n" in made.out
    assert "Description: what for\n" in made.out
    (shown,) = await place.json("user", "show", "life")
    assert (shown["state"], shown["liveTokenCount"]) == ("ACTIVE", 0)
    (renamed,) = await place.json("user", "update", shown["id"], "--name=lives", "--description=")
    assert (renamed["name"], renamed["description"]) == ("lives", None)
    (off,) = await place.json("user", "deactivate", "lives")
    assert off["state"] == "DEACTIVATED"
    (on,) = await place.json("user", "activate", "lives")
    assert on["state"] == "ACTIVE"
    await place.token("lives")
    (gone,) = await place.json("user", "delete", "lives", "--yes")
    assert gone == {"applicationUserId": shown["id"], "revokedTokenCount": 1}
    await place("user", "show", shown["id"], code=5)


class TestList:
    async def test_as_a_table(self, place: Commands) -> None:
        user_id = await place.user("table")
        listed = await place("user", "list", "--search", "tabl")
        heads, row = listed.out.splitlines()
        assert heads.split()[:3] == ["NAME", "STATE", "TOKENS"]
        assert row.split()[:3] == ["table", "ACTIVE", "0"]
        # What is long and says nothing to people is what a narrow terminal breaks.
        assert heads.index("ID") == row.index(user_id) < 80

    async def test_filters_and_a_limit(self, place: Commands) -> None:
        for name in ("filtered-1", "filtered-2"):
            await place.user(name)
        await place("user", "deactivate", "filtered-1")
        off = await place.json("user", "list", "--search=filtered-", "--state=deactivated")
        assert [each["name"] for each in off] == ["filtered-1"]
        newest = await place.json("user", "list", "--search=filtered-", "--limit=1")
        assert [each["name"] for each in newest] == ["filtered-2"]
        never = await place.json("user", "list", "--search=filtered-", "--never-used")
        assert len(never) == 2
        assert await place.json("user", "list", "--search=filtered-", "--unused-for=1d") == []

    async def test_people_too(self, place: Commands) -> None:
        everybody = await place("user", "list", "--everybody", "--search=root@")
        assert "root@remote.example  person" in everybody.out

    async def test_nothing_is_said_beside_the_output(self, place: Commands) -> None:
        listed = await place("user", "list", "--search=nobody-at-all")
        assert (listed.out, listed.err) == ("", "No application users.\n")


class TestNames:
    async def test_a_name_is_meant_exactly(self, place: Commands) -> None:
        for name in ("exact", "exactly"):
            await place.user(name)
        (shown,) = await place.json("user", "show", "exact")
        assert shown["name"] == "exact"
        missed = await place("user", "show", "Exact", code=5)
        assert "Did you mean\n" in missed.err
        assert shown["id"] in missed.err

    async def test_a_name_of_two(self, place: Commands) -> None:
        user_id = await place.user("both")
        (group,) = await place.json("group", "create", "both")
        asked = await place("permission", "effective", "both", code=6)
        assert user_id in asked.err
        assert group["id"] in asked.err


async def test_whoami(place: Commands) -> None:
    shown = await place("whoami")
    assert f"Organization: Remote ({place.organization_id})\n" in shown.out
    assert "role:organization:admin" in shown.out
    assert place.environment["APPUSERS_TOKEN"] not in shown.out
    (viewer,) = await place.json("whoami")
    assert viewer["memberships"][0]["organizationId"] == place.organization_id


async def test_what_to_change_has_to_be_given(place: Commands) -> None:
    refused = await place("user", "update", "whoever", code=2)
    assert "Give --name or --description." in refused.err
