"""The provider against a served API, as the framework calls it, without Terraform."""

from collections.abc import Iterator
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from tf import iface
from tf.types import Unknown
from tf.utils import Diagnostics

from app.client import Client
from app.client.generated import (
    CreateApplicationUserInput,
    DeleteApplicationUserInput,
    GrantPermissionsInput,
    UpdateApplicationUserInput,
    UserState,
)
from app.terraform.connection import Connection
from app.terraform.kinds.application_user import ApplicationUser
from app.terraform.kinds.permission import Permission
from app.terraform.provider import AppusersProvider
from tests.conftest import LiveServer
from tests.terraform.called import configured


@pytest.fixture
def provider(live_server: LiveServer) -> Iterator[AppusersProvider]:
    """A provider that is configured."""
    with configured(live_server.url, live_server.token) as made:
        yield made


async def new_user(client: Client, live_server: LiveServer, name: str) -> dict[str, Any]:
    """Make an application user and return the state of a resource that is it."""
    made = await client.create_application_user(
        CreateApplicationUserInput(organization_id=live_server.organization_id, name=name)
    )
    blank = dict.fromkeys(each.name for each in ApplicationUser.get_schema().attributes)
    return blank | {
        "organization_id": live_server.organization_id,
        "user_id": made.application_user.id,
        "name": name,
    }


async def test_what_is_gone_already_is_deleted(
    provider: AppusersProvider, client: Client, live_server: LiveServer
) -> None:
    user = await new_user(client, live_server, "tf-gone")
    await client.delete_application_user(
        DeleteApplicationUserInput(application_user_id=user["user_id"])
    )
    diagnostics = Diagnostics()
    context = iface.DeleteContext(diagnostics, "")
    assert ApplicationUser(provider).delete(context, user) is None
    assert not diagnostics.has_errors()


async def test_an_update_that_fails_leaves_the_state_as_it_was(
    provider: AppusersProvider, client: Client, live_server: LiveServer
) -> None:
    await new_user(client, live_server, "tf-taken")
    user = await new_user(client, live_server, "tf-renamed")
    diagnostics = Diagnostics()
    context = iface.UpdateContext(diagnostics, "")
    planned = user | {"name": "tf-taken"}
    assert ApplicationUser(provider).update(context, user, planned) == user
    assert "The name is taken" in str(diagnostics)


async def test_what_was_deactivated_stays(
    provider: AppusersProvider, client: Client, live_server: LiveServer
) -> None:
    user = await new_user(client, live_server, "tf-deactivated")
    await client.update_application_user(
        UpdateApplicationUserInput(application_user_id=user["user_id"], state=UserState.DEACTIVATED)
    )
    found = ApplicationUser(provider).read(iface.ReadContext(Diagnostics(), ""), user)
    assert found is not None
    assert found["name"] == "tf-deactivated"


async def test_permissions_that_were_taken_are_told(
    provider: AppusersProvider, client: Client, live_server: LiveServer
) -> None:
    user = await new_user(client, live_server, "tf-granted")
    organization_id = live_server.organization_id
    await client.grant_permissions(
        GrantPermissionsInput(
            principal_id=user["user_id"],
            resource_id=organization_id,
            permissions=["organization:billing:read", "organization:event_logs:read"],
        )
    )
    planned = {
        "id": Unknown,
        "organization_id": organization_id,
        "resource_id": organization_id,
        "principal_id": user["user_id"],
        "permissions": ["organization:event_logs:read"],
    }
    diagnostics = Diagnostics()
    made = Permission(provider).create(iface.CreateContext(diagnostics, ""), planned)
    assert made is not None
    assert made["id"] == f"{organization_id}/{organization_id}/{user['user_id']}"
    assert diagnostics.has_warnings()
    assert "organization:billing:read" in str(diagnostics)
    assert not diagnostics.has_errors()
    # A principal that there is not is named as what is wrong.
    unknown = planned | {"principal_id": f"user_{'0' * 44}"}
    assert Permission(provider).create(iface.CreateContext(diagnostics, ""), unknown) is None
    assert "does not exist" in str(diagnostics)


def test_a_provider_without_configuration_says_so() -> None:
    with start_blocking_portal() as portal:
        diagnostics = Diagnostics()
        user = ApplicationUser(AppusersProvider(Connection(portal)))
        user.import_(iface.ImportContext(diagnostics, ""), "org_1/user_1")
        assert "The provider is not configured" in str(diagnostics)
