"""Bad input to mutations: every argument, every row of the tables in ``bad_values``."""

import json

import pytest

from tests.api import bad_values
from tests.api.bad_values import WRONG_TYPE, Bad
from tests.api.world import World
from tests.owner import Owner

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
        "maxAgeSeconds": bad_values.AGES,
        "extendWhenUsed": [
            *bad_values.EXTENSIONS,
            Bad("without an age", True, "NOT_ALLOWED", says="maxAgeSeconds"),
        ],
        "ipAllowlist": bad_values.NETWORKS,
        "scopes": bad_values.SCOPES,
        "idempotencyKey": bad_values.KEYS,
    },
    "updateToken": {
        "tokenId": bad_values.ids("token"),
        "description": bad_values.DESCRIPTIONS,
    },
    "revokeToken": {"tokenId": bad_values.ids("token")},
}


CASES = [
    pytest.param(mutation, field, bad, id=f"{mutation}-{field}-{bad}")
    for mutation, fields in TABLES.items()
    for field, table in fields.items()
    for bad in table
]


@pytest.mark.parametrize(("mutation", "field", "bad"), CASES)
async def test_it_is_refused_by_name_and_nothing_changes(
    world: World, owner: Owner, mutation: str, field: str, bad: Bad
) -> None:
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
    before = await owner.snapshot(world.organization.id)
    made = await world.organization.admin.mutate(mutation, "__typename", **world.good(mutation))
    assert made["__typename"] == mutation[0].upper() + mutation[1:] + "Success"
    assert await owner.snapshot(world.organization.id) != before


async def test_every_field_has_a_table(world: World) -> None:
    """A field that the schema gains and nobody tries fails here."""
    found = await world.organization.admin.query(
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


CREATE = """mutation($i: CreateApplicationUserInput!) {
    createApplicationUser(input: $i) { __typename } }"""
LONE = ["\ud800", "a\udfffb", "\udc00\ud800"]


class TestLoneSurrogates:
    """JSON may escape half a character, which is in no encoding and can be stored nowhere."""

    @pytest.mark.parametrize("text", LONE)
    async def test_in_variables(self, world: World, owner: Owner, text: str) -> None:
        before = await owner.snapshot(world.organization.id)
        escaped = text.encode("ascii", "backslashreplace").decode()
        sent = {"organizationId": world.organization.id, "name": "%"}
        body = json.dumps({"query": CREATE, "variables": {"i": sent}}).replace("%", escaped)
        assert "\\ud" in body
        response = await world.organization.admin.client.post(
            "/graphql",
            content=body,
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {world.organization.admin.token}",
            },
        )
        assert response.status_code == 400
        assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
        assert await owner.snapshot(world.organization.id) == before

    @pytest.mark.parametrize("text", LONE)
    async def test_in_the_document(self, world: World, owner: Owner, text: str) -> None:
        before = await owner.snapshot(world.organization.id)
        escaped = text.encode("ascii", "backslashreplace").decode()
        answer = await world.organization.admin.run(
            f"""mutation {{ createApplicationUser(
                input: {{ organizationId: "{world.organization.id}", name: "{escaped}" }}
            ) {{ __typename }} }}"""
        )
        assert answer.codes == ["BAD_REQUEST"]
        assert answer.response.status_code < 500
        assert await owner.snapshot(world.organization.id) == before


class TestMissingAndUnknown:
    @pytest.mark.parametrize(
        ("mutation", "needed"),
        [
            ("createApplicationUser", ["organizationId", "name"]),
            ("updateApplicationUser", ["applicationUserId"]),
            ("deleteApplicationUser", ["applicationUserId"]),
            ("generateToken", ["applicationUserId"]),
            ("updateToken", ["tokenId"]),
            ("revokeToken", ["tokenId"]),
        ],
    )
    async def test_fields(
        self, world: World, owner: Owner, mutation: str, needed: list[str]
    ) -> None:
        before = await owner.snapshot(world.organization.id)
        good = world.good(mutation)
        inputs = [({k: v for k, v in good.items() if k != name}, name) for name in needed]
        inputs.append((good | {"isAdmin": True}, "isAdmin"))
        kind = mutation[0].upper() + mutation[1:]
        for sent, named in inputs:
            answer = await world.organization.admin.run(
                f"mutation($i: {kind}Input!) {{ {mutation}(input: $i) {{ __typename }} }}",
                {"i": sent},
            )
            assert answer.codes == ["BAD_REQUEST"]
            assert named in answer.body["errors"][0]["message"]
        assert await owner.snapshot(world.organization.id) == before
