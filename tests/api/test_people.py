"""People, who sign in with an identity provider: a real one, reached over HTTP."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from app import ids, organizations
from app.asgi import create_app
from app.database import Database
from db import presented
from db.pool import Connection
from tests.api_client import Api
from tests.conftest import PEPPERS, settings_for
from tests.issuer import KEY, Issuer, issuer_at_work
from tests.postgres import Urls
from tests.service import Service, started

VIEWER = "{ viewer { memberships { organizationId permissions user { email } } token { id } } }"


@pytest.fixture(scope="module")
async def issuer() -> AsyncGenerator[Issuer]:
    async with issuer_at_work() as running:
        yield running


@pytest.fixture(scope="module")
async def people(issuer: Issuer, urls: Urls) -> AsyncGenerator[Api]:
    """The application, with an identity provider."""
    app = create_app(settings_for(urls, oidc_issuer=issuer.url))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 50000))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield Api(client)


async def _join(database: Database, issuer: Issuer, subject: str) -> str:
    made = await organizations.bootstrap(
        database,
        PEPPERS,
        name="Acme",
        admin_email="p@acme.example",
        admin_identity=(issuer.url, subject),
    )
    return ids.organization_id(made.organization_id)


class TestSignedIn:
    async def test_in_every_organization_of_theirs(
        self, people: Api, issuer: Issuer, database: Database
    ) -> None:
        first = await _join(database, issuer, "ada")
        second = await _join(database, issuer, "ada")
        ada = people.with_token(issuer.sign("ada"))
        viewer = (await ada.query(VIEWER))["viewer"]
        assert {place["organizationId"] for place in viewer["memberships"]} == {first, second}
        assert viewer["token"] is None
        for organization_id in (first, second):
            made = await ada.mutate(
                "createApplicationUser",
                "applicationUser { name createdBy { email } }",
                organizationId=organization_id,
                name="ci",
            )
            assert made["applicationUser"]["createdBy"] == {"email": "p@acme.example"}

    async def test_tokens_work_beside_it(
        self, people: Api, issuer: Issuer, database: Database
    ) -> None:
        organization_id = await _join(database, issuer, "tok")
        admin = people.with_token(issuer.sign("tok"))
        made = await admin.mutate(
            "createApplicationUser",
            "applicationUser { id }",
            organizationId=organization_id,
            name="ci",
        )
        token = await admin.mutate(
            "generateToken", "fullToken", applicationUserId=made["applicationUser"]["id"]
        )
        user = people.with_token(token["fullToken"])
        assert len((await user.query(VIEWER))["viewer"]["memberships"]) == 1


LAST = """query($o: ID!) { organizationUsers(organizationId: $o) {
    nodes { name ... on OrganizationUser { lastActivityTime } } } }"""


class TestLastActivity:
    """When a person last did something, written when a test says so."""

    async def _times(self, caller: Api, service: Service, organization_id: str) -> list[str | None]:
        await service.activity.flush()
        found = await caller.query(LAST, o=organization_id)
        return [node["lastActivityTime"] for node in found["organizationUsers"]["nodes"]]

    async def test_moves_in_each_organization(
        self, issuer: Issuer, urls: Urls, database: Database
    ) -> None:
        places = [await _join(database, issuer, "lovelace") for _ in range(2)]
        settings = settings_for(
            urls, oidc_issuer=issuer.url, activity_flush_seconds=60, last_used_resolution_seconds=0
        )
        async with started(settings) as service:
            ada = await service.caller(token=issuer.sign("lovelace"))
            for place in places:
                assert (await ada.query(LAST, o=place))["organizationUsers"]["nodes"] == [
                    {"name": "p@acme.example", "lastActivityTime": None}
                ]
            for place in places:
                (first,) = await self._times(ada, service, place)
                (second,) = await self._times(ada, service, place)
                assert first is not None
                assert second is not None
                assert first < second

    async def test_once_within_the_resolution(
        self, issuer: Issuer, urls: Urls, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place = await _join(database, issuer, "byron")
        written: list[int] = []
        write = presented.record_token_uses

        async def counted(connection: Connection, uses: Sequence[presented.TokenUse]) -> None:
            # Services of other tests write theirs in the meantime.
            here = [use for use in uses if ids.organization_id(use.organization_id) == place]
            written.extend([len(here)] if here else [])
            await write(connection, uses)

        settings = settings_for(urls, oidc_issuer=issuer.url, activity_flush_seconds=60)
        async with started(settings) as service:
            monkeypatch.setattr(presented, "record_token_uses", counted)
            ada = await service.caller(token=issuer.sign("byron"))
            await asyncio.gather(*(ada.query(VIEWER) for _ in range(5)))
            (first,) = await self._times(ada, service, place)
            assert await self._times(ada, service, place) == [first]
            assert first is not None
            assert written == [1]
            # As if the last one were as long ago as the resolution.
            monkeypatch.setattr(service.activity, "resolution", timedelta(0))
            await service.activity.flush()
            assert service.activity._people == {}  # pyright: ignore[reportPrivateUsage]
            await ada.query(VIEWER)
            (second,) = await self._times(ada, service, place)
            assert second is not None
            assert first < second
            assert written == [1, 1]

    async def test_of_who_is_refused_stays(
        self, issuer: Issuer, urls: Urls, database: Database
    ) -> None:
        await _join(database, issuer, "augusta")
        settings = settings_for(urls, oidc_issuer=issuer.url, activity_flush_seconds=60)
        async with started(settings) as service:
            forged = issuer.sign("augusta", aud="another service")
            assert (await (await service.caller(token=forged)).run(VIEWER)).codes == [
                "UNAUTHENTICATED"
            ]
            assert not service.activity._uses  # pyright: ignore[reportPrivateUsage]


class TestAdded:
    """Somebody whom addOrganizationUser let in."""

    async def test_signs_in_until_deactivated_and_until_removed(
        self, people: Api, issuer: Issuer, database: Database
    ) -> None:
        organization_id = await _join(database, issuer, "root")
        root, eva = (people.with_token(issuer.sign(name)) for name in ("root", "eva"))
        assert (await eva.run(VIEWER)).codes == ["UNAUTHENTICATED"]
        # The issuer is the one that the service is configured with.
        made = await root.mutate(
            "addOrganizationUser",
            "organizationUser { id }",
            organizationId=organization_id,
            name="Eva",
            email="eva@acme.example",
            subject="eva",
        )
        user_id = made["organizationUser"]["id"]
        places = (await eva.query(VIEWER))["viewer"]["memberships"]
        assert places == [
            {
                "organizationId": organization_id,
                "permissions": [],
                "user": {"email": "eva@acme.example"},
            }
        ]
        for state, works in (("DEACTIVATED", False), ("ACTIVE", True)):
            await root.mutate(
                "updateOrganizationUser", "__typename", organizationUserId=user_id, state=state
            )
            assert ((await eva.run(VIEWER)).codes == []) is works
        await root.mutate("removeOrganizationUser", "__typename", organizationUserId=user_id)
        assert (await eva.run(VIEWER)).codes == ["UNAUTHENTICATED"]


class TestRefused:
    @pytest.mark.parametrize(
        "claims",
        [
            {"sub": "stranger"},
            {"exp": 1},
            {"aud": "another service"},
            {"iss": "https://elsewhere.example"},
            {"sub": ""},
            {"sub": None},
        ],
        ids=str,
    )
    async def test_in_one_text(
        self, people: Api, issuer: Issuer, database: Database, claims: dict[str, object]
    ) -> None:
        await _join(database, issuer, "eve")
        assert "errors" not in (await people.with_token(issuer.sign("eve")).run(VIEWER)).body
        refused = await people.with_token(issuer.sign("eve", **claims)).run(VIEWER)
        unknown = await people.with_token("appu_none").run(VIEWER)
        assert refused.response.status_code == 401
        assert refused.response.content == unknown.response.content

    async def test_another_key(self, people: Api, issuer: Issuer, database: Database) -> None:
        await _join(database, issuer, "mallory")
        other = RSAKey.generate_key(2048, {"kid": "first"}, private=True)
        claims = jwt.decode(issuer.sign("mallory"), KEY).claims
        forged = jwt.encode({"alg": "RS256", "kid": "first"}, claims, other)
        assert (await people.with_token(forged).run(VIEWER)).codes == ["UNAUTHENTICATED"]

    async def test_without_an_issuer_no_jwt_is_known(self, api: Api, issuer: Issuer) -> None:
        refused = await api.with_token(issuer.sign("ada")).run(VIEWER)
        assert refused.codes == ["UNAUTHENTICATED"]
