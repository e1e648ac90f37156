"""``appusers group``, ``permission`` and ``audit list``."""

from tests.remote.conftest import Commands


async def test_a_groups_life(place: Commands) -> None:
    user_id = await place.user("member")
    (group,) = await place.json("group", "create", "team", "--description=of many")
    added = await place("group", "add", "team", "member", "root@remote.example")
    assert added.err == "Added 2 of 2 to team.\n"
    members = await place.json("group", "members", "team")
    assert {each["node"]["name"] for each in members} == {"member", "root@remote.example"}
    table = (await place("group", "members", "team")).out
    assert {"member", "person"} <= set(table.split())
    assert len((await place("group", "members", "team", "--limit=1")).out.splitlines()) == 2
    (of_member,) = await place.json("group", "list", "--member=member")
    assert of_member["id"] == group["id"]
    assert "team" in (await place("group", "list", "--search=team")).out
    (renamed,) = await place.json("group", "update", "team", "--name=teams", "--description=")
    assert (renamed["name"], renamed["description"]) == ("teams", None)
    (removed,) = await place.json("group", "remove", "teams", user_id)
    assert removed == {"groupId": group["id"], "removedCount": 1}
    assert "Name:              teams\n" in (await place("group", "show", "teams")).out
    (deleted,) = await place.json("group", "delete", "teams", "--yes")
    assert deleted == {"groupId": group["id"]}


async def test_permissions(place: Commands) -> None:
    user_id = await place.user("auditor")
    (group,) = await place.json("group", "create", "auditors")
    await place("group", "add", "auditors", "auditor")
    name = "organization:event_logs:read"
    granted = await place("permission", "grant", "auditors", name)
    assert granted.err == f"Granted {name}.\n"
    again = await place("permission", "grant", "auditors", name)
    assert again.err == "Granted nothing; it was held before.\n"
    assert (await place("permission", "effective", "auditor")).out == f"{name}\n"
    (source,) = await place.json("permission", "explain", "auditor", name)
    assert (source["granted"], source["groupId"]) == (name, group["id"])
    assert await place.json("permission", "grants", f"--to={user_id}") == []
    (found,) = await place.json("permission", "grants", "--to=auditors", f"--permission={name}")
    assert found["resourceId"] == place.organization_id
    listed = await place("permission", "list")
    assert name in listed.out
    (taken,) = await place.json("permission", "revoke", "auditors", name)
    assert taken["revoked"] == [name]
    nothing = await place("permission", "explain", "auditor", name)
    assert nothing.err == f"auditor does not hold {name} there.\n"
    assert "may do nothing" in (await place("permission", "effective", user_id)).err
    (none,) = await place.json("permission", "effective", user_id)
    assert none == {"permissions": []}


async def test_the_last_administrator_stays(place: Commands) -> None:
    refused = await place(
        "permission", "revoke", "root@remote.example", "role:organization:admin", code=6
    )
    assert "administrator" in refused.err


async def test_the_trail(place: Commands) -> None:
    user_id = await place.user("on-record")
    token_id, _ = await place.token("on-record")
    await place("token", "revoke", token_id, "--yes")
    events = await place.json("audit", "list", f"--target={user_id}", "--oldest-first")
    assert [each["actionName"].rpartition(":")[2] for each in events] == [
        "create",
        "generate",
        "revoke",
    ]
    (latest,) = await place.json("audit", "list", f"--target={user_id}", "--limit=1")
    assert latest["targetId"] == token_id
    of_admin = await place(
        *("audit", "list", "--actor=root@remote.example", "--action=token_revoke"),
        *("--outcome=succeeded", "--since=1h", f"--target={user_id}"),
    )
    heads, row = of_admin.out.splitlines()
    assert heads.split()[:3] == ["TIME", "ACTION", "OUTCOME"]
    assert "root@remote.example" in row
    assert await place.json("audit", "list", "--until=1d") == []
