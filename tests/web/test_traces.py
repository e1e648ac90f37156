"""Traces: a span a request, an operation, a root field and a statement, and no word of a caller."""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import httpx
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from app import traces
from app.settings import SettingsError
from app.web.forward_auth import ForwardAuth
from tests.api_client import Api, Organization
from tests.conftest import settings_for
from tests.postgres import Urls
from tests.service import Service, started

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
SECRET = "a-text-that-somebody-pasted"
WHO = """query PastedName($id: ID!) {
  pastedAlias: viewer { memberships { organizationId } } organization(id: $id) { id }
}"""


def is_below(span: ReadableSpan, other: ReadableSpan) -> bool:
    """Tell whether one span is the child of the other."""
    parent, context = span.parent, other.context
    return parent is not None and context is not None and parent.span_id == context.span_id


@dataclass(frozen=True)
class Traced:
    """An application that traces, and its spans."""

    service: Service
    exporter: InMemorySpanExporter

    async def caller(self, token: str | None = None) -> Api:
        """Return a caller, from when on spans are collected."""
        found = await self.service.caller(token=token)
        self.exporter.clear()
        return found

    def spans(self) -> dict[str, ReadableSpan]:
        """Return what ended, by name."""
        return {span.name: span for span in self.exporter.get_finished_spans()}

    def text(self) -> str:
        """Return all there is to every span."""
        return "".join(span.to_json() for span in self.exporter.get_finished_spans())


@pytest.fixture
async def traced(urls: Urls, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Traced]:
    exporter = InMemorySpanExporter()
    monkeypatch.setattr(traces, "_processor", lambda: SimpleSpanProcessor(exporter))
    async with started(settings_for(urls, traces=True)) as service:
        yield Traced(service, exporter)


async def verify(caller: Api, token: str | None, **headers: str) -> httpx.Response:
    sent = {"Authorization": f"Bearer {token}"} | headers
    return await caller.client.get("/verify", params={"organization_id": "any"}, headers=sent)


