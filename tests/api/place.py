"""An organization with one of every kind of thing, and input for every operation on it."""

from dataclasses import dataclass
from typing import Any

from app import ids, organizations
from app.database import Database
from tests.api_client import Api, Organization
from tests.conftest import PEPPERS
from tests.credentials import WHO
from tests.postgres import Urls
from tests.waiting import until


@dataclass(frozen=True)
class Place:
    """An organization, and something of each kind in it, by the prefix of its id."""

    organization: Organization
    user_id: str
    """An application user in the group."""
    person_id: str
    """A person without permissions."""
    token_id: str
    """A token of the application user, which was used."""
    full: str
    group_id: str
    """A group that holds no permission."""
    holder_id: str
    """A group that holds one, on the project."""
    unit_id: str
    project_id: str
    webhook_id: str
    request_id: str
    admin_token_id: str

    def of_kind(self, kind: str) -> str:
        """Return an id with this prefix."""
        return {
            "org": self.organization.id,
            "user": self.user_id,
            "token": self.token_id,
            "group": self.group_id,
            "resource": self.project_id,
            "webhook": self.webhook_id,
            "event": self.event_id,
            "request": self.request_id,
        }[kind]

    @property
    def event_id(self) -> str:
        """The first event of the trail."""
        return "event_" + "1".rjust(22, "0") + self.organization.id.removeprefix("org_")

    def variables(self, name: str) -> dict[str, Any]:
        """Return variables that an operation takes from an administrator, with every id in them."""
        known = self._queries() | {
            mutation: {"input": given} for mutation, given in self._mutations().items()
        }
        return known[name]

    def _queries(self) -> dict[str, dict[str, Any]]:
        org = {"organizationId": self.organization.id}
        permission = "organization:app_users:write"
        return {
            "viewer": {},
            "permissionCatalogue": {},
            "availableScopes": {},
            "organization": {"id": self.organization.id},
            "node": {"id": self.token_id},
            "applicationUser": {"id": self.user_id},
            "organizationUser": {"id": self.person_id},
            "group": {"id": self.group_id},
            "resource": {"id": self.unit_id},
            "token": {"id": self.token_id},
            "webhookEndpoint": {"id": self.webhook_id},
            "applicationUsers": org,
            "organizationUsers": org,
            "tokens": org | {"applicationUserId": self.user_id},
            "groups": org | {"filter": {"memberId": self.user_id}},
            "resources": org | {"filter": {"parentId": self.unit_id}},
            "permissionGrants": org
            | {"filter": {"principalId": self.holder_id, "resourceId": self.project_id}},
            "effectivePermissions": {"principalId": self.user_id, "resourceId": self.project_id},
            "explainPermission": {
                "principalId": self.user_id,
                "resourceId": self.organization.id,
                "permission": permission,
            },
            "auditEvents": org
            | {
                "filter": {
                    "actorId": self.organization.admin_id,
                    "targetId": self.user_id,
                    "actorTokenId": self.admin_token_id,
                },
                "direction": "DESC",
            },
            "organizationPolicy": org,
            "previewOrganizationPolicy": org | {"policy": {"expiryRequired": False}},
            "deletionPreview": {"applicationUserId": self.user_id},
            "revocationPreview": {"tokenIds": [self.token_id]},
            "allowlistPreview": {"tokenId": self.token_id, "ipAllowlist": ["192.0.2.0/24"]},
            "tokenActivity": org | {"applicationUserId": self.user_id, "tokenId": self.token_id},
            "tokenActivitySummary": org
            | {"applicationUserId": self.user_id, "tokenId": self.token_id},
            "identifyToken": org | {"token": self.full},
            "introspectToken": org
            | {
                "token": self.organization.admin.token,
                "permission": permission,
                "resourceId": self.project_id,
            },
            "webhookEndpoints": org,
        }

    def _mutations(self) -> dict[str, dict[str, Any]]:
        org = {"organizationId": self.organization.id}
        user = {"applicationUserId": self.user_id}
        grant = {
            "principalId": self.user_id,
            "resourceId": self.unit_id,
            "permissions": ["project:services:read"],
        }
        return {
            "createApplicationUser": org | {"name": "other"},
            "updateApplicationUser": user | {"name": "other"},
            "deleteApplicationUser": user,
            "generateToken": user,
            "updateToken": {"tokenId": self.token_id, "description": "other"},
            "rotateToken": {"tokenId": self.token_id, "overlapSeconds": 60},
            "activateToken": {"tokenId": self.token_id},
            "revokeToken": {"tokenId": self.token_id},
            "revokeTokens": {"tokenIds": [self.token_id]},
            "revokeAllTokens": user,
            "addOrganizationUser": org
            | {
                "name": "Joan",
                "email": "joan@acme.example",
                "issuer": "https://issuer.example",
                "subject": "joan",
            },
            "updateOrganizationUser": {"organizationUserId": self.person_id, "name": "Other"},
            "removeOrganizationUser": {"organizationUserId": self.person_id},
            "requestLimitIncrease": org | {"applicationUserLimit": 1000, "reason": "growth"},
            "createResource": org | {"kind": "PROJECT", "name": "other", "parentId": self.unit_id},
            "updateResource": {"resourceId": self.project_id, "parentId": self.unit_id},
            "deleteResource": {"resourceId": self.project_id},
            "createGroup": org | {"name": "other"},
            "updateGroup": {"groupId": self.group_id, "name": "other"},
            "deleteGroup": {"groupId": self.group_id},
            "addGroupMembers": {"groupId": self.group_id, "userIds": [self.person_id]},
            "removeGroupMembers": {"groupId": self.group_id, "userIds": [self.user_id]},
            "grantPermissions": grant,
            "revokePermissions": grant
            | {"principalId": self.holder_id, "resourceId": self.project_id},
            "setPermissions": grant,
            "setOrganizationPolicy": org
            | {"policy": {"expiryRequired": False, "deactivateUnusedAfterDays": 90}},
            "createWebhookEndpoint": org | {"url": "https://hooks.example/other"},
            "updateWebhookEndpoint": {
                "webhookEndpointId": self.webhook_id,
                "description": "other",
            },
            "rotateWebhookSigningKey": {"webhookEndpointId": self.webhook_id},
            "deleteWebhookEndpoint": {"webhookEndpointId": self.webhook_id},
        }


