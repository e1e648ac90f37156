"""appusers organization limits, and how set-limit answers requests."""

import json

import pytest

from tests.api_client import Organization
from tests.cli.processes import appusers
from tests.conftest import PEPPER
from tests.postgres import Urls


@pytest.fixture
def environment(urls: Urls) -> dict[str, str]:
    return {"DATABASE_URL": urls.serving, "APPUSERS_PEPPER": PEPPER}


async def ask(organization: Organization, limit: int, reason: str | None = None) -> str:
    """Ask for a higher limit and return the request's id."""
    made = await organization.admin.mutate(
        "requestLimitIncrease",
        "limitIncreaseRequest { id createTime }",
        organizationId=organization.id,
        applicationUserLimit=limit,
        reason=reason,
    )
    return made["limitIncreaseRequest"]["id"]


class TestLimits:
    async def test_of_one(self, environment: dict[str, str], organization: Organization) -> None:
        await organization.user()
        shown = await appusers(environment, "organization", "limits", organization.id)
        assert shown.out == f"{organization.id}  Acme: 1 of 50\n"
        await ask(organization, 60, "two\n  lines")
        shown = await appusers(environment, "organization", "limits", organization.id)
        first, second = shown.out.splitlines()
        assert first == f"{organization.id}  Acme: 1 of 50"
        assert second.startswith("  asks for 60 since 20")
        assert second.endswith("Z: two lines")

    async def test_of_all(self, environment: dict[str, str], organization: Organization) -> None:
        request_id = await ask(organization, 60)
        shown = await appusers(environment, "organization", "limits", "--json")
        found = [json.loads(line) for line in shown.out.splitlines()]
        own = next(one for one in found if one["organizationId"] == organization.id)
        assert own["pendingRequest"].pop("createTime").endswith("Z")
        assert own == {
            "organizationId": organization.id,
            "name": "Acme",
            "applicationUserCount": 0,
            "applicationUserLimit": 50,
            "pendingRequest": {
                "id": request_id,
                "applicationUserLimit": 60,
                "reason": None,
                "createdBy": organization.admin_id,
            },
        }
        assert [one["organizationId"] for one in found] == sorted(
            one["organizationId"] for one in found
        )

    @pytest.mark.parametrize(
        ("organization_id", "said"),
        [("nonsense", "not an organization's id"), ("org_" + "0" * 22, "no such organization")],
    )
    async def test_refused(
        self, environment: dict[str, str], organization_id: str, said: str
    ) -> None:
        refused = await appusers(environment, "organization", "limits", organization_id)
        assert refused.code == 1
        assert said in refused.err
        assert refused.out == ""


class TestSetLimit:
    @pytest.mark.parametrize(("limit", "state"), [("60", "granted"), ("59", "declined")])
    async def test_answers_the_request(
        self, environment: dict[str, str], organization: Organization, limit: str, state: str
    ) -> None:
        await ask(organization, 60)
        done = await appusers(environment, "organization", "set-limit", organization.id, limit)
        assert done.out == (
            f"Acme: 0 of {limit} application users.\nThe request for 60 is {state}.\n"
        )
        found = await organization.admin.query(
            """query($id: ID!) { organization(id: $id) { applicationUserLimit
                limitIncreaseRequests { nodes { state answeredLimit } } } }""",
            id=organization.id,
        )
        assert found["organization"] == {
            "applicationUserLimit": int(limit),
            "limitIncreaseRequests": {
                "nodes": [{"state": state.upper(), "answeredLimit": int(limit)}]
            },
        }
