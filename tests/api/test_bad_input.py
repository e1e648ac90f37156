"""Bad input to mutations: every argument, every row of the tables in ``bad_*``."""

import pytest

from tests.api import bad_people, bad_tokens, bad_values, bad_webhooks
from tests.api.bad_values import WRONG_TYPE, Bad
from tests.api.world import World
from tests.owner import Owner

RULES = {
    "allowedNetworks": bad_tokens.NETWORKS,
    "longestMaxAgeSeconds": bad_tokens.AGES,
    "expiryRequired": bad_values.EXTENSIONS,
    "deactivateUnusedAfterDays": bad_values.DAYS,
    "revokeUnusedAfterDays": bad_values.DAYS,
}
# The fields of each mutation's input, and the tables they are tried with.
TABLES: dict[str, dict[str, list[Bad]]] = {
    "createApplicationUser": {
        "organizationId": bad_values.ids("org"),
        "name": [*bad_values.NAMES, Bad("null", None, WRONG_TYPE)],
        "description": bad_values.DESCRIPTIONS,
        "isSuperAdmin": bad_values.SUPER_ADMIN,
    },
    "updateApplicationUser": {
        "applicationUserId": bad_values.ids("user"),
        "name": [*bad_values.NAMES, Bad("null", None, "REQUIRED")],
        "description": bad_values.DESCRIPTIONS,
        "state": bad_values.STATES,
        "isSuperAdmin": bad_values.SUPER_ADMIN,
    },
    "deleteApplicationUser": {"applicationUserId": bad_values.ids("user")},
    "generateToken": {
        "applicationUserId": bad_values.ids("user"),
        "description": bad_values.DESCRIPTIONS,
        "maxAgeSeconds": bad_tokens.AGES,
        "extendWhenUsed": [
            *bad_values.EXTENSIONS,
            Bad("without an age", True, "NOT_ALLOWED", says="maxAgeSeconds"),
        ],
        "ipAllowlist": bad_tokens.NETWORKS,
        "scopes": bad_tokens.SCOPES,
        "idempotencyKey": bad_tokens.KEYS,
    },
    "updateToken": {
        "tokenId": bad_values.ids("token"),
        "description": bad_values.DESCRIPTIONS,
    },
    "revokeToken": {"tokenId": bad_values.ids("token")},
    "rotateToken": {
        "tokenId": bad_values.ids("token"),
        "overlapSeconds": bad_tokens.OVERLAPS,
        "idempotencyKey": bad_tokens.KEYS,
    },
    "activateToken": {"tokenId": bad_values.ids("token")},
    "revokeTokens": {"tokenIds": bad_tokens.TOKEN_IDS},
    "revokeAllTokens": {"applicationUserId": bad_values.ids("user")},
    "setOrganizationPolicy": {
        "organizationId": bad_values.ids("org"),
        "policy": [*bad_values.inside(RULES), *bad_values.NO_OBJECTS],
    },
    "addOrganizationUser": {
        "organizationId": bad_values.ids("org"),
        "name": [*bad_values.NAMES, Bad("null", None, WRONG_TYPE)],
        "email": bad_people.EMAILS,
        "issuer": bad_people.ISSUERS,
        "subject": [*bad_people.SUBJECTS, Bad("null", None, "REQUIRED")],
        "withToken": bad_values.EXTENSIONS,
        "tokenMaxAgeSeconds": [Bad("without withToken", 600, "NOT_ALLOWED", says="withToken")],
        "idempotencyKey": [Bad("without withToken", "key", "NOT_ALLOWED", says="withToken")],
    },
    "updateOrganizationUser": {
        "organizationUserId": bad_values.ids("user"),
        "name": [*bad_values.NAMES, Bad("null", None, "REQUIRED")],
        "state": bad_people.PERSON_STATES,
    },
    "removeOrganizationUser": {"organizationUserId": bad_values.ids("user")},
    "createResource": {
        "organizationId": bad_values.ids("org"),
        "kind": bad_values.KINDS_OF_RESOURCE,
        "name": [*bad_values.NAMES, Bad("null", None, WRONG_TYPE)],
        "parentId": [
            *bad_values.optional_places(),
            Bad("a project", "%resource", "NOT_ALLOWED", says="project"),
        ],
    },
    "updateResource": {
        "resourceId": bad_values.ids("resource"),
        "name": [*bad_values.NAMES, Bad("null", None, "REQUIRED")],
        "parentId": [
            *bad_values.optional_places(),
            Bad("a project", "%resource", "NOT_ALLOWED", says="project"),
        ],
    },
    "deleteResource": {"resourceId": bad_values.ids("resource")},
    "createGroup": {
        "organizationId": bad_values.ids("org"),
        "name": [*bad_values.NAMES, Bad("null", None, WRONG_TYPE)],
        "description": bad_values.DESCRIPTIONS,
    },
    "updateGroup": {
        "groupId": bad_values.ids("group"),
        "name": [*bad_values.NAMES, Bad("null", None, "REQUIRED")],
        "description": bad_values.DESCRIPTIONS,
    },
    "deleteGroup": {"groupId": bad_values.ids("group")},
    "addGroupMembers": {"groupId": bad_values.ids("group"), "userIds": bad_values.USER_IDS},
    "removeGroupMembers": {"groupId": bad_values.ids("group"), "userIds": bad_values.USER_IDS},
    "grantPermissions": {
        "principalId": bad_values.ids("user"),
        "resourceId": bad_values.ids("org"),
        "permissions": [*bad_values.PERMISSIONS, Bad("none", [], "TOO_SHORT")],
    },
    "revokePermissions": {
        "principalId": bad_values.ids("user"),
        "resourceId": bad_values.ids("org"),
        "permissions": [*bad_values.PERMISSIONS, Bad("none", [], "TOO_SHORT")],
    },
    "setPermissions": {
        "principalId": bad_values.ids("user"),
        "resourceId": bad_values.ids("org"),
        "permissions": bad_values.PERMISSIONS,
    },
    "createWebhookEndpoint": {
        "organizationId": bad_values.ids("org"),
        "url": [*bad_webhooks.URLS, Bad("null", None, WRONG_TYPE)],
        "description": bad_values.DESCRIPTIONS,
        "actions": bad_webhooks.ACTIONS,
    },
    "updateWebhookEndpoint": {
        "webhookEndpointId": bad_values.ids("webhook"),
        "url": [*bad_webhooks.URLS, Bad("null", None, "REQUIRED")],
        "description": bad_values.DESCRIPTIONS,
        "actions": bad_webhooks.ACTIONS,
        "isActive": bad_webhooks.ACTIVE,
    },
    "rotateWebhookSigningKey": {"webhookEndpointId": bad_values.ids("webhook")},
    "deleteWebhookEndpoint": {"webhookEndpointId": bad_values.ids("webhook")},
    "requestLimitIncrease": {
        "organizationId": bad_values.ids("org"),
        "applicationUserLimit": bad_people.USER_LIMITS,
        "reason": bad_values.DESCRIPTIONS,
    },
}


