"""How many SQL statements groups take: the same for one and for many."""

import functools
from collections.abc import AsyncGenerator

import pytest
from strawberry.dataloader import DataLoader

from tests.api.grouping import manager
from tests.api.test_statements import count
from tests.api_client import Api, Organization
from tests.conftest import settings_for
from tests.owner import Owner, organization_key
from tests.postgres import Urls
from tests.service import Service, started

DOCUMENT = """query($o: ID!) { groups(organizationId: $o, first: 25) { nodes {
    id name createdBy { id } holdsPermissions viewerCanDelete viewerCanChangeMembers
    latest: members(first: 1) { edges { joinTime node { id } } }
    members(first: 10) { nodes { id name } edges { cursor joinTime node { name email } } } } } }"""


@pytest.fixture(scope="module")
async def narrow(urls: Urls) -> AsyncGenerator[Service]:
    """An application with a single connection, so that one logger sees every statement."""
    settings = settings_for(urls, database_connections=1, activity_flush_seconds=60)
    async with started(settings) as running:
        yield running


@pytest.fixture
async def caller(narrow: Service, organization: Organization, owner: Owner) -> Api:
    """Who manages groups: for an administrator the guard needs no statement."""
    return await narrow.caller(token=(await manager(organization, owner)).token)


async def fill(organization: Organization, owner: Owner, groups: int, members: int) -> None:
    """Add groups with a permission, a creator and members of their own each."""
    await owner.connection.execute(
        """
        WITH made AS (
            INSERT INTO user_group (organization_id, group_id, name, name_key, created_by)
            SELECT $1, id, id, id, (SELECT user_id FROM organization_user
                                     WHERE organization_id = $1 LIMIT 1)
              FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $2::integer)) AS ids
            RETURNING group_id
        ), joined AS (
            INSERT INTO organization_user
                   (organization_id, user_id, is_application_user, name, name_key, email)
            SELECT $1, gen_random_uuid(), false, group_id || ' ' || n, 'n', 'p@acme.example'
              FROM made, generate_series(1, $3::integer) AS n
            RETURNING user_id, left(name, 36)::uuid AS group_id
        ), granted AS (
            INSERT INTO permission_grant
                   (organization_id, principal_id, is_group, resource_id, permission)
            SELECT $1, group_id, true, $1, 'organization:app_users:write' FROM made
        )
        INSERT INTO group_member (organization_id, group_id, user_id)
        SELECT $1, group_id, user_id FROM joined
        """,
        organization_key(organization.id),
        groups,
        members,
    )


async def test_few_and_many_take_the_same(
    organization: Organization, owner: Owner, narrow: Service, caller: Api
) -> None:
    await fill(organization, owner, 1, 12)
    few = await count(narrow, caller, organization.id, DOCUMENT)
    await fill(organization, owner, 24, 12)
    assert await count(narrow, caller, organization.id, DOCUMENT) == few
    # The look-up of the token, the list, two kinds of pages of members, what holds permissions
    # for who reads and for who writes, and three rounds of users: who created the groups, and who
    # is on the pages of either kind.
    assert few <= 9
    found = await caller.query(DOCUMENT, o=organization.id)
    nodes = found["groups"]["nodes"]
    assert len(nodes) == 25
    assert sum(len(node["members"]["nodes"]) for node in nodes) == 25 * 10
    assert {node["holdsPermissions"] for node in nodes} == {True}
    assert {node["viewerCanDelete"] for node in nodes} == {False}


async def test_a_statement_for_each_group_would_be_seen(
    organization: Organization,
    owner: Owner,
    narrow: Service,
    caller: Api,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control of the counting."""
    await fill(organization, owner, 20, 1)
    careless = functools.partial(DataLoader, max_batch_size=1)
    monkeypatch.setattr("app.api.loaders.DataLoader", careless)
    assert await count(narrow, caller, organization.id, DOCUMENT) > 40
