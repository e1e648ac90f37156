"""Asking which tokens a policy would block."""

from typing import Any

from tests.api_client import Api, Organization

PREVIEW = """query($o: ID!, $p: OrganizationPolicyInput!, $first: Int, $after: String) {
    previewOrganizationPolicy(organizationId: $o, policy: $p) {
        liveTokenCount blockedTokenCount blockCounts { reason tokenCount }
        deactivatedTokenCount revokedTokenCount blocksViewer viewerReasons
        blockedTokens(first: $first, after: $after) {
            nodes { token { id status user { id } } reasons }
            pageInfo { hasNextPage endCursor } } } }"""


async def preview(organization: Organization, **rules: Any) -> dict[str, Any]:
    """Preview a policy as the administrator who is a person."""
    return await preview_as(organization.admin, organization, **rules)


async def preview_as(caller: Api, organization: Organization, **rules: Any) -> dict[str, Any]:
    """Preview a policy that is in order."""
    found = await caller.query(PREVIEW, o=organization.id, p=rules)
    return found["previewOrganizationPolicy"]


def blocked(found: dict[str, Any]) -> dict[str, list[str]]:
    """Return why each token is blocked; the counts have to say the same."""
    nodes = found["blockedTokens"]["nodes"]
    assert found["blockedTokenCount"] == len(nodes)
    reasons = {node["token"]["id"]: node["reasons"] for node in nodes}
    assert found["blockCounts"] == [
        {"reason": name, "tokenCount": sum(name in why for why in reasons.values())}
        for name in ("EXPIRY_REQUIRED", "LIFETIME", "NETWORK")
    ]
    return reasons
