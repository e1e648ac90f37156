"""addOrganizationUser."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.api.listing import ORGANIZATION_USERS
from tests.api.managers import manager
from tests.api.peopling import IDENTITY, ISSUER, USERS_WRITE, add, people_manager, person
from tests.api_client import Organization
from tests.credentials import is_accepted
from tests.owner import Owner, user_key

WEEK = 604_800


class TestAddedByIdentity:
    async def test_every_field(self, organization: Organization) -> None:
        made = await add(organization, name=" Ada ", **IDENTITY)
        assert made["__typename"] == "AddOrganizationUserSuccess"
        assert made["organizationUser"] | {"id": ""} == {
            "id": "",
            "name": "Ada",
            "email": "ada@acme.example",
            "isApplicationUser": False,
            "state": "ACTIVE",
            "lastActivityTime": None,
            "viewerCanUpdate": True,
            "viewerCanRemove": True,
        }
        listed = await ORGANIZATION_USERS.walk(organization.admin, organization.id)
        assert listed == [made["organizationUser"]["id"], organization.admin_id]

    async def test_its_identity_is_stored_as_it_was_given(
        self, organization: Organization, owner: Owner
    ) -> None:
        made = await add(organization, issuer=f"{ISSUER}/A", subject="aDa|7 x")
        row = await owner.connection.fetchrow(
            "SELECT issuer, subject, created_by FROM organization_user"
            " WHERE organization_id = $1 AND user_id = $2",
            *user_key(made["organizationUser"]["id"]),
        )
        assert row is not None
        assert tuple(row) == (f"{ISSUER}/A", "aDa|7 x", user_key(organization.admin_id)[1])

    async def test_it_costs_no_application_user_and_no_grant(
        self, organization: Organization, owner: Owner
    ) -> None:
        await person(organization)
        found = await organization.admin.query(
            "query($id: ID!) { organization(id: $id) { applicationUserCount } }",
            id=organization.id,
        )
        assert found["organization"]["applicationUserCount"] == 0
        assert await owner.count(organization.id, "grant") == 1
        assert await owner.count(organization.id, "token") == 1

    async def test_by_who_is_no_administrator(
        self, organization: Organization, owner: Owner
    ) -> None:
        _, mary = await people_manager(organization, owner)
        made = await add(organization, mary, **IDENTITY)
        assert made["__typename"] == "AddOrganizationUserSuccess"
        assert made["organizationUser"]["viewerCanRemove"] is True

    async def test_two_people_may_share_name_and_address(self, organization: Organization) -> None:
        first, second = await person(organization, "a"), await person(organization, "b")
        assert first != second

    async def test_the_event_says_who(self, organization: Organization, owner: Owner) -> None:
        added = user_key(await person(organization))
        row = await owner.connection.fetchrow(
            "SELECT actor_user_id, target_kind, target_id, changes->'subject'->>'after' AS subject"
            "  FROM audit_event WHERE organization_id = $1 AND action = 'organization:user:add'",
            added[0],
        )
        assert row is not None
        assert tuple(row) == (
            user_key(organization.admin_id)[1],
            "ORGANIZATION_USER",
            added[1],
            "ada",
        )


class TestAddedWithToken:
    async def test_the_token_signs_in(self, organization: Organization) -> None:
        made = await add(organization, withToken=True)
        assert made["__typename"] == "AddOrganizationUserWithTokenSuccess"
        assert made["token"]["maxAgeSeconds"] == WEEK
        assert made["token"]["status"] == "ACTIVE"
        assert made["token"]["createdBy"] == {"id": organization.admin_id}
        found = await organization.admin.with_token(made["fullToken"]).query(
            "{ viewer { memberships { permissions user { id isApplicationUser } } } }"
        )
        assert found["viewer"]["memberships"] == [
            {
                "permissions": [],
                "user": {"id": made["organizationUser"]["id"], "isApplicationUser": False},
            }
        ]

    @pytest.mark.parametrize("seconds", [600, 315_360_000])
    async def test_for_as_long_as_asked(self, organization: Organization, seconds: int) -> None:
        made = await add(organization, withToken=True, tokenMaxAgeSeconds=seconds)
        assert made["token"]["maxAgeSeconds"] == seconds

    async def test_what_is_granted_later_it_may(
        self, organization: Organization, owner: Owner
    ) -> None:
        made = await add(organization, withToken=True)
        await owner.grant(made["organizationUser"]["id"])
        caller = organization.admin.with_token(made["fullToken"])
        found = await caller.query(
            "query($id: ID!) { organization(id: $id) { name } }", id=organization.id
        )
        assert found["organization"] == {"name": "Acme"}

    async def test_there_are_two_events_and_no_secret(
        self, organization: Organization, owner: Owner
    ) -> None:
        made = await add(organization, withToken=True)
        rows = await owner.connection.fetch(
            "SELECT action, changes::text FROM audit_event WHERE organization_id = $1"
            " ORDER BY sequence DESC LIMIT 2",
            user_key(organization.admin_id)[0],
        )
        assert [row["action"] for row in rows] == [
            "application_user:token:generate",
            "organization:user:add",
        ]
        secret = made["fullToken"].rpartition("_")[2]
        assert not any(secret in row["changes"] for row in rows)


class TestAlreadyMember:
    async def test_it_names_the_person(self, organization: Organization, owner: Owner) -> None:
        first = await add(organization, **IDENTITY)
        before = await owner.snapshot(organization.id)
        refused = await add(organization, name="Other", **IDENTITY)
        assert refused["__typename"] == "AlreadyMemberError"
        assert refused["organizationUserId"] == first["organizationUser"]["id"]
        assert "already" in refused["message"]
        assert await owner.snapshot(organization.id) == before

    async def test_one_of_eight_at_once_joins(self, organization: Organization) -> None:
        made = await asyncio.gather(*(add(organization, **IDENTITY) for _ in range(8)))
        kinds = [one["__typename"] for one in made]
        assert kinds.count("AddOrganizationUserSuccess") == 1
        assert kinds.count("AlreadyMemberError") == 7

    async def test_a_deactivated_person_keeps_its_identity(
        self, organization: Organization
    ) -> None:
        user_id = await person(organization)
        await organization.admin.mutate(
            "updateOrganizationUser",
            "__typename",
            organizationUserId=user_id,
            state="DEACTIVATED",
        )
        assert (await add(organization, **IDENTITY))["__typename"] == "AlreadyMemberError"

    async def test_a_removed_one_does_not(self, organization: Organization) -> None:
        user_id = await person(organization)
        await organization.admin.mutate(
            "removeOrganizationUser", "__typename", organizationUserId=user_id
        )
        again = await add(organization, **IDENTITY)
        assert again["organizationUser"]["id"] != user_id

    async def test_another_organization_is_another_world(
        self, new_organization: Callable[[], Awaitable[Organization]]
    ) -> None:
        for organization in (await new_organization(), await new_organization()):
            made = await add(organization, **IDENTITY)
            assert made["__typename"] == "AddOrganizationUserSuccess"

    @pytest.mark.parametrize("other", [{"subject": "Ada"}, {"issuer": f"{ISSUER}/"}])
    async def test_identities_are_as_they_are_written(
        self, organization: Organization, other: dict[str, Any]
    ) -> None:
        await add(organization, **IDENTITY)
        made = await add(organization, **IDENTITY | other)
        assert made["__typename"] == "AddOrganizationUserSuccess"


class TestInvalidInput:
    @pytest.mark.parametrize(
        ("fields", "paths"),
        [
            ({}, ["subject"]),
            ({"issuer": ISSUER}, ["subject"]),
            ({"subject": "ada"}, ["issuer"]),
            ({"withToken": True, "subject": "ada"}, ["subject"]),
            ({"withToken": True, **IDENTITY}, ["issuer", "subject"]),
            ({"withToken": True, "tokenMaxAgeSeconds": 599}, ["tokenMaxAgeSeconds"]),
            ({"withToken": True, "tokenMaxAgeSeconds": 315_360_001}, ["tokenMaxAgeSeconds"]),
            ({"withToken": True, "idempotencyKey": ""}, ["idempotencyKey"]),
            (
                {"name": " ", "email": "x", "idempotencyKey": "k", "tokenMaxAgeSeconds": 1},
                ["name", "email", "subject", "tokenMaxAgeSeconds", "idempotencyKey"],
            ),
        ],
    )
    async def test_all_of_it_is_named(
        self, organization: Organization, owner: Owner, fields: dict[str, Any], paths: list[str]
    ) -> None:
        before = await owner.snapshot(organization.id)
        refused = await add(organization, **fields)
        assert [problem["path"] for problem in refused["fields"]] == paths
        assert await owner.snapshot(organization.id) == before

    @pytest.mark.parametrize(
        ("caller", "path"),
        [
            ({"maxAgeSeconds": WEEK - 1}, "tokenMaxAgeSeconds"),
            ({"ipAllowlist": ["127.0.0.0/8"]}, "withToken"),
            ({"scopes": ["user:write"]}, "withToken"),
        ],
    )
    async def test_a_token_makes_none_that_is_wider_than_itself(
        self, organization: Organization, owner: Owner, caller: dict[str, Any], path: str
    ) -> None:
        robot = await organization.user("robot")
        await owner.grant(robot)
        _, full = await organization.token(robot, **caller)
        refused = await add(organization, organization.admin.with_token(full), withToken=True)
        (problem,) = refused["fields"]
        assert (problem["path"], problem["code"]) == (path, "EXCEEDS_CALLER")

    async def test_what_stays_inside_is_made(
        self, organization: Organization, owner: Owner
    ) -> None:
        robot = await organization.user("robot")
        await owner.grant(robot)
        _, full = await organization.token(robot, maxAgeSeconds=3600)
        made = await add(
            organization,
            organization.admin.with_token(full),
            withToken=True,
            tokenMaxAgeSeconds=3000,
        )
        assert await is_accepted(organization.admin, made["fullToken"])


class TestForbidden:
    async def test_only_an_administrator_makes_a_token(
        self, organization: Organization, owner: Owner
    ) -> None:
        _, mary = await people_manager(organization, owner)
        before = await owner.snapshot(organization.id)
        assert await add(organization, mary, withToken=True) == ["FORBIDDEN"]
        assert await owner.snapshot(organization.id) == before

    async def test_who_manages_application_users_adds_nobody(
        self, organization: Organization, owner: Owner
    ) -> None:
        caller = await manager(organization, owner)
        assert await add(organization, caller, **IDENTITY) == ["FORBIDDEN"]

    async def test_without_the_scope(self, organization: Organization, owner: Owner) -> None:
        robot = await organization.user("robot")
        await owner.grant(robot, USERS_WRITE)
        _, full = await organization.token(robot, scopes=["user:read", "authentication:write"])
        caller = organization.admin.with_token(full)
        assert await add(organization, caller, **IDENTITY) == ["FORBIDDEN"]
