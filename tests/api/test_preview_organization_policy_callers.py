"""previewOrganizationPolicy: who may ask, what it says of the asker, and what it refuses."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.api.policies import admin_robot
from tests.api.policy_previews import PREVIEW, blocked, preview, preview_as
from tests.api_client import Organization
from tests.owner import Owner


class TestViewer:
    async def test_a_robot_that_would_be_blocked(
        self, organization: Organization, owner: Owner
    ) -> None:
        token_id, robot = await admin_robot(organization, owner)
        found = await preview_as(robot, organization, allowedNetworks=["::1"], expiryRequired=True)
        assert found["blocksViewer"] is True
        assert found["viewerReasons"] == ["EXPIRY_REQUIRED", "NETWORK"]
        assert blocked(await preview_as(robot, organization, expiryRequired=True)) == {
            token_id: ["EXPIRY_REQUIRED"]
        }

    async def test_a_robot_that_would_not(self, organization: Organization, owner: Owner) -> None:
        _, robot = await admin_robot(organization, owner, maxAgeSeconds=600)
        found = await preview_as(
            robot, organization, allowedNetworks=["127.0.0.1"], expiryRequired=True
        )
        assert (found["blocksViewer"], found["viewerReasons"]) == (False, [])

    async def test_a_person_never_is(self, organization: Organization) -> None:
        found = await preview(organization, allowedNetworks=["::1"], expiryRequired=True)
        assert (found["blocksViewer"], found["viewerReasons"]) == (False, [])


class TestBadInput:
    async def test_paths_are_below_policy(self, organization: Organization) -> None:
        answer = await organization.admin.run(
            PREVIEW,
            {
                "o": organization.id,
                "p": {
                    "allowedNetworks": ["10.0.0.1/8"],
                    "deactivateUnusedAfterDays": 9,
                    "revokeUnusedAfterDays": 9,
                },
            },
        )
        assert answer.codes == ["BAD_REQUEST"]
        assert [field["path"] for field in answer.body["errors"][0]["extensions"]["fields"]] == [
            "policy.allowedNetworks[0]",
            "policy.revokeUnusedAfterDays",
        ]

    @pytest.mark.parametrize(
        ("arguments", "path"),
        [({"first": 0}, "first"), ({"first": 101}, "first"), ({"after": "nonsense"}, "after")],
    )
    async def test_bad_pages(
        self, organization: Organization, arguments: dict[str, Any], path: str
    ) -> None:
        answer = await organization.admin.run(PREVIEW, {"o": organization.id, "p": {}} | arguments)
        assert answer.codes == ["BAD_REQUEST"]
        assert answer.body["errors"][0]["extensions"]["fields"][0]["path"] == path


class TestForbidden:
    async def test_another_organization_is_a_missing_one(
        self, new_organization: Callable[[], Awaitable[Organization]]
    ) -> None:
        ours, theirs = await new_organization(), await new_organization()
        answers = [
            await ours.admin.run(PREVIEW, {"o": target, "p": {}})
            for target in (theirs.id, "org_" + "0" * 22)
        ]
        assert answers[0].codes == ["FORBIDDEN"]
        assert answers[0].response.content == answers[1].response.content

    async def test_administrators_alone(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user("manager")
        await owner.grant(user_id, "organization:app_users:write")
        _, full = await organization.token(user_id)
        manager = organization.admin.with_token(full)
        answer = await manager.run(PREVIEW, {"o": organization.id, "p": {}})
        assert answer.codes == ["FORBIDDEN"]

    async def test_reading_is_enough(self, organization: Organization, owner: Owner) -> None:
        scopes = ["user:read", "authentication:read"]
        _, robot = await admin_robot(organization, owner, scopes=scopes)
        assert (await preview_as(robot, organization))["liveTokenCount"] == 1

    async def test_a_scope_for_tokens_is_needed_to_see_which(
        self, organization: Organization, owner: Owner
    ) -> None:
        _, robot = await admin_robot(organization, owner, scopes=["user:read"])
        answer = await robot.run(PREVIEW, {"o": organization.id, "p": {}})
        assert answer.codes == ["FORBIDDEN"]
        counted = await robot.query(
            """query($o: ID!) { previewOrganizationPolicy(organizationId: $o, policy: {}) {
                liveTokenCount } }""",
            o=organization.id,
        )
        assert counted["previewOrganizationPolicy"] == {"liveTokenCount": 1}
