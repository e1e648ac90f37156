"""The audit trail as tests read it."""

from typing import Any

from tests.api_client import Api
from tests.owner import Owner, organization_key

FIELDS = """id sequence eventTime action actionName outcome actorKind actorId actorTokenId ip
    userAgent requestId targetKind targetId principalId reason previousHash hash
    changes { field before after } actor { id } actorToken { id } targetUser { id name }"""
EVENTS = f"""query(
    $o: ID!, $n: Int, $c: String, $f: AuditEventFilter, $d: OrderDirection! = DESC
) {{
    auditEvents(organizationId: $o, first: $n, after: $c, filter: $f, direction: $d) {{
        nodes {{ {FIELDS} }} edges {{ cursor node {{ sequence }} }}
        pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"""


async def page(api: Api, organization_id: str, **variables: Any) -> dict[str, Any]:
    """Return a page of the trail."""
    return (await api.query(EVENTS, o=organization_id, **variables))["auditEvents"]


async def events(api: Api, organization_id: str, **keep: Any) -> list[dict[str, Any]]:
    """Return the events that a filter keeps, the newest first."""
    return (await page(api, organization_id, n=100, f=keep))["nodes"]


def changes(event: dict[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    """Return the fields that an event changed, with both values."""
    return {each["field"]: (each["before"], each["after"]) for each in event["changes"]}


async def rows(owner: Owner, organization_id: str) -> list[dict[str, Any]]:
    """Return the rows of a trail as they are stored."""
    found = await owner.connection.fetch(
        "SELECT * FROM audit_event WHERE organization_id = $1 ORDER BY sequence",
        organization_key(organization_id),
    )
    return [dict(row) for row in found]
