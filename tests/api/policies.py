"""Setting a policy, and tokens as old as a test wants them."""

import json
from typing import Any

from tests.api_client import Api, Organization
from tests.owner import Owner, organization_key, token_key

FIELDS = """allowedNetworks longestMaxAgeSeconds expiryRequired deactivateUnusedAfterDays
    revokeUnusedAfterDays"""
POLICY = f"query($o: ID!) {{ organizationPolicy(organizationId: $o) {{ {FIELDS} }} }}"
NONE: dict[str, Any] = {
    "allowedNetworks": None,
    "longestMaxAgeSeconds": None,
    "expiryRequired": False,
    "deactivateUnusedAfterDays": None,
    "revokeUnusedAfterDays": None,
}

LOCKED_OUT = """mutation($i: SetOrganizationPolicyInput!) { setOrganizationPolicy(input: $i) {
    __typename ... on PolicyLocksOutCallerError {
        message reasons address blockedTokenCount deactivatedTokenCount revokedTokenCount } } }"""


async def set_policy(organization: Organization, **rules: Any) -> dict[str, Any]:
    """Set a policy, as the administrator who is a person, and return it."""
    return await set_policy_as(organization.admin, organization, **rules)


async def set_policy_as(caller: Api, organization: Organization, **rules: Any) -> dict[str, Any]:
    """Set a policy that has to be let through and return it."""
    made = await caller.mutate(
        "setOrganizationPolicy",
        f"policy {{ {FIELDS} }}",
        organizationId=organization.id,
        policy=rules,
    )
    assert made["__typename"] == "SetOrganizationPolicySuccess", made
    return made["policy"]


async def locked_out(caller: Api, organization: Organization, **rules: Any) -> dict[str, Any]:
    """Try to set a policy and return the result, with what it says of who would be locked out."""
    wanted = {"organizationId": organization.id, "policy": rules}
    answer = await caller.run(LOCKED_OUT, {"i": wanted})
    return answer.data["setOrganizationPolicy"]


async def admin_robot(organization: Organization, owner: Owner, **fields: Any) -> tuple[str, Api]:
    """Return the token of an application user that is administrator, and it as a caller."""
    user_id = await organization.user("robot")
    await owner.grant(user_id)
    token_id, full = await organization.token(user_id, **fields)
    return token_id, organization.admin.with_token(full)


async def age(owner: Owner, token_id: str, days: float, *, used: float | None = None) -> None:
    """Make a token as old as so many days, and used so many days ago or never."""
    await owner.connection.execute(
        """
        UPDATE token
           SET create_time = now() - make_interval(secs => $3),
               last_used_time = now() - make_interval(secs => $4)
         WHERE organization_id = $1 AND token_id = $2
        """,
        *token_key(token_id),
        days * 86_400,
        None if used is None else used * 86_400,
    )


async def events(owner: Owner, organization_id: str, action: str) -> list[dict[str, Any]]:
    """Return the audit events of an action, the first one first."""
    found = await owner.connection.fetch(
        "SELECT actor_kind, actor_user_id, actor_token_id, target_kind, target_id, principal_id,"
        "       outcome, changes::text AS changes"
        "  FROM audit_event WHERE organization_id = $1 AND action = $2 ORDER BY sequence",
        organization_key(organization_id),
        action,
    )
    return [dict(row) | {"changes": json.loads(row["changes"])} for row in found]
