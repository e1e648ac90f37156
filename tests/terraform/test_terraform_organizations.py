"""A token of two organizations makes, finds and imports nothing under the wrong one."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import pytest
from tf import iface
from tf.utils import Diagnostics

from app import ids, organizations
from app.asgi import create_app
from app.client import Client
from app.client.generated import (
    CreateApplicationUserInput,
    CreateGroupInput,
    PermissionGrantFilter,
)
from app.database import Database
from app.terraform.kinds.application_user import ApplicationUser, ApplicationUserSource
from app.terraform.kinds.group import Group
from app.terraform.kinds.group_member import GroupMember
from app.terraform.kinds.permission import Permission
from app.terraform.kinds.token import Token
from app.terraform.managed import Managed
from tests.conftest import PEPPERS, settings_for
from tests.issuer import issuer_at_work
from tests.owner import ADMIN
from tests.postgres import Urls
from tests.terraform.called import adopt, configured, create, read
from tests.web.connections import served

READ = "organization:event_logs:read"
AT = "(organization_id)"


@dataclass(frozen=True)
class Both:
    """Somebody who administers two organizations, and what there is in the second."""

    url: str
    token: str = field(repr=False)
    here: str
    there: str
    person: str
    user: str
    group: str


@pytest.fixture(scope="module")
async def both(urls: Urls, database: Database) -> AsyncGenerator[Both]:
    async with issuer_at_work() as issuer:
        app = create_app(settings_for(urls, oidc_issuer=issuer.url))
        async with app.router.lifespan_context(app), served(app) as server:
            here, there = [
                await organizations.bootstrap(
                    database,
                    PEPPERS,
                    name=name,
                    admin_email="g@acme.example",
                    admin_identity=(issuer.url, "grace"),
                )
                for name in ("Terraform here", "Terraform there")
            ]
            url = f"http://127.0.0.1:{server.port}"
            token = issuer.sign("grace", exp=4_000_000_000)
            there_id = ids.organization_id(there.organization_id)
            async with Client(url, token) as client:
                user = await client.create_application_user(
                    CreateApplicationUserInput(organization_id=there_id, name="tf-there")
                )
                group = await client.create_group(
                    CreateGroupInput(organization_id=there_id, name="tf-there")
                )
            yield Both(
                url,
                token,
                ids.organization_id(here.organization_id),
                there_id,
                ids.member_id("user", there.organization_id, there.user_id),
                user.application_user.id,
                group.group.id,
            )


@pytest.fixture
async def client(both: Both) -> AsyncGenerator[Client]:
    """That person, beside Terraform."""
    async with Client(both.url, both.token) as client:
        yield client


def things(both: Both) -> list[tuple[type[Managed], dict[str, Any]]]:
    """Return what the API makes by the ids of users, groups and principals alone."""
    grants: list[tuple[type[Managed], dict[str, Any]]] = [
        (
            Permission,
            {"resource_id": both.there, "principal_id": principal, "permissions": permissions},
        )
        for principal, permissions in (
            (both.user, [READ]),
            (both.group, [READ]),
            # Somebody has to stay administrator.
            (both.person, [READ, ADMIN]),
        )
    ]
    return [
        (Token, {"user_id": both.user}),
        (GroupMember, {"group_id": both.group, "user_id": both.user}),
        *grants,
    ]


async def made(both: Both, client: Client) -> list[int]:
    """Return how many tokens and groups the user has, and how many hold that permission."""
    tokens = await client.tokens(both.there, both.user)
    member = await client.group_members(both.group)
    assert member is not None
    grants = await client.permission_grants(
        both.there, filter_=PermissionGrantFilter(resource_id=both.there)
    )
    return [
        len(tokens.nodes),
        len(member.members.edges),
        sum(each.permission == READ for each in grants.nodes),
    ]


async def test_nothing_is_made_under_the_wrong_organization(both: Both, client: Client) -> None:
    before = await made(both, client)
    for kind, values in things(both):
        # A provider of its own for each, which has seen nothing that it could know it by.
        with configured(both.url, both.token) as provider:
            state, said = await asyncio.to_thread(
                create, provider, kind, organization_id=both.here, **values
            )
        assert state is None
        assert AT in said
        assert both.there in said
    assert await made(both, client) == before


async def test_what_is_under_the_wrong_organization_is_not_taken_for_gone(
    both: Both, client: Client
) -> None:
    """The control first: under the right one all of it is made, found and imported."""
    with configured(both.url, both.token) as provider:
        states: list[tuple[type[Managed], dict[str, Any]]] = []
        for kind, values in [
            (ApplicationUser, {"name": "tf-control"}),
            (Group, {"name": "tf-control"}),
            *things(both),
        ]:
            state, said = await asyncio.to_thread(
                create, provider, kind, organization_id=both.there, **values
            )
            assert state is not None, said
            states.append((kind, state))
            same, said = await asyncio.to_thread(read, provider, kind, state)
            assert (same, said) == (state, "")
            imported, said = await asyncio.to_thread(adopt, provider, kind, state["id"])
            assert imported is not None, said
            assert imported["id"] == state["id"]
    assert (await made(both, client))[1] == 1
    for kind, state in states:
        with configured(both.url, both.token) as provider:
            wrong = state | {"organization_id": both.here}
            kept, said = await asyncio.to_thread(read, provider, kind, wrong)
            assert kept == wrong
            assert AT in said
            elsewhere = state["id"].replace(both.there, both.here, 1)
            imported, said = await asyncio.to_thread(adopt, provider, kind, elsewhere)
            assert imported is None
            assert AT in said


async def test_a_data_source_does_not_look_elsewhere(both: Both) -> None:
    with configured(both.url, both.token) as provider:
        for organization_id, is_there in ((both.here, False), (both.there, True)):
            diagnostics = Diagnostics()
            found = await asyncio.to_thread(
                ApplicationUserSource(provider).read,
                iface.ReadDataContext(diagnostics, ""),
                {"organization_id": organization_id, "user_id": both.user, "name": None},
            )
            assert (found is not None) is is_there
            assert diagnostics.has_errors() is not is_there
