"""What ``/metrics`` counts: requests, verifications, look-ups, what waits, and hidden failures."""

import asyncio
from collections.abc import AsyncGenerator
from uuid import uuid4

import pytest

from app import metrics, token_format
from app.authentication import Authenticator
from app.database import DatabaseUnavailable
from app.web.forward_auth import ForwardAuth
from tests.api_client import Api, Organization
from tests.conftest import settings_for
from tests.postgres import Urls
from tests.service import Service, started
from tests.web import shown_metrics
from tests.web.shown_metrics import Shown

VERIFY = 'http_request_duration_seconds_count{route="/verify",status="%s"}'


@pytest.fixture
async def service(urls: Urls) -> AsyncGenerator[Service]:
    """One that writes uses and refusals when a test says so."""
    async with started(settings_for(urls, activity_flush_seconds=60)) as running:
        yield running


@pytest.fixture
async def caller(service: Service) -> Api:
    return await service.caller()


async def verify(caller: Api, token: str, organization_id: str = "any") -> int:
    """Ask whether a token is good; return the status."""
    answer = await caller.client.get(
        "/verify",
        params={"organization_id": organization_id},
        headers={"Authorization": f"Bearer {token}"},
    )
    return answer.status_code


def other_secret(token: str) -> str:
    """Return a well-formed token of the same ids with another secret."""
    recognized = token_format.recognize(token)
    assert recognized is not None
    return token_format.make(recognized.organization_id, recognized.token_id)


async def refused_tokens(organization: Organization) -> dict[str, str]:
    """Return a token for each of some reasons to refuse it."""
    user_id = await organization.user()
    revoked_id, revoked = await organization.token(user_id)
    await organization.admin.mutate("revokeToken", "token { id }", tokenId=revoked_id)
    _, elsewhere = await organization.token(user_id, ipAllowlist=["192.0.2.0/24"])
    return {
        "MALFORMED": "appu_nothing",
        "UNKNOWN": token_format.make(uuid4(), uuid4()),
        "WRONG_SECRET": other_secret(revoked),
        "REVOKED": revoked,
        "NETWORK": elsewhere,
    }


