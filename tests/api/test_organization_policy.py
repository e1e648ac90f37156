"""setOrganizationPolicy and organizationPolicy: what is asked of tokens, set whole."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.api.policies import (
    FIELDS,
    LOCKED_OUT,
    NONE,
    POLICY,
    admin_robot,
    events,
    locked_out,
    set_policy,
)
from tests.api_client import Organization
from tests.owner import Owner, organization_key, user_key

WHOLE: dict[str, Any] = {
    "allowedNetworks": ["127.0.0.0/8", "2001:db8::/32", "192.0.2.7/32"],
    "longestMaxAgeSeconds": 86_400,
    "expiryRequired": True,
    "deactivateUnusedAfterDays": 30,
    "revokeUnusedAfterDays": 90,
}


class TestSet:
    async def test_at_first_there_is_none(self, organization: Organization) -> None:
        found = await organization.admin.query(
            f"""query($o: ID!) {{ organizationPolicy(organizationId: $o) {{
                {FIELDS} updateTime updatedBy {{ id }} viewerCanSet }} }}""",
            o=organization.id,
        )
        assert found["organizationPolicy"] == NONE | {
            "updateTime": None,
            "updatedBy": None,
            "viewerCanSet": True,
        }

    async def test_the_whole_policy(self, organization: Organization) -> None:
        assert await set_policy(organization, **WHOLE) == WHOLE
        found = await organization.admin.query(
            f"""query($o: ID!) {{ organizationPolicy(organizationId: $o) {{
                {FIELDS} updateTime updatedBy {{ id }} }} }}""",
            o=organization.id,
        )
        policy = found["organizationPolicy"]
        assert policy.pop("updateTime").endswith("Z")
        assert policy.pop("updatedBy") == {"id": organization.admin_id}
        assert policy == WHOLE

    async def test_what_is_left_out_is_no_rule(self, organization: Organization) -> None:
        await set_policy(organization, **WHOLE)
        changed = await set_policy(organization, longestMaxAgeSeconds=600)
        assert changed == NONE | {"longestMaxAgeSeconds": 600}
        assert await set_policy(organization) == NONE

    async def test_another_organization_keeps_its_own(
        self, new_organization: Callable[[], Awaitable[Organization]]
    ) -> None:
        ours, theirs = await new_organization(), await new_organization()
        await set_policy(ours, **WHOLE)
        found = await theirs.admin.query(POLICY, o=theirs.id)
        assert found["organizationPolicy"] == NONE

    async def test_readable_for_whoever_administers_something(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user("manager")
        await owner.grant(user_id, "organization:app_users:write")
        _, full = await organization.token(user_id)
        manager = organization.admin.with_token(full)
        found = await manager.query(
            """query($o: ID!) { organizationPolicy(organizationId: $o) {
                expiryRequired viewerCanSet } }""",
            o=organization.id,
        )
        assert found["organizationPolicy"] == {"expiryRequired": False, "viewerCanSet": False}

    async def test_two_at_once_leave_one_of_them_whole(self, organization: Organization) -> None:
        other = {"longestMaxAgeSeconds": 700}
        await asyncio.gather(
            *(set_policy(organization, **(WHOLE, other)[number % 2]) for number in range(10))
        )
        found = await organization.admin.query(POLICY, o=organization.id)
        assert found["organizationPolicy"] in (WHOLE, NONE | other)


class TestAudit:
    async def test_before_and_after(self, organization: Organization, owner: Owner) -> None:
        await set_policy(organization, **WHOLE)
        await set_policy(organization, **WHOLE | {"expiryRequired": False, "allowedNetworks": None})
        first, second = await events(owner, organization.id, "organization:policy:set")
        assert first["changes"] == {
            name: {"before": NONE[name], "after": value} for name, value in WHOLE.items()
        }
        assert second["changes"] == {
            "allowedNetworks": {"before": WHOLE["allowedNetworks"], "after": None},
            "expiryRequired": {"before": True, "after": False},
        }
        assert second["actor_kind"] == "USER"
        assert second["actor_user_id"] == user_key(organization.admin_id)[1]
        assert second["target_id"] == organization_key(organization.id)

    async def test_the_same_again_is_no_change(
        self, organization: Organization, owner: Owner
    ) -> None:
        await set_policy(organization, **WHOLE)
        before = await owner.snapshot(organization.id)
        assert await set_policy(organization, **WHOLE) == WHOLE
        assert await owner.snapshot(organization.id) == before
        assert len(await events(owner, organization.id, "organization:policy:set")) == 1

    async def test_what_is_refused_leaves_no_line(
        self, organization: Organization, owner: Owner
    ) -> None:
        _, robot = await admin_robot(organization, owner)
        await locked_out(robot, organization, expiryRequired=True)
        assert await events(owner, organization.id, "organization:policy:set") == []


# Everything that is wrong at once, by the paths that the error names.
BAD: list[tuple[dict[str, Any], list[str]]] = [
    ({"allowedNetworks": []}, ["allowedNetworks TOO_SHORT"]),
    ({"allowedNetworks": ["10.0.0.1/8"]}, ["allowedNetworks[0] INVALID_NETWORK"]),
    ({"longestMaxAgeSeconds": 599}, ["longestMaxAgeSeconds OUT_OF_RANGE"]),
    ({"longestMaxAgeSeconds": 315_360_001}, ["longestMaxAgeSeconds OUT_OF_RANGE"]),
    ({"deactivateUnusedAfterDays": 0}, ["deactivateUnusedAfterDays OUT_OF_RANGE"]),
    ({"deactivateUnusedAfterDays": 3651}, ["deactivateUnusedAfterDays OUT_OF_RANGE"]),
    ({"revokeUnusedAfterDays": 0}, ["revokeUnusedAfterDays OUT_OF_RANGE"]),
    ({"revokeUnusedAfterDays": 3651}, ["revokeUnusedAfterDays OUT_OF_RANGE"]),
    (
        {"deactivateUnusedAfterDays": 30, "revokeUnusedAfterDays": 30},
        ["revokeUnusedAfterDays OUT_OF_RANGE"],
    ),
    (
        {"deactivateUnusedAfterDays": 30, "revokeUnusedAfterDays": 29},
        ["revokeUnusedAfterDays OUT_OF_RANGE"],
    ),
    (
        {
            "allowedNetworks": ["nowhere", "10.0.0.0/8", "10.0.0.0/8"],
            "longestMaxAgeSeconds": 1,
            "deactivateUnusedAfterDays": -1,
            "revokeUnusedAfterDays": 4000,
        },
        [
            "allowedNetworks[0] INVALID_NETWORK",
            "allowedNetworks[2] DUPLICATE_VALUE",
            "longestMaxAgeSeconds OUT_OF_RANGE",
            "deactivateUnusedAfterDays OUT_OF_RANGE",
            "revokeUnusedAfterDays OUT_OF_RANGE",
        ],
    ),
]


class TestBadInput:
    @pytest.mark.parametrize(("rules", "wrong"), BAD)
    async def test_everything_is_named_and_nothing_changes(
        self, organization: Organization, owner: Owner, rules: dict[str, Any], wrong: list[str]
    ) -> None:
        await set_policy(organization, **WHOLE)
        before = await owner.snapshot(organization.id)
        refused = await organization.admin.mutate(
            "setOrganizationPolicy", "__typename", organizationId=organization.id, policy=rules
        )
        assert [f"{field['path']} {field['code']}" for field in refused["fields"]] == [
            f"policy.{each}" for each in wrong
        ]
        assert await owner.snapshot(organization.id) == before

    @pytest.mark.parametrize(
        "rules",
        [
            {"longestMaxAgeSeconds": 600},
            {"longestMaxAgeSeconds": 315_360_000},
            {"deactivateUnusedAfterDays": 1, "revokeUnusedAfterDays": 2},
            {"deactivateUnusedAfterDays": 3649, "revokeUnusedAfterDays": 3650},
            {"revokeUnusedAfterDays": 1},
            {"allowedNetworks": [f"10.{n}.0.0/16" for n in range(100)]},
        ],
    )
    async def test_the_ends_of_the_ranges(
        self, organization: Organization, rules: dict[str, Any]
    ) -> None:
        assert await set_policy(organization, **rules) == NONE | rules


class TestNotFoundAndForbidden:
    async def test_another_organization_is_a_missing_one(
        self, new_organization: Callable[[], Awaitable[Organization]]
    ) -> None:
        ours, theirs = await new_organization(), await new_organization()
        answers = [
            await ours.admin.mutate(
                "setOrganizationPolicy", "__typename", organizationId=target, policy={}
            )
            for target in (theirs.id, "org_" + "0" * 22)
        ]
        assert answers[0] == answers[1]
        assert answers[0]["__typename"] == "NotFoundError"

    async def test_administrators_alone(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user("manager")
        for permission in ("organization:app_users:write", "organization:event_logs:read"):
            await owner.grant(user_id, permission)
        _, full = await organization.token(user_id)
        answer = await organization.admin.with_token(full).run(
            LOCKED_OUT, {"i": {"organizationId": organization.id, "policy": {}}}
        )
        assert answer.codes == ["FORBIDDEN"]

    async def test_a_scope_to_write_is_needed(
        self, organization: Organization, owner: Owner
    ) -> None:
        _, robot = await admin_robot(organization, owner, scopes=["user:read"])
        wanted = {"organizationId": organization.id, "policy": {}}
        answer = await robot.run(LOCKED_OUT, {"i": wanted})
        assert answer.codes == ["FORBIDDEN"]
        assert (await robot.query(POLICY, o=organization.id))["organizationPolicy"] == NONE
