"""The parts of the provider that need no Terraform."""

import json
from typing import Any

import pytest
from msgpack import ExtType
from tf.schema import Schema
from tf.types import Unknown
from tf.utils import Diagnostics

from app.client import ClientError, Refused
from app.client.errors import FieldProblem
from app.remote import profiles
from app.terraform import access, failures
from app.terraform.checks import Checks
from app.terraform.diagnostics import Problem
from app.terraform.kinds.token import Token
from app.terraform.kinds.user_list import USER
from app.terraform.values import Flag, Keepers, NetworkSet, TextSet

NOTHING: dict[str, Any] = {"url": None, "token": None, "allow_http": None}
REFINED = ExtType(12, b"\x81\x01\xc2")
HERE, THERE = "https://here.example", "https://there.example"


class TestAccess:
    """A token goes to the address that stands beside it."""

    def test_both_of_the_configuration(self) -> None:
        chosen = access.chosen(
            NOTHING | {"url": HERE, "token": "mine"},
            {access.URL: THERE, access.TOKEN: "theirs"},
        )
        assert (chosen.url, chosen.token) == (f"{HERE}/graphql", "mine")
        assert "mine" not in repr(chosen)

    def test_both_of_the_environment(self) -> None:
        chosen = access.chosen(NOTHING, {access.URL: THERE, access.TOKEN: "theirs"})
        assert (chosen.url, chosen.token) == (f"{THERE}/graphql", "theirs")

    def test_the_same_address_in_both(self) -> None:
        chosen = access.chosen(
            NOTHING | {"url": f"{HERE}/"}, {access.URL: f"{HERE}/graphql", access.TOKEN: "theirs"}
        )
        assert chosen.token == "theirs"

    @pytest.mark.parametrize(
        ("config", "environment", "attribute"),
        [
            ({"url": HERE}, {access.URL: THERE, access.TOKEN: "theirs"}, "url"),
            ({"url": HERE}, {access.TOKEN: "theirs"}, "url"),
            ({"url": HERE}, {}, "token"),
            ({"token": "mine"}, {access.URL: THERE, access.TOKEN: "theirs"}, "token"),
            ({"url": Unknown, "token": "mine"}, {}, "url"),
            ({"url": HERE, "token": REFINED}, {}, "token"),
            ({}, {access.URL: THERE}, None),
            ({}, {access.TOKEN: "theirs"}, None),
            ({}, {}, None),
            ({"url": "appu_pasted", "token": "mine"}, {}, "url"),
            ({"url": "http://here.example", "token": "mine"}, {}, "url"),
        ],
    )
    def test_refused(
        self, config: dict[str, Any], environment: dict[str, str], attribute: str | None
    ) -> None:
        with pytest.raises(Problem) as refused:
            access.chosen(NOTHING | config, environment)
        assert refused.value.attribute == attribute
        said = refused.value.summary + refused.value.detail
        assert not any(secret in said for secret in ("mine", "theirs", "appu_pasted"))

    @pytest.mark.parametrize(
        ("said", "is_allowed"),
        [("1", True), ("TRUE", True), ("yes", True), (" on ", True), ("", False), ("off", False)],
    )
    def test_http_is_allowed_in_the_words_of_the_command_line(
        self, said: str, is_allowed: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        environment = {access.URL: HERE, access.TOKEN: "a", access.ALLOW_HTTP: said}
        assert access.chosen(NOTHING, environment).allow_http is is_allowed
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        assert profiles.target(None, None).allow_http is is_allowed

    def test_http_where_it_is_meant(self) -> None:
        config = NOTHING | {"url": "http://here.example", "token": "mine", "allow_http": True}
        assert access.chosen(config, {}).allow_http
        environment = {access.URL: "http://here.example", access.TOKEN: "a", access.ALLOW_HTTP: "1"}
        assert access.chosen(NOTHING, environment).allow_http
        with pytest.raises(Problem, match="allow_http = true"):
            access.chosen(NOTHING | {"allow_http": False}, environment)


class TestValues:
    @pytest.mark.parametrize("unknown", [Unknown, REFINED])
    def test_what_is_not_known_yet_is_like_nothing_known(self, unknown: object) -> None:
        for kind in (TextSet(), NetworkSet()):
            assert not kind.semantically_equal(["a"], unknown)
            assert not kind.semantically_equal(None, unknown)
            assert not kind.semantically_equal(["a"], ["a", unknown])
            assert kind.encode(kind.decode(unknown)) is unknown
        assert not Keepers().semantically_equal({"a": "b"}, {"a": unknown})
        assert not Keepers().semantically_equal({"a": "b"}, unknown)
        assert USER.decode(unknown) is unknown

    def test_sets_have_no_order(self) -> None:
        assert TextSet().semantically_equal(["a", "b"], ["b", "a"])
        assert not TextSet().semantically_equal(["a"], ["a", "b"])
        assert not TextSet().semantically_equal([], None)

    def test_networks_are_compared_as_such(self) -> None:
        assert NetworkSet().semantically_equal(["192.0.2.7"], ["192.0.2.7/32"])
        assert NetworkSet().semantically_equal(["2001:DB8::/32"], ["2001:db8::/32"])
        assert not NetworkSet().semantically_equal(["192.0.2.0/24"], ["192.0.2.0/25"])

    def test_left_out_is_false(self) -> None:
        assert Flag().semantically_equal(None, False)
        assert not Flag().semantically_equal(None, True)

    def test_to_begin_and_to_end_keeping_changes_nothing(self) -> None:
        assert Keepers().semantically_equal(None, {"a": "b"})
        assert Keepers().semantically_equal({"a": "b"}, None)
        assert not Keepers().semantically_equal({"a": "b"}, {"a": "c"})

    def test_objects_have_the_protocols_type(self) -> None:
        kind, attributes = json.loads(USER.tf_type())
        assert kind == "object"
        assert attributes["user_info"][0] == "list"


class TestChecks:
    @pytest.mark.parametrize("unknown", [Unknown, REFINED])
    def test_what_is_not_known_yet_is_not_judged(self, unknown: object) -> None:
        diagnostics = Diagnostics()
        config = dict.fromkeys((each.name for each in Token.get_schema().attributes), unknown)
        checks = Checks(diagnostics, config)
        checks.ids("organization_id", "user_id")
        checks.description()
        checks.lifetime()
        checks.networks("ip_allowlist")
        checks.members("scopes")
        Checks(diagnostics, {"ip_allowlist": [unknown]}).networks("ip_allowlist")
        assert not diagnostics.has_errors()

    @pytest.mark.parametrize("value", [[None], ["10.0.0.0/8", None], []])
    def test_a_member_that_is_null(self, value: list[str | None]) -> None:
        diagnostics = Diagnostics()
        Checks(diagnostics, {"ip_allowlist": value}).networks("ip_allowlist")
        assert diagnostics.has_errors()

    def test_fractions_of_seconds(self) -> None:
        diagnostics = Diagnostics()
        Checks(diagnostics, {"max_age_seconds": 3600.5}).lifetime()
        assert diagnostics.has_errors()


class TestFailures:
    def said(self, error: Exception) -> str:
        diagnostics = Diagnostics()
        failures.report(diagnostics, error, Token.get_schema())
        return str(diagnostics)

    def test_a_problem_of_a_field_is_told_at_its_attribute(self) -> None:
        fields = (
            FieldProblem("ipAllowlist.1", "INVALID_NETWORK", "bad network"),
            FieldProblem("applicationUserId", "INVALID_ID", "bad id"),
            FieldProblem("idempotencyKey", "TOO_LONG", "bad key"),
        )
        lines = self.said(Refused("InvalidInputError", "no", fields)).splitlines()
        assert "(ip_allowlist)" in lines[0]
        assert "(user_id)" in lines[1]
        assert "(" not in lines[2].partition("::")[0]

    def test_an_unknown_refusal_keeps_its_reason(self) -> None:
        assert "not today" in self.said(Refused("FutureError", "not today"))
        assert "no idea" in self.said(ClientError("no idea"))

    def test_a_bug_is_not_quoted(self, capfd: pytest.CaptureFixture[str]) -> None:
        said = self.said(ValueError("appu_secret"))
        assert "ValueError" in said
        assert "appu_secret" not in said + capfd.readouterr().err


def test_a_state_of_an_earlier_release_gets_what_it_has_not() -> None:
    schema: Schema = Token.get_schema()
    kept = Token.upgrade(Token.__new__(Token), None, 0, {"id": "a", "gone": "b"})  # pyright: ignore[reportArgumentType]
    assert kept["id"] == "a"
    assert set(kept) == {each.name for each in schema.attributes}