class TestVerifications:
    async def test_by_outcome_and_reason(self, caller: Api, organization: Organization) -> None:
        assert organization.admin.token is not None
        tokens = await refused_tokens(organization)
        before = await shown_metrics.read(caller.client)
        assert await verify(caller, organization.admin.token) == 200
        for token in tokens.values():
            assert await verify(caller, token) == 401
        other = "org_" + "0" * 22
        assert await verify(caller, organization.admin.token, other) == 401
        after = await shown_metrics.read(caller.client)
        assert after.since(before, 'verifications_total{outcome="active"}') == 1
        assert after.since(before, 'verifications_total{outcome="inactive"}') == 6
        for reason in (*tokens, "ELSEWHERE"):
            assert after.since(before, f'token_refusals_total{{reason="{reason}"}}') == 1, reason
        assert after.since(before, VERIFY % "2xx") == 1
        assert after.since(before, VERIFY % "4xx") == 6

    async def test_a_pepper_that_is_missing(self, urls: Urls, organization: Organization) -> None:
        """All tokens are refused, as ever, and the operator sees why."""
        assert organization.admin.token is not None
        async with started(settings_for(urls, pepper=f"2:{'another-pepper' * 3}")) as service:
            caller = await service.caller()
            before = await shown_metrics.read(caller.client)
            assert await verify(caller, organization.admin.token) == 401
            after = await shown_metrics.read(caller.client)
            assert after.since(before, 'token_refusals_total{reason="PEPPER_MISSING"}') == 1

    async def test_a_good_token_that_may_not(self, caller: Api, organization: Organization) -> None:
        _, token = await organization.token(await organization.user())
        before = await shown_metrics.read(caller.client)
        answer = await caller.client.get(
            "/verify",
            params={"organization_id": "any", "permission": "organization:tokens:verify"},
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 403
        after = await shown_metrics.read(caller.client)
        assert after.since(before, 'verifications_total{outcome="active"}') == 1

    async def test_unavailable(
        self, caller: Api, organization: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert organization.admin.token is not None
        before = await shown_metrics.read(caller.client)

        async def away(*_arguments: object) -> object:
            raise DatabaseUnavailable("away")

        with monkeypatch.context() as broken:
            broken.setattr("app.look_up_lines.Line._ask_database", away)
            assert await verify(caller, organization.admin.token) == 503
        after = await shown_metrics.read(caller.client)
        assert after.since(before, 'verifications_total{outcome="unavailable"}') == 1
        assert after.since(before, VERIFY % "503") == 1

    async def test_introspection_counts_the_caller_too(
        self, caller: Api, organization: Organization
    ) -> None:
        before = await shown_metrics.read(caller.client)
        answer = await caller.client.post(
            "/introspect",
            data={"token": "appu_nothing"},
            headers={"Authorization": f"Bearer {organization.admin.token}"},
        )
        assert answer.json() == {"active": False}
        after = await shown_metrics.read(caller.client)
        assert after.since(before, 'verifications_total{outcome="active"}') == 1
        assert after.since(before, 'token_refusals_total{reason="MALFORMED"}') == 1

    async def test_look_ups(self, caller: Api, organization: Organization) -> None:
        assert organization.admin.token is not None
        before = await shown_metrics.read(caller.client)
        await verify(caller, organization.admin.token)
        after = await shown_metrics.read(caller.client)
        assert after.since(before, 'look_up_tokens_bucket{le="1.0"}') == 1
        assert after.since(before, "look_up_duration_seconds_count") == 1


class TestRequests:
    async def test_of_a_path_that_somebody_made_up(self, caller: Api) -> None:
        before = await shown_metrics.read(caller.client)
        secret = token_format.make(uuid4(), uuid4())
        for path in (f"/{secret}", "/nothing/at/all", "/introspect/x"):
            assert (await caller.client.get(path)).status_code == 404
        text = (await caller.client.get("/metrics")).text
        after = shown_metrics.parsed(text)
        unmatched = 'http_request_duration_seconds_count{route="unmatched",status="4xx"}'
        assert after.since(before, unmatched) == 3
        assert "appu_" not in text

    async def test_by_template(self, caller: Api) -> None:
        before = await shown_metrics.read(caller.client)
        for path in ("/healthz", "/static/nothing.js", "/static/else.js"):
            await caller.client.get(path)
        after = await shown_metrics.read(caller.client)
        count = "http_request_duration_seconds_count"
        assert after.since(before, f'{count}{{route="/healthz",status="2xx"}}') == 1
        static = f'{count}{{route="/static/{{path:path}}",status="4xx"}}'
        assert after.since(before, static) == 2

    async def test_of_graphql(self, caller: Api, organization: Organization) -> None:
        before = await shown_metrics.read(caller.client)
        await caller.run("{ nothing }")
        await caller.with_token("appu_nothing").run("{ viewer { memberships { organizationId } } }")
        fields = " ".join(f"a{number}: __typename" for number in range(31))
        await caller.with_token(organization.admin.token).run(f"{{ {fields} }}")
        after = await shown_metrics.read(caller.client)
        assert after.since(before, 'graphql_errors_total{code="BAD_REQUEST"}') >= 2
        assert after.since(before, 'graphql_errors_total{code="UNAUTHENTICATED"}') == 1
        assert after.since(before, "graphql_documents_refused_total") == 1


class TestHiddenFailures:
    """What is masked for the caller is counted, and what is no bug is not."""

    SAMPLE = 'internal_errors_total{source="%s"}'

    async def broken(self, caller: Api, token: str | None) -> tuple[Shown, Shown]:
        before = await shown_metrics.read(caller.client)
        answer = await caller.with_token(token).run("{ viewer { memberships { userId } } }")
        assert answer.response.status_code == 500
        assert await verify(caller, str(token)) == 500
        return before, await shown_metrics.read(caller.client)

    def break_both(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def bug(*_arguments: object, **_options: object) -> object:
            raise RuntimeError("a bug")

        monkeypatch.setattr(Authenticator, "authenticate", bug)
        monkeypatch.setattr(ForwardAuth, "_answer", bug)

    async def test_in_each_way_in(
        self, caller: Api, organization: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.break_both(monkeypatch)
        before, after = await self.broken(caller, organization.admin.token)
        assert after.since(before, self.SAMPLE % "graphql") == 1
        assert after.since(before, self.SAMPLE % "http") == 1
        assert after.since(before, VERIFY % "5xx") == 1

    async def test_control_without_the_count(
        self, caller: Api, organization: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def forget(_source: str) -> None:
            pass

        self.break_both(monkeypatch)
        monkeypatch.setattr(metrics, "bug", forget)
        before, after = await self.broken(caller, organization.admin.token)
        assert after.since(before, self.SAMPLE % "graphql") == 0
        assert after.since(before, self.SAMPLE % "http") == 0

    async def test_an_outage_is_none(
        self, caller: Api, organization: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def away(*_arguments: object, **_options: object) -> object:
            raise DatabaseUnavailable("away")

        before = await shown_metrics.read(caller.client)
        monkeypatch.setattr(Authenticator, "authenticate", away)
        answer = await caller.with_token(organization.admin.token).run("{ __typename }")
        assert answer.response.status_code == 503
        after = await shown_metrics.read(caller.client)
        for source in metrics.BUG_SOURCES:
            assert after.since(before, self.SAMPLE % source) == 0
        assert after.since(before, 'graphql_errors_total{code="UNAVAILABLE"}') == 1


class TestWhatWaits:
    async def test_uses(
        self, caller: Api, service: Service, shared: Service, organization: Organization
    ) -> None:
        assert organization.admin.token is not None
        # What another test has left to write would be counted, too.
        await shared.activity.flush()
        await verify(caller, organization.admin.token)
        waiting = await shown_metrics.read(caller.client)
        assert waiting["uses_waiting"] == 1
        assert waiting["uses_flush_lag_seconds"] > 0
        await service.activity.flush()
        written = await shown_metrics.read(caller.client)
        assert written["uses_waiting"] == written["uses_flush_lag_seconds"] == 0
        assert written.since(waiting, "uses_written_total") == 1

    async def test_refusals(
        self, caller: Api, service: Service, organization: Organization
    ) -> None:
        revoked = (await refused_tokens(organization))["REVOKED"]
        await verify(caller, revoked)
        await asyncio.sleep(0)  # It is noted behind the answer.
        waiting = await shown_metrics.read(caller.client)
        assert waiting["audit_refusals_waiting"] == 1
        assert waiting["audit_refusals_lag_seconds"] > 0
        await service.write_refusals()
        assert (await shown_metrics.read(caller.client))["audit_refusals_waiting"] == 0

    async def test_connections(self, caller: Api, service: Service) -> None:
        general, _ = service.databases
        sample = 'database_connections{pool="general",state="in_use"}'
        before = (await shown_metrics.read(caller.client))[sample]
        async with general.connection(), general.share(1).connection():
            assert (await shown_metrics.read(caller.client))[sample] == before + 2
        assert (await shown_metrics.read(caller.client))[sample] == before

    async def test_who_waits_for_a_connection(self, urls: Urls) -> None:
        settings = settings_for(urls, database_connections=1)
        async with started(settings) as service:
            general, _ = service.databases
            caller = await service.caller()

            async def wait() -> None:
                async with general.connection():
                    pass

            async with general.connection():
                waiting = [asyncio.create_task(wait()) for _ in range(3)]
                await asyncio.sleep(0)
                found = await shown_metrics.read(caller.client)
                assert found['database_connections_awaited{pool="general"}'] == 3
            await asyncio.gather(*waiting)
            found = await shown_metrics.read(caller.client)
            assert found['database_connections_awaited{pool="general"}'] == 0
