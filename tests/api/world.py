"""An organization with one of everything, to point at."""

from dataclasses import dataclass
from typing import Any

from tests.api_client import Organization

PERSON = {
    "name": "Ada",
    "email": "ada@acme.example",
    "issuer": "https://issuer.example",
    "subject": "ada",
}


@dataclass(frozen=True)
class World:
    """An organization, an application user in it, a token of that, a person without grant, a
    project."""

    organization: Organization
    user_id: str
    token_id: str
    full: str
    person_id: str
    resource_id: str
    """A project directly below the organization."""
    group_id: str
    """A group that holds nothing, with the person in it."""
    webhook_id: str
    """A webhook endpoint, told of nothing that tests do."""

    def target(self, kind: str) -> str:
        """Return the public id of its thing of a kind."""
        return {
            "org": self.organization.id,
            "user": self.user_id,
            "token": self.token_id,
            "person": self.person_id,
            "group": self.group_id,
            "resource": self.resource_id,
        }[kind]

    def good(self, mutation: str) -> dict[str, Any]:
        """Return input that the mutation takes."""
        return {
            "createApplicationUser": {"organizationId": self.organization.id, "name": "other"},
            "updateApplicationUser": {"applicationUserId": self.user_id, "name": "other"},
            "deleteApplicationUser": {"applicationUserId": self.user_id},
            "generateToken": {"applicationUserId": self.user_id},
            "updateToken": {"tokenId": self.token_id, "description": "other"},
            "revokeToken": {"tokenId": self.token_id},
            "rotateToken": {"tokenId": self.token_id},
            "activateToken": {"tokenId": self.token_id},
            "revokeTokens": {"tokenIds": [self.token_id]},
            "revokeAllTokens": {"applicationUserId": self.user_id},
            "setOrganizationPolicy": {
                "organizationId": self.organization.id,
                "policy": {"expiryRequired": True},
            },
            "createResource": {
                "organizationId": self.organization.id,
                "kind": "PROJECT",
                "name": "other",
            },
            "updateResource": {"resourceId": self.resource_id, "name": "other"},
            "deleteResource": {"resourceId": self.resource_id},
            "addOrganizationUser": PERSON | {"organizationId": self.organization.id},
            "updateOrganizationUser": {"organizationUserId": self.person_id, "name": "other"},
            "removeOrganizationUser": {"organizationUserId": self.person_id},
            "createGroup": {"organizationId": self.organization.id, "name": "other"},
            "updateGroup": {"groupId": self.group_id, "name": "other"},
            "deleteGroup": {"groupId": self.group_id},
            "addGroupMembers": {"groupId": self.group_id, "userIds": [self.user_id]},
            "removeGroupMembers": {"groupId": self.group_id, "userIds": [self.person_id]},
            "grantPermissions": self.grant("developer"),
            "revokePermissions": self.grant("read_only"),
            "setPermissions": self.grant("developer"),
            "createWebhookEndpoint": {
                "organizationId": self.organization.id,
                "url": "https://hooks.example/other",
            },
            "updateWebhookEndpoint": {
                "webhookEndpointId": self.webhook_id,
                "description": "other",
            },
            "rotateWebhookSigningKey": {"webhookEndpointId": self.webhook_id},
            "deleteWebhookEndpoint": {"webhookEndpointId": self.webhook_id},
            "requestLimitIncrease": {
                "organizationId": self.organization.id,
                "applicationUserLimit": 60,
            },
        }[mutation]

    def grant(self, permission: str) -> dict[str, Any]:
        """Return a grant to the administrator, who holds ``read_only`` on the project as well."""
        return {
            "principalId": self.organization.admin_id,
            "resourceId": self.resource_id,
            "permissions": [permission],
        }

    def fill(self, value: Any) -> Any:
        """Put a real id where a table has a stand-in for one."""
        if not isinstance(value, str) or not value.startswith("%"):
            return value
        name, _, change = value[1:].partition(":")
        real = {
            "org": self.organization.id,
            "user": self.user_id,
            "token": self.token_id,
            "full": self.full,
            "group": self.group_id,
            "resource": self.resource_id,
            "webhook": self.webhook_id,
        }[name]
        return {
            "": real,
            "less": real[:-1],
            "more": real + "0",
            "before": " " + real,
            "behind": real + "\n",
            "capital": real.capitalize(),
        }[change]


async def make_world(organization: Organization) -> World:
    """Fill a fresh organization."""
    user_id = await organization.user("ci")
    token_id, full = await organization.token(user_id)
    bob = PERSON | {"name": "Bob", "subject": "bob"}
    made = await organization.admin.mutate(
        "addOrganizationUser", "organizationUser { id }", organizationId=organization.id, **bob
    )
    person_id: str = made["organizationUser"]["id"]
    made = await organization.admin.mutate(
        "createResource",
        "resource { id }",
        organizationId=organization.id,
        kind="PROJECT",
        name="shop",
    )
    resource_id: str = made["resource"]["id"]
    group = await organization.admin.mutate(
        "createGroup", "group { id }", organizationId=organization.id, name="team"
    )
    group_id = group["group"]["id"]
    await organization.admin.mutate(
        "addGroupMembers", "addedCount", groupId=group_id, userIds=[person_id]
    )
    webhook = await organization.admin.mutate(
        "createWebhookEndpoint",
        "webhookEndpoint { id }",
        organizationId=organization.id,
        url="https://hooks.example/a",
        actions=["ORGANIZATION_CREATE"],
    )
    webhook_id: str = webhook["webhookEndpoint"]["id"]
    world = World(
        organization, user_id, token_id, full, person_id, resource_id, group_id, webhook_id
    )
    await organization.admin.mutate("grantPermissions", "__typename", **world.grant("read_only"))
    return world
