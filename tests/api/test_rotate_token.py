"""rotateToken."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.api.managers import manager
from tests.api.test_statements import count
from tests.api_client import Api, Organization
from tests.conftest import settings_for
from tests.credentials import is_accepted
from tests.owner import Owner, token_key
from tests.postgres import Urls
from tests.service import started
from tests.waiting import until

FIELDS = """id status description maxAgeSeconds extendWhenUsed ipAllowlist scopes permissionCeiling
    expiryTime familyId supersedeTime overlapEndTime usedSinceRotation viewerCanRotate
    predecessor { id } successor { id } user { id } createdBy { id }"""
DOCUMENT = f"""mutation($input: RotateTokenInput!) {{ rotateToken(input: $input) {{
    __typename
    ... on Error {{ message }}
    ... on InvalidInputError {{ fields {{ path code message }} }}
    ... on AlreadyRotatedError {{ successor {{ id }} }}
    ... on RotateTokenReplayed {{ token {{ id }} predecessor {{ id }} }}
    ... on RotateTokenSuccess {{ fullToken token {{ {FIELDS} }} predecessor {{ {FIELDS} }} }}
}} }}"""


async def rotate(api: Api, token_id: str, **fields: Any) -> dict[str, Any]:
    data = await api.query(DOCUMENT, input={"tokenId": token_id} | fields)
    return data["rotateToken"]


async def look(api: Api, token_id: str) -> dict[str, Any]:
    found = await api.query(
        f"query($id: ID!) {{ node(id: $id) {{ ... on Token {{ {FIELDS} }} }} }}", id=token_id
    )
    return found["node"]


def problem(made: dict[str, Any]) -> tuple[str, str]:
    """The only field problem of an answer: its path and code."""
    assert made["__typename"] == "InvalidInputError", made
    (field,) = made["fields"]
    return field["path"], field["code"]


class TestRotated:
    async def test_the_successor_has_the_settings_and_a_life_of_its_own(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        settings = {
            "description": "nightly",
            "maxAgeSeconds": 3600,
            "extendWhenUsed": True,
            "ipAllowlist": ["10.0.0.0/8", "127.0.0.1/32"],
            "scopes": ["projects:read", "services:write"],
        }
        token_id, old = await organization.token(user_id, **settings)
        await owner.set_left(token_id, 100)
        made = await rotate(organization.admin, token_id, overlapSeconds=60)
        token, predecessor = made["token"], made["predecessor"]
        assert {name: token[name] for name in settings} == settings
        assert token["id"] not in (token_id, None)
        assert token["expiryTime"] > predecessor["expiryTime"]
        assert token["user"] == {"id": user_id}
        assert token["createdBy"] == {"id": organization.admin_id}
        assert token["predecessor"] == {"id": token_id}
        assert token["familyId"] == token_id
        assert token["successor"] is token["supersedeTime"] is token["usedSinceRotation"] is None
        assert token["viewerCanRotate"] is True
        assert predecessor["successor"] == {"id": token["id"]}
        assert predecessor["familyId"] == token_id
        assert predecessor["status"] == "ACTIVE"
        assert predecessor["supersedeTime"] < predecessor["overlapEndTime"]
        assert predecessor["usedSinceRotation"] is False
        assert predecessor["viewerCanRotate"] is False
        assert await is_accepted(organization.admin, old)
        assert await is_accepted(organization.admin, made["fullToken"])

    async def test_without_overlap_the_old_one_is_refused_from_the_answer_on(
        self, organization: Organization
    ) -> None:
        token_id, old = await organization.token(await organization.user())
        made = await rotate(organization.admin, token_id)
        assert made["predecessor"]["status"] == "EXPIRED"
        assert not await is_accepted(organization.admin, old)
        assert await is_accepted(organization.admin, made["fullToken"])

    async def test_after_the_overlap_it_is_refused(
        self, organization: Organization, owner: Owner
    ) -> None:
        token_id, old = await organization.token(await organization.user())
        await rotate(organization.admin, token_id, overlapSeconds=600)
        assert await is_accepted(organization.admin, old)
        await end_overlap(owner, token_id)
        assert not await is_accepted(organization.admin, old)
        assert (await look(organization.admin, token_id))["status"] == "EXPIRED"

    async def test_a_line_of_three_is_one_family(self, organization: Organization) -> None:
        first, _ = await organization.token(await organization.user())
        second = (await rotate(organization.admin, first))["token"]
        third = (await rotate(organization.admin, second["id"]))["token"]
        assert third["predecessor"] == {"id": second["id"]}
        assert third["familyId"] == second["familyId"] == first

    async def test_its_uses_since_are_evidence(self, organization: Organization) -> None:
        token_id, old = await organization.token(await organization.user())
        assert await is_accepted(organization.admin, old)
        await until_used(organization.admin, token_id)
        await rotate(organization.admin, token_id, overlapSeconds=600)
        assert (await look(organization.admin, token_id))["usedSinceRotation"] is False
        # Within the minute in which uses otherwise count as one.
        assert await is_accepted(organization.admin, old)

        async def is_seen() -> bool:
            return (await look(organization.admin, token_id))["usedSinceRotation"]

        await until(is_seen)

    async def test_finished_by_revoking_the_old_one(self, organization: Organization) -> None:
        token_id, old = await organization.token(await organization.user())
        made = await rotate(organization.admin, token_id, overlapSeconds=600)
        done = await organization.admin.mutate("revokeToken", "token { status }", tokenId=token_id)
        assert done["token"] == {"status": "REVOKED"}
        assert not await is_accepted(organization.admin, old)
        assert await is_accepted(organization.admin, made["fullToken"])

    async def test_a_ceiling_goes_with_it(self, organization: Organization, owner: Owner) -> None:
        narrow = await manager(organization, owner)
        user_id = await organization.user()
        generated = await narrow.mutate("generateToken", "token { id }", applicationUserId=user_id)
        token_id = generated["token"]["id"]
        made = await rotate(organization.admin, token_id)
        assert made["token"]["permissionCeiling"] == []
        assert (await owner.token(made["token"]["id"]))["permission_ceiling"] == []

    async def test_by_itself(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user()
        await owner.grant(user_id)
        token_id, old = await organization.token(user_id)
        made = await rotate(organization.admin.with_token(old), token_id)
        assert made["token"]["createdBy"] == {"id": user_id}
        assert not await is_accepted(organization.admin, old)
        assert await is_accepted(organization.admin, made["fullToken"])


class TestListedByExpiry:
    async def test_it_expires_with_its_overlap(self, organization: Organization) -> None:
        user_id = await organization.user()
        short, _ = await organization.token(user_id)
        long, _ = await organization.token(user_id, maxAgeSeconds=604_800)
        never, _ = await organization.token(user_id)
        await rotate(organization.admin, short, overlapSeconds=60)
        await rotate(organization.admin, long, overlapSeconds=60)
        soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        for field, expected in (("expiresBefore", {short, long}), ("expiresAfter", set[str]())):
            found = await organization.admin.query(
                """query($o: ID!, $f: TokenFilter) { tokens(organizationId: $o, filter: $f) {
                    nodes { id } } }""",
                o=organization.id,
                f={field: soon},
            )
            listed = {node["id"] for node in found["tokens"]["nodes"]}
            assert listed & {short, long, never} == expected


class TestManyRotated:
    async def test_predecessors_and_successors_share_statements(
        self, organization: Organization, owner: Owner, urls: Urls
    ) -> None:
        document = """query($o: ID!) { tokens(organizationId: $o, first: 100) { nodes {
            predecessor { id successor { id } } successor { id predecessor { id } }
            viewerCanRotate viewerCanActivate viewerCanRevoke } } }"""
        user_id = await organization.user()
        narrow = await manager(organization, owner)

        async def more(rotated: int) -> None:
            for _ in range(rotated):
                token_id, _ = await organization.token(user_id)
                await rotate(organization.admin, token_id, overlapSeconds=60)

        one_connection = settings_for(urls, database_connections=1, activity_flush_seconds=60)
        async with started(one_connection) as service:
            for full in (organization.admin.token, narrow.token):
                caller = await service.caller(token=full)
                await more(1)
                few = await count(service, caller, organization.id, document)
                await more(5)
                assert await count(service, caller, organization.id, document) == few


class TestTrail:
    async def test_the_rotation_and_the_birth(
        self, organization: Organization, owner: Owner
    ) -> None:
        token_id, _ = await organization.token(await organization.user(), description="ci")
        made = await rotate(organization.admin, token_id, overlapSeconds=60)
        rows = await owner.connection.fetch(
            "SELECT action, target_id, changes::text FROM audit_event WHERE organization_id = $1"
            " ORDER BY sequence DESC LIMIT 2",
            token_key(token_id)[0],
        )
        found = {row["action"]: (row["target_id"], row["changes"]) for row in rows}
        target, changes = found["application_user:token:rotate"]
        assert target == token_key(token_id)[1]
        assert made["token"]["id"] in changes
        target, changes = found["application_user:token:generate"]
        assert target == token_key(made["token"]["id"])[1]
        assert '"description":{"after":"ci","before":null}' in changes
        assert not any(made["fullToken"] in changes for _, changes in found.values())


async def end_overlap(owner: Owner, token_id: str) -> None:
    async with owner.connection.transaction():
        # A trigger keeps anybody else from moving it.
        await owner.connection.execute("SET LOCAL session_replication_role = replica")
        await owner.connection.execute(
            "UPDATE token SET supersede_time = now() - interval '2 hours',"
            "                 overlap_end_time = now() - interval '1 hour'"
            " WHERE organization_id = $1 AND token_id = $2",
            *token_key(token_id),
        )


async def until_used(api: Api, token_id: str) -> None:
    async def is_used() -> bool:
        found = await api.query(
            "query($id: ID!) { node(id: $id) { ... on Token { lastUsedTime } } }", id=token_id
        )
        return found["node"]["lastUsedTime"] is not None

    await until(is_used)
