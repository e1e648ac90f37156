"""requestLimitIncrease, and the requests that an organization shows."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app import ids, organizations
from app.database import Database
from tests.api.managers import manager
from tests.api_client import Api, Organization
from tests.owner import Owner, organization_key

ASK = """mutation($input: RequestLimitIncreaseInput!) { requestLimitIncrease(input: $input) {
    __typename
    ... on Error { message }
    ... on InvalidInputError { fields { path code message } }
    ... on LimitRequestPendingError {
        limitIncreaseRequestId applicationUserLimit createTime }
    ... on RequestLimitIncreaseSuccess { limitIncreaseRequest { ...F } } } }
fragment F on LimitIncreaseRequest { id applicationUserLimit reason state createTime
    createdBy { id } answerTime answeredLimit }"""
LIST = """query($o: ID!, $n: Int, $c: String) { organization(id: $o) { applicationUserLimit
    limitIncreaseRequests(first: $n, after: $c) {
        nodes { id applicationUserLimit state answeredLimit answerTime }
        edges { cursor node { id } } pageInfo { hasNextPage endCursor } } } }"""
NODE = """query($id: ID!) { node(id: $id) { id ... on LimitIncreaseRequest { state } } }"""


async def ask(
    organization: Organization, limit: int = 100, /, caller: Api | None = None, **fields: Any
) -> Any:
    """Ask for a higher limit and return the answer."""
    sent = {"organizationId": organization.id, "applicationUserLimit": limit} | fields
    answer = await (caller or organization.admin).run(ASK, {"input": sent})
    return answer.data["requestLimitIncrease"] if "errors" not in answer.body else answer.codes


async def page(organization: Organization, caller: Api | None = None, **asked: Any) -> Any:
    found = await (caller or organization.admin).query(LIST, o=organization.id, **asked)
    return found["organization"]["limitIncreaseRequests"]


@pytest.fixture
def answer(
    database: Database, organization: Organization
) -> Callable[[int], Awaitable[organizations.LimitSet]]:
    """Sets the organization's limit, as the operator."""

    async def act(limit: int) -> organizations.LimitSet:
        return await organizations.set_limit(database, organization_key(organization.id), limit)

    return act


Answer = Callable[[int], Awaitable[organizations.LimitSet]]


class TestAsked:
    async def test_every_field(self, organization: Organization) -> None:
        made = await ask(organization, reason=" We grow. ")
        request = made["limitIncreaseRequest"]
        assert request["id"].startswith("request_")
        assert request | {"id": "", "createTime": ""} == {
            "id": "",
            "applicationUserLimit": 100,
            "reason": "We grow.",
            "state": "PENDING",
            "createTime": "",
            "createdBy": {"id": organization.admin_id},
            "answerTime": None,
            "answeredLimit": None,
        }
        listed = await page(organization)
        assert [node["id"] for node in listed["nodes"]] == [request["id"]]
        found = await organization.admin.query(NODE, id=request["id"])
        assert found["node"] == {"id": request["id"], "state": "PENDING"}

    async def test_the_limit_is_as_before(self, organization: Organization) -> None:
        await ask(organization)
        found = await organization.admin.query(LIST, o=organization.id)
        assert found["organization"]["applicationUserLimit"] == 50

    @pytest.mark.parametrize("limit", [51, 1_000_000])
    async def test_for_the_least_and_the_most(self, organization: Organization, limit: int) -> None:
        made = await ask(organization, limit)
        assert made["limitIncreaseRequest"]["applicationUserLimit"] == limit

    async def test_by_who_manages_application_users(
        self, organization: Organization, owner: Owner
    ) -> None:
        caller = await manager(organization, owner)
        made = await ask(organization, 100, caller)
        assert made["__typename"] == "RequestLimitIncreaseSuccess"
        assert len((await page(organization, caller))["nodes"]) == 1

    async def test_the_refusal_at_the_limit_names_it(
        self, organization: Organization, answer: Answer
    ) -> None:
        await answer(0)
        refused = await organization.admin.mutate(
            "createApplicationUser", "__typename", organizationId=organization.id, name="ci"
        )
        assert "requestLimitIncrease" in refused["message"]

    async def test_the_event_says_what(self, organization: Organization, owner: Owner) -> None:
        made = await ask(organization, reason="growth")
        row = await owner.connection.fetchrow(
            "SELECT target_kind, target_id, changes->'applicationUserLimit'->>'after' AS asked"
            "  FROM audit_event"
            " WHERE organization_id = $1 AND action = 'organization:limit:request'",
            organization_key(organization.id),
        )
        assert row is not None
        found = ids.parse_member_id("request", made["limitIncreaseRequest"]["id"])
        assert found is not None
        assert tuple(row) == ("LIMIT_REQUEST", found[1], "100")


