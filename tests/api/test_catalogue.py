"""permissionCatalogue and availableScopes."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from app.catalogue import LEVELS
from tests.api_client import Api, Organization
from tests.conftest import CATALOGUE, settings_for
from tests.postgres import Urls
from tests.service import started

DOCUMENT = """{
    permissionCatalogue {
        name title description levels isRole includes scope isEnforcedHere }
    availableScopes { name description } }"""

EXTENSION = """
[[role]]
name = "role:shop:owner"
description = "May do everything in a shop."
levels = ["PROJECT"]
includes = ["shop:orders:read"]

[[permission]]
name = "shop:orders:read"
title = "See orders"
description = "See orders."
levels = ["ORGANIZATIONAL_UNIT", "PROJECT"]
scope = "orders:read"

[[scope]]
resource = "orders"
read = "See orders."
write = "Change orders."
"""


@pytest.fixture(scope="module")
def extension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An operator's catalogue file."""
    file: Path = tmp_path_factory.mktemp("catalogue") / "shop.toml"
    file.write_text(EXTENSION)
    return file


@pytest.fixture(scope="module")
async def extended(urls: Urls, extension: Path) -> AsyncGenerator[Api]:
    """An application of an operator with a catalogue file."""
    async with started(settings_for(urls, catalogue_file=extension)) as running:
        yield await running.caller()


def by_name(entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return entries without their descriptions, under their names."""
    return {entry["name"]: entry for entry in entries}


class TestPermissionCatalogue:
    async def test_holds_every_entry(self, organization: Organization) -> None:
        found = (await organization.admin.query(DOCUMENT))["permissionCatalogue"]
        assert [entry["name"] for entry in found] == list(CATALOGUE.entries)
        for shown in found:
            entry = CATALOGUE.entries[shown["name"]]
            assert shown == {
                "name": entry.name,
                "title": entry.title,
                "description": entry.description,
                "levels": [level for level in LEVELS if level in entry.levels],
                "isRole": entry.is_role,
                "includes": sorted(entry.includes),
                "scope": entry.scope,
                "isEnforcedHere": entry.is_enforced_here,
            }

    async def test_what_the_administrators_role_is(self, organization: Organization) -> None:
        found = by_name((await organization.admin.query(DOCUMENT))["permissionCatalogue"])
        admin = found["role:organization:admin"]
        assert (admin["isRole"], admin["includes"]) == (True, ["*"])
        assert admin["levels"] == ["ORGANIZATION"]
        assert admin["scope"] is None
        assert found["organization:app_users:write"]["includes"] == []
        assert found["organization:app_users:write"]["scope"] == "authentication:write"

    async def test_with_what_the_operator_added(
        self, organization: Organization, extended: Api
    ) -> None:
        found = by_name(
            (await extended.with_token(organization.admin.token).query(DOCUMENT))[
                "permissionCatalogue"
            ]
        )
        assert len(found) == len(CATALOGUE.entries) + 2
        role = found["role:shop:owner"]
        assert role == {
            "name": "role:shop:owner",
            "title": None,
            "description": "May do everything in a shop.",
            "levels": ["PROJECT"],
            "isRole": True,
            "includes": ["shop:orders:read"],
            "scope": None,
            "isEnforcedHere": False,
        }
        assert found["shop:orders:read"]["scope"] == "orders:read"
        assert found["shop:orders:read"]["levels"] == ["ORGANIZATIONAL_UNIT", "PROJECT"]


class TestAvailableScopes:
    async def test_holds_every_scope(self, organization: Organization) -> None:
        found = (await organization.admin.query(DOCUMENT))["availableScopes"]
        assert found == [
            {"name": scope.name, "description": scope.description}
            for scope in CATALOGUE.scopes.values()
        ]

    async def test_each_can_be_given_to_a_token(
        self, organization: Organization, extended: Api
    ) -> None:
        admin = extended.with_token(organization.admin.token)
        scopes = [scope["name"] for scope in (await admin.query(DOCUMENT))["availableScopes"]]
        assert {"orders:read", "orders:write", "user:read"} <= set(scopes)
        made = await admin.mutate(
            "generateToken",
            "token { scopes }",
            applicationUserId=await organization.user(),
            scopes=scopes,
        )
        assert sorted(made["token"]["scopes"]) == sorted(scopes)


class TestWhoMay:
    async def test_an_application_user_without_grant(self, organization: Organization) -> None:
        _, full = await organization.token(await organization.user(), scopes=["billing:read"])
        found = await organization.admin.with_token(full).query(DOCUMENT)
        assert found == await organization.admin.query(DOCUMENT)

    async def test_nobody_without_a_credential(self, api: Api) -> None:
        assert (await api.run(DOCUMENT)).codes == ["UNAUTHENTICATED"]
