"""permissionGrants."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from tests.api.estate import Estate, missing
from tests.owner import ADMIN

LOGS = "organization:event_logs:read"
DOCUMENT = """query($o: ID!, $f: PermissionGrantFilter, $n: Int, $a: String) {
    permissionGrants(organizationId: $o, filter: $f, first: $n, after: $a) {
        nodes { principalId resourceId permission createTime createdBy { id } }
        edges { cursor }
        pageInfo { hasNextPage hasPreviousPage endCursor } } }"""


async def page(estate: Estate, **variables: Any) -> dict[str, Any]:
    found = await estate.organization.admin.query(DOCUMENT, o=estate.organization.id, **variables)
    return found["permissionGrants"]


def brief(found: dict[str, Any]) -> set[tuple[str, str, str]]:
    rows = [(one["principalId"], one["resourceId"], one["permission"]) for one in found["nodes"]]
    assert len(rows) == len(set(rows))
    return set(rows)


async def fill(estate: Estate) -> set[tuple[str, str, str]]:
    """Grant this and that to several, and return all of it."""
    here, admin_id = estate.organization.id, estate.organization.admin_id
    unit, project = await estate.unit(), await estate.project()
    holders = [await estate.organization.user(), await estate.person(), await estate.group()]
    made = {(admin_id, here, ADMIN)}
    for holder in holders:
        for on, names in (
            (here, [LOGS, "read_only", ADMIN]),
            (unit, ["read_only", "developer"]),
            (project, ["read_only", "admin"]),
        ):
            for name in names:
                await estate.give(holder, name, on)
                made.add((holder, on, name))
    return made


class TestListed:
    async def test_all(self, estate: Estate) -> None:
        made = await fill(estate)
        found = await page(estate)
        assert brief(found) == made
        assert found["pageInfo"]["hasNextPage"] is False

    async def test_filters_and_all_of_them_together(self, estate: Estate) -> None:
        made = await fill(estate)
        principals, resources, names = ([*{row[part] for row in made}, None] for part in range(3))
        for principal in principals:
            for resource in resources:
                for name in names:
                    keep = {"principalId": principal, "resourceId": resource, "permission": name}
                    assert brief(await page(estate, f=keep)) == {
                        row
                        for row in made
                        if all(
                            asked in (None, found)
                            for asked, found in zip((principal, resource, name), row, strict=True)
                        )
                    }

    @pytest.mark.parametrize("size", [1, 2, 7])
    @pytest.mark.parametrize("by", ["", "principalId", "resourceId", "permission"])
    async def test_page_by_page(self, estate: Estate, by: str, size: int) -> None:
        made = await fill(estate)
        some = min(made - {(estate.organization.admin_id, estate.organization.id, ADMIN)})
        fields = ["principalId", "resourceId", "permission"]
        keep = {by: some[fields.index(by)]} if by else {}
        expected = {row for row in made if not by or row[fields.index(by)] == keep[by]}
        seen: list[tuple[str, str, str]] = []
        after = None
        while True:
            found = await page(estate, f=keep, n=size, a=after)
            seen += brief(found)
            assert found["pageInfo"]["hasPreviousPage"] is (after is not None)
            after = found["pageInfo"]["endCursor"]
            assert after == found["edges"][-1]["cursor"]
            if not found["pageInfo"]["hasNextPage"]:
                break
        assert len(seen) == len(expected)
        assert set(seen) == expected

    async def test_a_cursor_outlives_its_grant(self, estate: Estate) -> None:
        made = await fill(estate)
        first = await page(estate, n=3)
        node = first["nodes"][-1]
        await estate.act("revoke", node["principalId"], node["resourceId"], node["permission"])
        rest = await page(estate, a=first["pageInfo"]["endCursor"])
        assert brief(first) | brief(rest) == made
        assert not brief(first) & brief(rest)

    async def test_when_and_by_whom(self, estate: Estate) -> None:
        user_id = await estate.organization.user()
        await estate.act("grant", user_id, estate.organization.id, LOGS)
        (node,) = (await page(estate, f={"principalId": user_id}))["nodes"]
        assert node["createdBy"] == {"id": estate.organization.admin_id}
        (first,) = (await page(estate, f={"permission": ADMIN}))["nodes"]
        assert first["createdBy"] is None

    async def test_what_the_catalogue_lost(self, estate: Estate) -> None:
        user_id = await estate.organization.user()
        await estate.give(user_id, "gone:from:catalogue")
        found = await page(estate, f={"permission": "gone:from:catalogue"})
        assert brief(found) == {(user_id, estate.organization.id, "gone:from:catalogue")}


class TestNothing:
    async def test_for_what_is_missing_or_foreign(self, estate: Estate, shared_world: Any) -> None:
        there = shared_world.organization.id
        for keep in (
            {"principalId": missing("user", estate.organization.id)},
            {"principalId": shared_world.user_id},
            {"principalId": shared_world.organization.admin_id},
            {"resourceId": there},
            {"resourceId": missing("resource", there)},
            {"permission": ""},
            {"permission": "a:b"},
        ):
            assert (await page(estate, f=keep))["nodes"] == []


class TestRefused:
    async def test_without_permission(self, estate: Estate) -> None:
        user_id = await estate.organization.user()
        await estate.give(user_id, LOGS)
        _, full = await estate.organization.token(user_id)
        answer = await estate.organization.admin.with_token(full).run(
            DOCUMENT, {"o": estate.organization.id, "f": {"principalId": user_id}}
        )
        assert answer.codes == ["FORBIDDEN"]

    @pytest.mark.parametrize(
        ("variables", "path", "code"),
        [
            ({"f": {"principalId": "x"}}, "filter.principalId", "INVALID_ID"),
            ({"f": {"resourceId": "user_"}}, "filter.resourceId", "INVALID_ID"),
            ({"f": {"permission": "a\0"}}, "filter.permission", "INVALID_CHARACTER"),
            ({"f": {"permission": "x" * 256}}, "filter.permission", "TOO_LONG"),
            ({"n": 0}, "first", "OUT_OF_RANGE"),
            ({"n": 101}, "first", "OUT_OF_RANGE"),
            ({"a": "rubbish"}, "after", "INVALID_CURSOR"),
        ],
    )
    async def test_bad_input(
        self, estate: Estate, variables: dict[str, Any], path: str, code: str
    ) -> None:
        answer = await estate.organization.admin.run(
            DOCUMENT, {"o": estate.organization.id} | variables
        )
        (error,) = answer.body["errors"]
        (problem,) = error["extensions"]["fields"]
        assert (problem["path"], problem["code"]) == (path, code)

    async def test_a_cursor_of_another_filter_or_forged(self, estate: Estate) -> None:
        await fill(estate)
        found = await page(estate, n=1)
        answer = await estate.organization.admin.run(
            DOCUMENT,
            {
                "o": estate.organization.id,
                "a": found["pageInfo"]["endCursor"],
                "f": {"permission": LOGS},
            },
        )
        assert answer.codes == ["BAD_REQUEST"]
        for key in ("", "x", "x y", "00000000-0000-0000-0000-000000000000"):
            # The shape of a cursor, with a key that none has.
            forged = forge(["principal", "ASC", key, "00000000-0000-0000-0000-000000000000"])
            answer = await estate.organization.admin.run(
                DOCUMENT, {"o": estate.organization.id, "a": forged}
            )
            assert answer.codes in (["BAD_REQUEST"], [])
            assert answer.response.status_code == 200


def forge(cursor: list[str]) -> str:
    return urlsafe_b64encode(json.dumps(cursor).encode()).rstrip(b"=").decode()