class TestPending:
    async def test_a_second_request_is_shown_the_first(
        self, organization: Organization, owner: Owner
    ) -> None:
        first = (await ask(organization))["limitIncreaseRequest"]
        before = await owner.snapshot(organization.id)
        refused = await ask(organization, 200)
        assert refused | {"message": ""} == {
            "__typename": "LimitRequestPendingError",
            "message": "",
            "limitIncreaseRequestId": first["id"],
            "applicationUserLimit": 100,
            "createTime": first["createTime"],
        }
        assert await owner.snapshot(organization.id) == before

    async def test_one_of_eight_at_once_is_made(self, organization: Organization) -> None:
        made = await asyncio.gather(*(ask(organization, 100 + n) for n in range(8)))
        kinds = [one["__typename"] for one in made]
        assert kinds.count("RequestLimitIncreaseSuccess") == 1
        assert kinds.count("LimitRequestPendingError") == 7
        assert len((await page(organization))["nodes"]) == 1

    async def test_an_answered_one_is_in_nobodys_way(
        self, organization: Organization, answer: Answer
    ) -> None:
        await ask(organization)
        await answer(50)
        assert (await ask(organization))["__typename"] == "RequestLimitIncreaseSuccess"


class TestAnswered:
    @pytest.mark.parametrize(
        ("limit", "state"),
        [(99, "DECLINED"), (100, "GRANTED"), (101, "GRANTED"), (50, "DECLINED"), (0, "DECLINED")],
    )
    async def test_by_what_the_limit_became(
        self, organization: Organization, answer: Answer, limit: int, state: str
    ) -> None:
        await ask(organization)
        made = await answer(limit)
        assert made.answered is not None
        assert made.answered.state == state
        (shown,) = (await page(organization))["nodes"]
        assert (shown["state"], shown["answeredLimit"]) == (state, limit)
        assert shown["answerTime"] is not None

    async def test_once(self, organization: Organization, answer: Answer) -> None:
        await ask(organization)
        await answer(60)
        assert (await answer(100)).answered is None
        (shown,) = (await page(organization))["nodes"]
        assert (shown["state"], shown["answeredLimit"]) == ("DECLINED", 60)

    async def test_the_trail_tells_the_limit_and_the_answer(
        self, organization: Organization, owner: Owner, answer: Answer
    ) -> None:
        await ask(organization)
        await answer(100)
        rows = await owner.connection.fetch(
            "SELECT action, actor_kind, changes::text FROM audit_event"
            " WHERE organization_id = $1 ORDER BY sequence DESC LIMIT 2",
            organization_key(organization.id),
        )
        assert [(row["action"], row["actor_kind"]) for row in rows] == [
            ("organization:limit:answer", "OPERATOR"),
            ("organization:limit:set", "OPERATOR"),
        ]
        assert '"after":"GRANTED"' in rows[0]["changes"]
        assert '"after":100' in rows[1]["changes"]

    async def test_asking_and_answering_at_once(
        self, organization: Organization, answer: Answer
    ) -> None:
        """Whichever comes first, no request is left that asks for what is there already."""
        for limit in range(60, 80):
            made, _ = await asyncio.gather(ask(organization, limit), answer(limit))
            assert made["__typename"] in ("RequestLimitIncreaseSuccess", "InvalidInputError")
            await answer(limit)
            states = {node["state"] for node in (await page(organization))["nodes"]}
            assert "PENDING" not in states


