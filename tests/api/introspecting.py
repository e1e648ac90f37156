"""Asking about tokens as a gateway does."""

from typing import Any

from tests.api_client import Answer, Api, Organization
from tests.owner import Owner
from tests.service import Service

DOCUMENT = """query(
    $o: ID!, $t: String!, $ip: String, $agent: String, $permission: String, $resource: ID
) {
    introspectToken(organizationId: $o, token: $t, clientIp: $ip, userAgent: $agent,
                    permission: $permission, resourceId: $resource) {
        active userId username isApplicationUser tokenId scopes permissions resourceId allowed
        createTime expiryTime } }"""
VERIFY = "organization:tokens:verify"
INACTIVE = {
    "active": False,
    "userId": None,
    "username": None,
    "isApplicationUser": None,
    "tokenId": None,
    "scopes": None,
    "permissions": None,
    "resourceId": None,
    "allowed": None,
    "createTime": None,
    "expiryTime": None,
}


async def ask(api: Api, organization: Organization, token: str, **more: str) -> Answer:
    """Ask about a token, and return the answer whatever it is."""
    return await api.run(DOCUMENT, {"o": organization.id, "t": token} | more)


async def tell(api: Api, organization: Organization, token: str, **more: str) -> dict[str, Any]:
    """Return what is told of a token."""
    return (await ask(api, organization, token, **more)).data["introspectToken"]


async def gateway_of(organization: Organization, owner: Owner, service: Service) -> Api:
    """An application user that may verify tokens and nothing else."""
    user_id = await organization.user("gateway")
    _, full = await organization.token(user_id)
    await owner.grant(user_id, VERIFY)
    return await service.caller("198.51.100.1", full)