class TestRequest:
    async def test_has_a_span_with_route_status_and_id(
        self, traced: Traced, organization: Organization
    ) -> None:
        answer = await verify(await traced.caller(), organization.admin.token)
        assert answer.status_code == 200
        span = traced.spans()["GET /verify"]
        assert dict(span.attributes or {}) == {
            "http.request.method": "GET",
            "http.route": "/verify",
            "http.response.status_code": 200,
            "appusers.request_id": answer.headers["x-request-id"],
        }

    async def test_its_statement_is_a_span_below_it(
        self, traced: Traced, organization: Organization
    ) -> None:
        await verify(await traced.caller(), organization.admin.token)
        spans = traced.spans()
        below, request = spans["find_tokens"], spans["GET /verify"]
        assert is_below(below, request)
        assert dict(below.attributes or {}) == {"db.system.name": "postgresql"}

    async def test_goes_on_with_the_trace_of_its_sender(
        self, traced: Traced, organization: Organization
    ) -> None:
        given = {"traceparent": f"00-{TRACE}-{PARENT}-01", "tracestate": f"vendor={SECRET}"}
        await verify(await traced.caller(), organization.admin.token, **given)
        span = traced.spans()["GET /verify"]
        assert span.parent is not None
        assert span.context is not None
        assert f"{span.context.trace_id:032x}" == TRACE
        assert f"{span.parent.span_id:016x}" == PARENT
        assert SECRET not in traced.text()

    @pytest.mark.parametrize("given", ["", "nonsense", "00-0-0-01", "00-" + "é" * 32, SECRET])
    async def test_begins_one_where_that_is_none(self, traced: Traced, given: str) -> None:
        caller = await traced.caller()
        headers = {b"traceparent": given.encode("latin-1")}
        assert (await caller.client.get("/healthz", headers=headers)).status_code == 200
        assert traced.spans()["GET /healthz"].parent is None

    async def test_of_a_path_and_a_method_that_somebody_made_up(self, traced: Traced) -> None:
        caller = await traced.caller()
        await caller.client.request("SECRET", f"/{SECRET}?q={SECRET}")
        assert "_OTHER unmatched" in traced.spans()
        assert SECRET not in traced.text()

    async def test_that_fails_is_marked(
        self, traced: Traced, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def bug(*_arguments: object) -> object:
            raise RuntimeError(SECRET)

        monkeypatch.setattr(ForwardAuth, "_answer", bug)
        answer = await verify(await traced.caller(), "appu_x")
        assert answer.status_code == 500
        assert traced.spans()["GET /verify"].status.status_code is StatusCode.ERROR
        assert SECRET not in traced.text()


class TestGraphQL:
    async def test_operation_root_fields_and_statements(
        self, traced: Traced, organization: Organization
    ) -> None:
        caller = await traced.caller(organization.admin.token)
        await caller.query(WHO, id=organization.id)
        spans = traced.spans()
        request, operation = spans["POST /graphql"], spans["graphql query"]
        field = spans["Query.viewer"]
        assert is_below(operation, request)
        assert is_below(field, operation)
        assert "Query.organization" in spans
        for word in "Pasted", "pasted", "memberships", organization.id:
            assert word not in traced.text()

    async def test_a_mutation_with_its_transaction(
        self, traced: Traced, organization: Organization
    ) -> None:
        caller = await traced.caller(organization.admin.token)
        made = await caller.mutate(
            "createApplicationUser",
            "applicationUser { id }",
            organizationId=organization.id,
            name=SECRET,
        )
        assert made["__typename"] == "CreateApplicationUserSuccess"
        spans = traced.spans()
        assert {"graphql mutation", "Mutation.createApplicationUser", "BEGIN", "COMMIT"} < set(
            spans
        )
        assert SECRET not in traced.text()

    @pytest.mark.parametrize("document", [f"{{ {'x' * 20} }}", "{", f'{{ a(b: "{SECRET}") }}'])
    async def test_what_is_refused(self, traced: Traced, document: str) -> None:
        await (await traced.caller("appu_x")).run(document)
        await (await traced.caller()).run(document)
        (operation,) = (span for name, span in traced.spans().items() if "graphql" in name.split())
        assert operation.status.status_code is StatusCode.ERROR
        assert SECRET not in traced.text()


class TestSecrets:
    """A token that is sent in every place is in no span."""

    async def send(self, traced: Traced, organization: Organization) -> tuple[str, str]:
        _, token = await organization.token(await organization.user())
        caller = await traced.caller()
        form = {"token": token, "client_ip": "203.0.113.77", "user_agent": "Pasted/1"}
        await caller.client.post(
            "/introspect", data=form, headers={"Authorization": f"Bearer {token}"}
        )
        await caller.client.get(f"/{token}", params={"a": token}, headers={"X-Request-Id": token})
        await caller.client.get(f"/verify/{token}", headers={"traceparent": token})
        await caller.client.post("/revoke", data={"token": token}, headers={"tracestate": token})
        await caller.with_token(token).run(f'{{ a{token}: organization(id: "{token}") {{ id }} }}')
        await caller.with_token(token).run("{ __typename }", {"x": token})
        return token, traced.text()

    def secrets(self, token: str) -> list[str]:
        return [token, token.rsplit("_", 1)[1][:20], "203.0.113.77", "Pasted"]

    async def test_are_in_no_span(self, traced: Traced, organization: Organization) -> None:
        token, text = await self.send(traced, organization)
        assert len(re.findall("http.route", text)) >= 6
        assert [secret for secret in self.secrets(token) if secret in text] == []

    async def test_control_a_span_with_the_path(
        self, traced: Traced, organization: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(traced.service.app, "templates", str)
        token, text = await self.send(traced, organization)
        assert token in text


class TestSwitchedOff:
    async def test_there_is_no_tracer_and_nothing_in_front(self, urls: Urls) -> None:
        async with started(settings_for(urls)) as service:
            assert traces.tracer() is None
            assert not hasattr(service.app, "templates")

    def test_without_the_extra_the_start_says_what_is_missing(
        self, urls: Urls, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(traces, "PACKAGES", ("opentelemetry.nothing", "nothing.at.all"))
        traces.require(settings_for(urls))
        with pytest.raises(SettingsError, match=r"pip install 'application-users\[otel\]'"):
            traces.require(settings_for(urls, traces=True))


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("BEGIN; SET LOCAL app.organization_id = 'x'", "BEGIN"),
        ("ROLLBACK", "ROLLBACK"),
        ("select 'a secret'", "SELECT"),
        ("secret", "statement"),
        ("", "statement"),
    ],
)
def test_names_of_statements(query: str, name: str) -> None:
    assert traces.statement_name(query) == name