class TestInvalidInput:
    async def test_not_higher_than_the_present_one(
        self, organization: Organization, answer: Answer, owner: Owner
    ) -> None:
        await answer(70)
        before = await owner.snapshot(organization.id)
        for limit in (69, 70):
            refused = await ask(organization, limit)
            (problem,) = refused["fields"]
            assert (problem["path"], problem["code"]) == ("applicationUserLimit", "OUT_OF_RANGE")
            assert "70" in problem["message"]
        assert await owner.snapshot(organization.id) == before

    async def test_everything_at_once(self, organization: Organization) -> None:
        refused = await ask(organization, 0, reason="x" * 1001)
        paths = [problem["path"] for problem in refused["fields"]]
        assert paths == ["applicationUserLimit", "reason"]


class TestListed:
    async def test_page_by_page_the_newest_first(
        self, organization: Organization, answer: Answer
    ) -> None:
        made: list[str] = []
        for limit in range(60, 65):
            made.append((await ask(organization, limit))["limitIncreaseRequest"]["id"])
            await answer(limit)
        found: list[str] = []
        after: str | None = None
        for size in (2, 2, 1):
            part = await page(organization, n=2, c=after)
            assert len(part["nodes"]) == size
            assert [edge["node"]["id"] for edge in part["edges"]] == [
                n["id"] for n in part["nodes"]
            ]
            found += [node["id"] for node in part["nodes"]]
            after = part["pageInfo"]["endCursor"]
            assert part["pageInfo"]["hasNextPage"] is (len(found) < 5)
        assert found == made[::-1]

    @pytest.mark.parametrize("asked", [{"n": 0}, {"n": 101}, {"c": "rubbish"}])
    async def test_a_bad_page_is_an_error(
        self, organization: Organization, asked: dict[str, Any]
    ) -> None:
        answer = await organization.admin.run(LIST, {"o": organization.id} | asked)
        assert answer.codes == ["BAD_REQUEST"]


class TestForbidden:
    @pytest.mark.parametrize(
        "permission", ["organization:users:write", "organization:event_logs:read"]
    )
    async def test_another_permission(
        self, organization: Organization, owner: Owner, permission: str
    ) -> None:
        made = (await ask(organization))["limitIncreaseRequest"]["id"]
        robot = await organization.user()
        _, full = await organization.token(robot)
        await owner.grant(robot, permission)
        caller = organization.admin.with_token(full)
        assert await ask(organization, 200, caller) == ["FORBIDDEN"]
        assert (await caller.run(LIST, {"o": organization.id})).codes == ["FORBIDDEN"]
        assert (await caller.run(NODE, {"id": made})).codes == ["FORBIDDEN"]

    async def test_a_token_that_only_reads(self, organization: Organization, owner: Owner) -> None:
        robot = await organization.user()
        await owner.grant(robot)
        _, full = await organization.token(robot, scopes=["authentication:read"])
        caller = organization.admin.with_token(full)
        assert await ask(organization, 100, caller) == ["FORBIDDEN"]
        assert (await page(organization, caller))["nodes"] == []


class TestNotFound:
    async def test_of_another_organization(
        self, new_organization: Callable[[], Awaitable[Organization]]
    ) -> None:
        ours, theirs = await new_organization(), await new_organization()
        made = (await ask(theirs))["limitIncreaseRequest"]["id"]
        grafted = made[:30] + ours.id.removeprefix("org_")
        missing = "request_" + "0" * 22 + ours.id.removeprefix("org_")
        answers = [
            (await ours.admin.run(NODE, {"id": one})).response.content
            for one in (made, grafted, missing)
        ]
        assert len(set(answers)) == 1
        assert b'"node":null' in answers[0]
        assert (await ask(theirs, 200, ours.admin))["__typename"] == "NotFoundError"
