"""Reading the audit trail: what an event tells, filters, pages, one event, and who may."""

from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest

from app import ids
from app.api.audit_actions import AuditAction
from app.audit import Action
from db.audit_pages import LIST_SQL, EventFilter
from tests.api import trail
from tests.api.trail import changes, events
from tests.api_client import Organization
from tests.owner import Owner, organization_key

NAMES = ["one", "two", "three", "four", "five"]


class Acted:
    """An organization in which this and that was done."""

    def __init__(self, organization: Organization, user_id: str, token_id: str, full: str) -> None:
        self.organization = organization
        self.admin = organization.admin
        self.id = organization.id
        self.user_id = user_id
        self.token_id = token_id
        self.full = full

    async def sequences(self, **keep: Any) -> list[int]:
        return [event["sequence"] for event in await events(self.admin, self.id, **keep)]


@pytest.fixture
async def acted(organization: Organization) -> Acted:
    """1 bootstrap, 2 user created, 3 token, 4 renamed, 5 token described, 6 token revoked."""
    user_id = await organization.user("ci")
    token_id, full = await organization.token(user_id, maxAgeSeconds=3600)
    await organization.admin.mutate(
        "updateApplicationUser", "__typename", applicationUserId=user_id, name="cd"
    )
    await organization.admin.mutate(
        "updateToken", "__typename", tokenId=token_id, description="for the pipeline"
    )
    await organization.admin.mutate("revokeToken", "__typename", tokenId=token_id)
    return Acted(organization, user_id, token_id, full)


class TestEvent:
    async def test_of_a_change_by_a_user(self, acted: Acted) -> None:
        renamed = (await events(acted.admin, acted.id))[2]
        assert renamed["sequence"] == 4
        assert renamed["action"] == "APPLICATION_USER_UPDATE"
        assert renamed["actionName"] == "organization:application_user:update"
        assert (renamed["outcome"], renamed["reason"]) == ("SUCCEEDED", None)
        assert renamed["actorKind"] == "USER"
        assert renamed["actorId"] == renamed["actor"]["id"] == acted.organization.admin_id
        assert renamed["actorTokenId"] == renamed["actorToken"]["id"]
        assert renamed["ip"] == "127.0.0.1"
        assert renamed["userAgent"].startswith("python-httpx/")
        assert renamed["requestId"]
        assert (renamed["targetKind"], renamed["targetId"]) == ("APPLICATION_USER", acted.user_id)
        assert renamed["principalId"] is None
        assert changes(renamed) == {"name": ('"ci"', '"cd"')}

    async def test_of_a_token_names_its_user(self, acted: Acted) -> None:
        generated = (await events(acted.admin, acted.id))[3]
        assert (generated["targetKind"], generated["targetId"]) == ("TOKEN", acted.token_id)
        assert generated["principalId"] == acted.user_id
        assert changes(generated)["maxAgeSeconds"] == (None, "3600")

    async def test_by_the_operator_has_no_actor(self, acted: Acted) -> None:
        first = (await events(acted.admin, acted.id))[-1]
        assert (first["action"], first["actorKind"]) == ("ORGANIZATION_CREATE", "OPERATOR")
        assert (first["targetId"], first["principalId"]) == (acted.id, acted.organization.admin_id)
        for name in ("actorId", "actor", "actorTokenId", "actorToken", "ip", "requestId"):
            assert first[name] is None
        assert first["previousHash"] == "0" * 64

    async def test_of_a_request_has_its_id(self, acted: Acted) -> None:
        answer = await acted.admin.run(
            f'mutation {{ createApplicationUser(input: {{organizationId: "{acted.id}", name: "x"}})'
            " { __typename } }",
            headers={"X-Request-Id": "request-of-mine", "User-Agent": "terraform/1"},
        )
        last = (await events(acted.admin, acted.id))[0]
        assert last["requestId"] == answer.response.headers["X-Request-Id"]
        assert last["userAgent"] == "terraform/1"

    async def test_each_holds_the_hash_before_it(self, acted: Acted) -> None:
        found = await events(acted.admin, acted.id)
        assert [e["sequence"] for e in found] == [6, 5, 4, 3, 2, 1]
        for later, earlier in pairwise(found):
            assert later["previousHash"] == earlier["hash"]
            assert datetime.fromisoformat(later["eventTime"]) > datetime.fromisoformat(
                earlier["eventTime"]
            )

    async def test_outlives_what_it_is_about(self, acted: Acted) -> None:
        await acted.admin.mutate(
            "deleteApplicationUser", "__typename", applicationUserId=acted.user_id
        )
        found = await events(acted.admin, acted.id, targetId=acted.user_id)
        assert [e["sequence"] for e in found] == [7, 6, 5, 4, 3, 2]
        assert {e["targetId"] for e in found} == {acted.user_id, acted.token_id}
        assert {e["principalId"] for e in found} == {None, acted.user_id}

    def test_actions_are_those_of_the_service(self) -> None:
        assert {a.name: a.value for a in Action} == {a.name: a.value for a in AuditAction}


