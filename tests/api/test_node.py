"""node."""

from tests.api_client import Organization

DOCUMENT = """query($id: ID!) { node(id: $id) { __typename id
    ... on Organization { name }
    ... on User { name email }
    ... on Token { description } } }"""

OWNER = """query($id: ID!) { node(id: $id) { __typename
    ... on User { organizationId }
    ... on Token { organizationId }
    ... on Group { organizationId }
    ... on WebhookEndpoint { organizationId }
    ... on AuditEvent { organizationId } } }"""
LATEST = "query($o: ID!) { auditEvents(organizationId: $o, first: 1) { nodes { id } } }"


class TestFound:
    async def test_each_kind(self, organization: Organization) -> None:
        user_id = await organization.user("ci")
        token_id, _ = await organization.token(user_id, description="deploys")
        for public_id, kind in (
            (organization.id, "Organization"),
            (organization.admin_id, "OrganizationUser"),
            (user_id, "ApplicationUser"),
            (token_id, "Token"),
        ):
            found = await organization.admin.query(DOCUMENT, id=public_id)
            assert found["node"]["__typename"] == kind
            assert found["node"]["id"] == public_id

    async def test_what_an_organization_owns_names_it(self, organization: Organization) -> None:
        admin = organization.admin
        user_id = await organization.user("ci")
        token_id, _ = await organization.token(user_id)
        group = await admin.mutate(
            "createGroup", "group { id }", organizationId=organization.id, name="Deployers"
        )
        webhook = await admin.mutate(
            "createWebhookEndpoint",
            "webhookEndpoint { id }",
            organizationId=organization.id,
            url="https://hooks.example/",
        )
        (event,) = (await admin.query(LATEST, o=organization.id))["auditEvents"]["nodes"]
        for public_id, kind in (
            (organization.admin_id, "OrganizationUser"),
            (user_id, "ApplicationUser"),
            (token_id, "Token"),
            (group["group"]["id"], "Group"),
            (webhook["webhookEndpoint"]["id"], "WebhookEndpoint"),
            (event["id"], "AuditEvent"),
        ):
            found = await admin.query(OWNER, id=public_id)
            assert found["node"] == {"__typename": kind, "organizationId": organization.id}

    async def test_a_revoked_token(self, organization: Organization) -> None:
        token_id, _ = await organization.token(await organization.user())
        await organization.admin.mutate("revokeToken", "token { id }", tokenId=token_id)
        found = await organization.admin.query(DOCUMENT, id=token_id)
        assert found["node"]["id"] == token_id


class TestNull:
    async def test_a_deleted_user(self, organization: Organization) -> None:
        user_id = await organization.user()
        await organization.admin.mutate(
            "deleteApplicationUser", "applicationUserId", applicationUserId=user_id
        )
        assert await organization.admin.query(DOCUMENT, id=user_id) == {"node": None}
