"""A request whose token ends while its mutations run."""

from tests.api_client import Api, Organization
from tests.owner import Owner

SELECT = "__typename ... on Error { message }"


async def _administrator(organization: Organization, owner: Owner) -> tuple[Api, str, str]:
    """Return an application user that is administrator, its id and its token's."""
    user_id = await organization.user("robot")
    await owner.grant(user_id)
    token_id, full = await organization.token(user_id)
    return organization.admin.with_token(full), user_id, token_id


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
        listed = await organization.admin.query(
            "query($id: ID!) { applicationUsers(organizationId: $id) { nodes { name } } }",
            id=organization.id,
        )
        assert listed["applicationUsers"]["nodes"] == []

    async def test_others_go_on(self, organization: Organization, owner: Owner) -> None:
        robot, user_id, _ = await _administrator(organization, owner)
        answer = await robot.run(
            f"""mutation($id: ID!, $org: ID!) {{
                updateApplicationUser(input: {{applicationUserId: $id, name: "r"}}) {{ {SELECT} }}
                createApplicationUser(input: {{organizationId: $org, name: "two"}}) {{ {SELECT} }}
            }}""",
            {"id": user_id, "org": organization.id},
        )
        assert answer.data["createApplicationUser"] == {
            "__typename": "CreateApplicationUserSuccess"
        }