class TestFiltered:
    async def test_by_actor(self, acted: Acted) -> None:
        admin_id = acted.organization.admin_id
        assert await acted.sequences(actorId=admin_id) == [6, 5, 4, 3, 2]
        assert await acted.sequences(actorId=acted.user_id) == []

    async def test_by_token(self, acted: Acted) -> None:
        by = (await events(acted.admin, acted.id))[0]["actorTokenId"]
        assert await acted.sequences(actorTokenId=by) == [6, 5, 4, 3, 2]
        assert await acted.sequences(actorTokenId=acted.token_id) == []

    async def test_by_target_and_whose_it_is(self, acted: Acted) -> None:
        assert await acted.sequences(targetId=acted.user_id) == [6, 5, 4, 3, 2]
        assert await acted.sequences(targetId=acted.token_id) == [6, 5, 3]
        assert await acted.sequences(targetId=acted.id) == [1]
        assert await acted.sequences(targetId=acted.organization.admin_id) == [1]

    async def test_by_actions(self, acted: Acted) -> None:
        assert await acted.sequences(actions=["TOKEN_REVOKE", "TOKEN_GENERATE"]) == [6, 3]
        assert await acted.sequences(actions=["TOKEN_REVOKE", "TOKEN_REVOKE"]) == [6]
        assert await acted.sequences(actions=["GROUP_CREATE"]) == []

    async def test_by_outcome(self, acted: Acted) -> None:
        assert await acted.sequences(outcome="SUCCEEDED") == [6, 5, 4, 3, 2, 1]
        assert await acted.sequences(outcome="REFUSED") == []

    async def test_by_time(self, acted: Acted) -> None:
        found = await events(acted.admin, acted.id)
        third, fifth = found[3]["eventTime"], found[1]["eventTime"]
        assert await acted.sequences(since=third) == [6, 5, 4, 3]
        assert await acted.sequences(until=fifth) == [4, 3, 2, 1]
        assert await acted.sequences(since=third, until=fifth) == [4, 3]
        assert await acted.sequences(since=fifth, until=third) == []

    async def test_by_everything_at_once(self, acted: Acted) -> None:
        found = await events(acted.admin, acted.id)
        keep: dict[str, Any] = {
            "actorId": acted.organization.admin_id,
            "actorTokenId": found[0]["actorTokenId"],
            "targetId": acted.token_id,
            "actions": ["TOKEN_REVOKE", "TOKEN_GENERATE", "APPLICATION_USER_UPDATE"],
            "outcome": "SUCCEEDED",
            "since": found[5]["eventTime"],
            "until": found[0]["eventTime"],
        }
        assert await acted.sequences(**keep) == [3]
        # Each part alone must still hold where another one leads.
        for name in keep:
            assert 3 in await acted.sequences(**{n: v for n, v in keep.items() if n != name})

    async def test_every_lead_is_reached(self) -> None:
        """The part that an index serves is chosen from what is given; none is dead."""
        value: Any = object()
        parts = ("actor_token_id", "target_id", "actor_id", "actions", "since", "until")
        filters = [EventFilter(), *(EventFilter(**{part: value}) for part in parts)]
        filters += [EventFilter(outcome="REFUSED"), EventFilter(outcome="SUCCEEDED")]
        assert {keep.lead for keep in filters} == {lead for lead, _ in LIST_SQL}

    @pytest.mark.parametrize(
        ("keep", "path"),
        [
            ({"actorId": "token_x"}, "filter.actorId"),
            ({"actorId": ""}, "filter.actorId"),
            ({"actorTokenId": "user_x"}, "filter.actorTokenId"),
            ({"targetId": "nothing"}, "filter.targetId"),
            ({"targetId": "group_x"}, "filter.targetId"),
            ({"targetId": "org_x"}, "filter.targetId"),
            ({"targetId": ""}, "filter.targetId"),
            ({"actions": []}, "filter.actions"),
        ],
    )
    async def test_by_nonsense(self, acted: Acted, keep: dict[str, Any], path: str) -> None:
        answer = await acted.admin.run(trail.EVENTS, {"o": acted.id, "f": keep})
        assert answer.codes == ["BAD_REQUEST"]
        assert answer.body["errors"][0]["extensions"]["fields"][0]["path"] == path

    async def test_by_ids_of_another_organization(
        self, acted: Acted, new_organization: Any
    ) -> None:
        other: Organization = await new_organization()
        user_id = await other.user("theirs")
        token_id, _ = await other.token(user_id)
        for keep in (
            {"actorId": other.admin_id},
            {"actorTokenId": token_id},
            {"targetId": user_id},
            {"targetId": other.id},
        ):
            assert await acted.sequences(**keep) == []


