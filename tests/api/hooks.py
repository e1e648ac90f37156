"""What tests of webhooks do over the API."""

from typing import Any

from tests.api_client import Organization

URL = "https://hooks.example/services/T000/B000/secret-of-the-receiver"
ENDPOINT = "id url description actions isActive createTime previousKeyEndTime viewerCanUpdate"
EVERYTHING = f"{ENDPOINT} createdBy {{ id }} deliveries {{ nodes {{ eventId }} }}"


async def create(organization: Organization, **fields: object) -> dict[str, Any]:
    """Return the endpoint and its key, or the error."""
    return await organization.admin.mutate(
        "createWebhookEndpoint",
        f"signingKey webhookEndpoint {{ {ENDPOINT} }}",
        **{"organizationId": organization.id, "url": URL} | fields,
    )


async def made(organization: Organization, **fields: object) -> str:
    """Return the id of a new endpoint."""
    found = await create(organization, **fields)
    assert found["__typename"] == "CreateWebhookEndpointSuccess", found
    return found["webhookEndpoint"]["id"]


async def update(organization: Organization, endpoint_id: str, **fields: object) -> dict[str, Any]:
    return await organization.admin.mutate(
        "updateWebhookEndpoint",
        f"webhookEndpoint {{ {ENDPOINT} }}",
        webhookEndpointId=endpoint_id,
        **fields,
    )


async def find(organization: Organization, endpoint_id: str) -> dict[str, Any] | None:
    document = (
        f"query($id: ID!) {{ node(id: $id) {{ ... on WebhookEndpoint {{ {EVERYTHING} }} }} }}"
    )
    return (await organization.admin.query(document, id=endpoint_id))["node"]


async def delete(organization: Organization, endpoint_id: str) -> dict[str, Any]:
    return await organization.admin.mutate(
        "deleteWebhookEndpoint", "webhookEndpointId", webhookEndpointId=endpoint_id
    )


async def listed(
    organization: Organization, first: int = 50, after: str | None = None
) -> list[str]:
    found = await organization.admin.query(
        """query($o: ID!, $f: Int, $a: String) {
            webhookEndpoints(organizationId: $o, first: $f, after: $a) {
                nodes { id } pageInfo { endCursor hasNextPage } } }""",
        o=organization.id,
        f=first,
        a=after,
    )
    page = found["webhookEndpoints"]
    rest = (
        await listed(organization, first, page["pageInfo"]["endCursor"])
        if page["pageInfo"]["hasNextPage"]
        else []
    )
    return [node["id"] for node in page["nodes"]] + rest