CASES = [
    pytest.param(mutation, field, bad, id=f"{mutation}-{field}-{bad}")
    for mutation, fields in TABLES.items()
    for field, table in fields.items()
    for bad in table
]


@pytest.mark.parametrize(("mutation", "field", "bad"), CASES)
async def test_it_is_refused_by_name_and_nothing_changes(
    shared_world: World, owner: Owner, mutation: str, field: str, bad: Bad
) -> None:
    world = shared_world
    before = await owner.snapshot(world.organization.id)
    kind = mutation[0].upper() + mutation[1:]
    answer = await world.organization.admin.run(
        f"""mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ __typename
            ... on Error {{ message }}
            ... on InvalidInputError {{ fields {{ path code message }} }} }} }}""",
        {"input": world.good(mutation) | {field: world.fill(bad.value)}},
    )
    assert answer.response.status_code == 200
    assert len(answer.response.content) < 20_000
    if bad.code == WRONG_TYPE:
        assert answer.codes == ["BAD_REQUEST"]
        message = answer.body["errors"][0]["message"]
        assert field in message
        assert "data" not in answer.body
    else:
        refused = answer.data[mutation]
        assert refused["__typename"] == "InvalidInputError", refused
        (problem,) = refused["fields"]
        assert problem["path"] == field + bad.below
        assert problem["code"] == bad.code
        message = problem["message"]
        assert refused["message"] == message
        assert problem["path"] in message or field in ("state", "isSuperAdmin")
    assert bad.says in message
    assert len(message) <= 500
    assert await owner.snapshot(world.organization.id) == before


@pytest.mark.parametrize("mutation", TABLES)
async def test_the_good_input_is_good(world: World, owner: Owner, mutation: str) -> None:
    """The control of the test above: it is the bad field that is refused."""
    if mutation == "activateToken":
        await owner.deactivate(world.token_id)
    before = await owner.snapshot(world.organization.id)
    made = await world.organization.admin.mutate(mutation, "__typename", **world.good(mutation))
    assert made["__typename"] == mutation[0].upper() + mutation[1:] + "Success"
    assert await owner.snapshot(world.organization.id) != before


async def test_every_field_has_a_table(shared_world: World) -> None:
    """A field that the schema gains and nobody tries fails here."""
    found = await shared_world.organization.admin.query(
        """{ __type(name: "Mutation") { fields { name args {
            type { ofType { inputFields { name } } } } } } }"""
    )
    schema = {
        field["name"]: {
            known["name"] for known in field["args"][0]["type"]["ofType"]["inputFields"]
        }
        for field in found["__type"]["fields"]
    }
    assert schema == {name: set(fields) for name, fields in TABLES.items()}
    found = await shared_world.organization.admin.query(
        """{ __type(name: "OrganizationPolicyInput") { inputFields { name } } }"""
    )
    assert {known["name"] for known in found["__type"]["inputFields"]} == set(RULES)