class TestPages:
    @pytest.mark.parametrize("direction", ["ASC", "DESC"])
    @pytest.mark.parametrize(
        "keep", [None, {"actions": ["APPLICATION_USER_CREATE", "ORGANIZATION_CREATE"]}]
    )
    async def test_hold_each_event_once(
        self, organization: Organization, direction: str, keep: dict[str, Any] | None
    ) -> None:
        for name in NAMES:
            await organization.user(name)
        walked: list[int] = []
        after = None
        while True:
            page = await trail.page(
                organization.admin, organization.id, n=2, c=after, f=keep, d=direction
            )
            walked += [node["sequence"] for node in page["nodes"]]
            assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]
        assert walked == sorted(range(1, 7), reverse=direction == "DESC")

    async def test_a_page_does_not_move_under_new_events(self, acted: Acted) -> None:
        first = await trail.page(acted.admin, acted.id, n=2)
        await acted.organization.user("meanwhile")
        second = await trail.page(acted.admin, acted.id, n=2, c=first["pageInfo"]["endCursor"])
        assert [node["sequence"] for node in second["nodes"]] == [4, 3]

    async def test_a_cursor_of_the_other_direction(self, acted: Acted) -> None:
        cursor = (await trail.page(acted.admin, acted.id, n=2))["pageInfo"]["endCursor"]
        answer = await acted.admin.run(trail.EVENTS, {"o": acted.id, "c": cursor, "d": "ASC"})
        assert answer.codes == ["BAD_REQUEST"]

    @pytest.mark.parametrize("first", [0, 101, -1])
    async def test_of_no_size(self, acted: Acted, first: int) -> None:
        answer = await acted.admin.run(trail.EVENTS, {"o": acted.id, "n": first})
        assert answer.codes == ["BAD_REQUEST"]


class TestOne:
    NODE = "query($id: ID!) { node(id: $id) { id ... on AuditEvent { sequence } } }"

    async def test_by_its_id(self, acted: Acted) -> None:
        event = (await events(acted.admin, acted.id))[0]
        assert event["id"].startswith("event_")
        found = await acted.admin.query(self.NODE, id=event["id"])
        assert found["node"] == {"id": event["id"], "sequence": 6}

    @pytest.mark.parametrize("number", [0, 7, 2**63 - 1, 2**63, 2**128 - 1])
    async def test_that_is_not_there(self, acted: Acted, number: int) -> None:
        missing = ids.member_id("event", organization_key(acted.id), UUID(int=number))
        assert await acted.admin.query(self.NODE, id=missing) == {"node": None}

    async def test_of_another_organization(self, acted: Acted, new_organization: Any) -> None:
        other: Organization = await new_organization()
        theirs = (await events(other.admin, other.id))[0]
        assert await acted.admin.query(self.NODE, id=theirs["id"]) == {"node": None}


class TestPermission:
    async def test_event_logs_read_suffices(self, acted: Acted, owner: Owner) -> None:
        reader_id = await acted.organization.user("reader")
        _, full = await acted.organization.token(reader_id)
        reader = acted.admin.with_token(full)
        refused = await reader.run(trail.EVENTS, {"o": acted.id})
        assert refused.codes == ["FORBIDDEN"]
        await owner.grant(reader_id, "organization:event_logs:read")
        found = await events(reader, acted.id)
        assert {8, 7, 6, 5, 4, 3, 2, 1} <= {event["sequence"] for event in found}
        renamed = found[-4]
        assert renamed["actor"]["id"] == acted.organization.admin_id
        # A person's token is the administrators' affair; that it was used is in the trail.
        assert renamed["actorToken"] is None
        assert renamed["actorTokenId"].startswith("token_")

    async def test_not_by_a_token_of_other_scopes(self, acted: Acted, owner: Owner) -> None:
        reader_id = await acted.organization.user("reader")
        await owner.grant(reader_id, "organization:event_logs:read")
        _, full = await acted.organization.token(reader_id, scopes=["billing:read"])
        refused = await acted.admin.with_token(full).run(trail.EVENTS, {"o": acted.id})
        assert refused.codes == ["FORBIDDEN"]

    async def test_foreign_like_missing(self, acted: Acted, new_organization: Any) -> None:
        other: Organization = await new_organization()
        bodies = [
            (await acted.admin.run(trail.EVENTS, {"o": wanted})).response.content
            for wanted in (other.id, ids.organization_id(uuid4()))
        ]
        assert bodies[0] == bodies[1]
        assert b"FORBIDDEN" in bodies[0]