async def make_place(organization: Organization) -> Place:
    """Fill a fresh organization."""
    admin, org = organization.admin, {"organizationId": organization.id}
    user_id = await organization.user("ci")
    token_id, full = await organization.token(user_id)
    await admin.with_token(full).query(WHO)

    async def made(mutation: str, selection: str, /, **fields: Any) -> dict[str, Any]:
        found = await admin.mutate(mutation, selection, **fields)
        assert found["__typename"].endswith("Success"), found
        return found

    person = await made(
        "addOrganizationUser",
        "organizationUser { id }",
        **org,
        name="Jane",
        email="jane@acme.example",
        issuer="https://issuer.example",
        subject=organization.id,
    )
    group = await made("createGroup", "group { id }", **org, name="tools")
    group_id = group["group"]["id"]
    await made("addGroupMembers", "__typename", groupId=group_id, userIds=[user_id])
    holder = await made("createGroup", "group { id }", **org, name="services")
    holder_id = holder["group"]["id"]
    unit = await made(
        "createResource", "resource { id }", **org, kind="ORGANIZATIONAL_UNIT", name="unit"
    )
    unit_id = unit["resource"]["id"]
    await made(
        "createResource", "__typename", **org, kind="PROJECT", name="inner", parentId=unit_id
    )
    project = await made("createResource", "resource { id }", **org, kind="PROJECT", name="project")
    project_id = project["resource"]["id"]
    await made(
        "grantPermissions",
        "__typename",
        principalId=holder_id,
        resourceId=project_id,
        permissions=["project:services:read"],
    )
    webhook = await made(
        "createWebhookEndpoint",
        "webhookEndpoint { id }",
        **org,
        url="https://hooks.example/a",
        actions=["GROUP_DELETE"],
    )
    request = await made(
        "requestLimitIncrease", "limitIncreaseRequest { id }", **org, applicationUserLimit=100
    )

    async def is_use_recorded() -> bool:
        found = await admin.query(
            'query($t: ID!) { allowlistPreview(tokenId: $t, ipAllowlist: ["::/0"]) { useCount } }',
            t=token_id,
        )
        return found["allowlistPreview"]["useCount"] > 0

    await until(is_use_recorded)
    return Place(
        organization,
        user_id,
        person["organizationUser"]["id"],
        token_id,
        full,
        group_id,
        holder_id,
        unit["resource"]["id"],
        project_id,
        webhook["webhookEndpoint"]["id"],
        request["limitIncreaseRequest"]["id"],
        (await admin.query("{ viewer { token { id } } }"))["viewer"]["token"]["id"],
    )


async def place_in(api: Api, urls: Urls, name: str) -> Place:
    """Make an organization with one of everything."""
    database = await Database.open(urls.serving, size=1)
    try:
        made = await organizations.bootstrap(
            database, PEPPERS, name=name, admin_email="admin@example.com"
        )
    finally:
        await database.close()
    return await make_place(
        Organization(
            ids.organization_id(made.organization_id),
            ids.member_id("user", made.organization_id, made.user_id),
            api.with_token(made.full_token),
        )
    )
