"""A request whose token ends while its mutations run."""

from typing import Any

import pytest

from app import application_users
from db import actors
from tests.api.policies import set_policy
from tests.api_client import Answer, Api, Organization
from tests.owner import Owner, organization_key

SELECT = "__typename ... on Error { message }"
TWO = f"""mutation($id: ID!, $org: ID!) {{
    updateApplicationUser(input: {{applicationUserId: $id, name: "r"}}) {{ {SELECT} }}
    createApplicationUser(input: {{organizationId: $org, name: "two"}}) {{ {SELECT} }}
}}"""


async def _administrator(organization: Organization, owner: Owner) -> tuple[Api, str, str]:
    """Return an application user that is administrator, its id and its token's."""
    user_id = await organization.user("robot")
    await owner.grant(user_id)
    token_id, full = await organization.token(user_id)
    return organization.admin.with_token(full), user_id, token_id


async def _names(organization: Organization) -> list[str]:
    """Return the names of all application users."""
    listed = await organization.admin.query(
        "query($id: ID!) { applicationUsers(organizationId: $id) { nodes { name } } }",
        id=organization.id,
    )
    return [node["name"] for node in listed["applicationUsers"]["nodes"]]


class TestEndedByTheMutationBefore:
    async def test_a_revoked_token_mints_no_successor(
        self, organization: Organization, owner: Owner
    ) -> None:
        robot, _, token_id = await _administrator(organization, owner)
        other = await organization.user("other")
        answer = await robot.run(
            f"""mutation($own: ID!, $other: ID!) {{
                revokeToken(input: {{tokenId: $own}}) {{ {SELECT} }}
                mint: generateToken(input: {{applicationUserId: $other}}) {{ {SELECT} }}
            }}""",
            {"own": token_id, "other": other},
        )
        assert answer.codes == ["UNAUTHENTICATED"]
        assert answer.body.get("data") is None
        listed = await organization.admin.query(
            "query($id: ID!) { applicationUser(id: $id) { tokens { nodes { id } } } }", id=other
        )
        assert listed["applicationUser"]["tokens"]["nodes"] == []

    async def test_a_deleted_user_changes_nothing_more(
        self, organization: Organization, owner: Owner
    ) -> None:
        robot, user_id, _ = await _administrator(organization, owner)
        answer = await robot.run(
            f"""mutation($id: ID!, $org: ID!) {{
                deleteApplicationUser(input: {{applicationUserId: $id}}) {{ {SELECT} }}
                createApplicationUser(input: {{organizationId: $org, name: "heir"}}) {{ {SELECT} }}
            }}""",
            {"id": user_id, "org": organization.id},
        )
        assert answer.codes == ["UNAUTHENTICATED"]
        assert await _names(organization) == []

    @pytest.mark.parametrize(
        "rules",
        [
            "expiry_required = true",
            "longest_max_age_seconds = 3600",
            "deactivate_unused_days = 1",
        ],
    )
    async def test_a_policy_that_came_into_force_meanwhile(
        self,
        organization: Organization,
        owner: Owner,
        monkeypatch: pytest.MonkeyPatch,
        rules: str,
    ) -> None:
        answer = await self._policy_in_between(organization, owner, monkeypatch, rules)
        assert answer.codes == ["UNAUTHENTICATED"]
        assert await _names(organization) == ["r"]

    async def test_without_the_look_at_the_policy_it_goes_on(
        self, organization: Organization, owner: Owner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control of the test above."""
        careless = actors.FIND_STANDING_SQL.replace("u.is_application_user", "false")
        assert careless != actors.FIND_STANDING_SQL
        monkeypatch.setattr(actors, "FIND_STANDING_SQL", careless)
        answer = await self._policy_in_between(
            organization, owner, monkeypatch, "expiry_required = true"
        )
        assert answer.codes == []
        assert sorted(await _names(organization)) == ["r", "two"]

    async def _policy_in_between(
        self,
        organization: Organization,
        owner: Owner,
        monkeypatch: pytest.MonkeyPatch,
        rules: str,
    ) -> Answer:
        """Have another administrator set the policy between two mutations of a robot."""
        robot, user_id, token_id = await _administrator(organization, owner)
        await set_policy(organization)
        rename = application_users.update

        async def and_then_the_policy(*arguments: Any, **fields: Any) -> Any:
            made = await rename(*arguments, **fields)
            await owner.connection.execute(
                f"UPDATE organization_policy SET {rules} WHERE organization_id = $1",
                organization_key(organization.id),
            )
            if "unused" in rules:
                await owner.deactivate(token_id)
            return made

        monkeypatch.setattr(application_users, "update", and_then_the_policy)
        return await robot.run(TWO, {"id": user_id, "org": organization.id})

    async def test_of_a_person_no_policy_asks_anything(
        self, organization: Organization, owner: Owner
    ) -> None:
        await set_policy(organization, expiryRequired=True, longestMaxAgeSeconds=600)
        user_id = await organization.user("robot")
        answer = await organization.admin.run(TWO, {"id": user_id, "org": organization.id})
        assert answer.codes == []
        assert sorted(await _names(organization)) == ["r", "two"]

    async def test_others_go_on(self, organization: Organization, owner: Owner) -> None:
        robot, user_id, _ = await _administrator(organization, owner)
        answer = await robot.run(TWO, {"id": user_id, "org": organization.id})
        assert answer.data["createApplicationUser"] == {
            "__typename": "CreateApplicationUserSuccess"
        }
