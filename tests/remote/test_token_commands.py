"""``appusers token``: what there is, how it was used, and its end."""

import httpx

from tests.remote.conftest import Commands
from tests.waiting import until


async def test_a_tokens_settings(place: Commands) -> None:
    await place.user("settings")
    token_id, full = await place.token(
        "settings",
        *("--max-age=12h", "--extend-when-used", "--scope=services:write", "--scope=user:read"),
        *("--allow=10.0.0.0/8", "--description=of a test"),
    )
    (shown,) = await place.json("token", "show", full[:27])
    assert shown["id"] == token_id
    assert shown["maxAgeSeconds"] == 43_200
    assert shown["extendWhenUsed"] is True
    assert shown["scopes"] == ["services:write", "user:read"]
    assert shown["ipAllowlist"] == ["10.0.0.0/8"]
    assert "fullToken" not in shown
    people = await place("token", "show", token_id)
    assert "(in 12 hours), extended by use\n" in people.out
    assert full not in people.out
    (told,) = await place.json("token", "update", token_id, "--description=another")
    assert told["description"] == "another"
    await place("token", "revoke", token_id, "--yes")
    # What was left of its time means nothing any more.
    assert "(in 12 hours)" not in (await place("token", "show", token_id)).out


async def test_a_list_of_a_users(place: Commands) -> None:
    await place.user("listed")
    first, _ = await place.token("listed")
    second, _ = await place.token("listed", "--max-age=600")
    await place("token", "revoke", first, "--yes")
    listed = await place.json("token", "list", "--user=listed")
    assert [each["id"] for each in listed] == [second, first]
    active = await place("token", "list", "--user=listed", "--status=active")
    assert second in active.out
    assert first not in active.out
    soon = await place.json("token", "list", "--user=listed", "--expires-before=1d")
    assert [each["id"] for each in soon] == [second]
    assert len(await place.json("token", "list", "--user=listed", "--never-used")) == 2
    assert await place.json("token", "list", "--user=listed", "--unused-for=1h") == []


async def test_where_it_was_used(place: Commands) -> None:
    await place.user("used")
    token_id, full = await place.token("used")
    async with httpx.AsyncClient() as http:
        await http.post(
            f"{place.environment['APPUSERS_URL']}/graphql",
            json={"query": "{ viewer { memberships { organizationId } } }"},
            headers={"Authorization": f"Bearer {full}", "User-Agent": "Terraform/1.9"},
        )

    async def written() -> bool:
        (found,) = await place.json("token", "activity", token_id)
        return found["useCount"] == 1

    await until(written, 20)
    shown = await place("token", "activity", "--user=used", "--since=7d")
    assert shown.err == "1 use on 1 day.\n"
    assert shown.out.splitlines()[1].startswith("127.0.0.1  Terraform 1.9  1 ")
    other_id = token_id[:-1] + ("0" if token_id[-1] != "0" else "1")
    await place("token", "activity", other_id, code=5)


class TestEnd:
    async def test_several_or_none(self, place: Commands) -> None:
        await place.user("several")
        ids = [(await place.token("several"))[0] for _ in range(2)]
        refused = await place("token", "revoke", *ids, f"token_{'0' * 44}", "--yes", code=5)
        assert refused.out == ""
        assert len(await place.json("token", "list", "--user=several", "--status=active")) == 2
        (ended,) = await place.json("token", "revoke", *ids, "--yes")
        assert ended == {"tokenIds": ids, "revokedTokenCount": 2}
        again = await place("token", "revoke", *ids, "--yes")
        assert again.err == "Revoked 0 of 2; the others had ended before.\n"

    async def test_all_of_a_user(self, place: Commands) -> None:
        user_id = await place.user("all-of-it")
        for _ in range(2):
            await place.token("all-of-it")
        (ended,) = await place.json("token", "revoke-all", "all-of-it", "--yes")
        assert ended == {"applicationUserId": user_id, "revokedTokenCount": 2}

    async def test_a_deactivated_one_only_comes_back(self, place: Commands) -> None:
        await place.user("comes-back")
        token_id, _ = await place.token("comes-back")
        await place("token", "revoke", token_id, "--yes")
        await place("token", "activate", token_id, code=6)


class TestWhichToken:
    async def test_a_whole_one_is_refused_and_not_repeated(self, place: Commands) -> None:
        await place.user("pasted")
        _, full = await place.token("pasted")
        for command in (["show"], ["revoke", "--yes"], ["rotate", "--yes"], ["show", "x"]):
            refused = await place("token", *command, full, code=2)
            assert full not in refused.err
        assert "revoke it" in (await place("token", "show", full, code=2)).err

    async def test_neither_id_nor_prefix(self, place: Commands) -> None:
        assert "prefix (appu_…)" in (await place("token", "show", "mine", code=2)).err
        await place("token", "show", "appu_0000000000000000000000", code=5)
        await place("token", "show", f"token_{'0' * 44}", code=5)
