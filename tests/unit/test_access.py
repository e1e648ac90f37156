"""Who may do what, as tables that read without the code.

A row is who asks; a column is an act. "yes": it may. "no": it is refused. "404": it is told that
there is no such thing, as for an id that does not exist.
"""

from typing import Any

import pytest

from app import access
from app.access import (
    Actor,
    AppUserReader,
    AppUserWriter,
    AuditReader,
    GroupReader,
    GroupWriter,
    Membership,
    OrgAdmin,
    OrgMember,
    OrgReader,
    Principal,
    TokenVerifier,
    UserReader,
    UserWriter,
)
from app.errors import Forbidden
from app.origins import Origin
from tests.conftest import CATALOGUE
from tests.unit.callers import (
    ACTOR,
    ADMIN,
    ELSEWHERE,
    FULL,
    HERE,
    NOWHERE,
    OTHER_TOKEN,
    OWN_TOKEN,
    outcome,
    somebody,
    token,
)

CALLERS: dict[str, Principal] = {
    "administrator, signed in": somebody(ADMIN),
    "administrator's token": somebody(ADMIN, by=FULL),
    "  with authentication:read": somebody(ADMIN, by=token("authentication:read")),
    "  with authentication:write": somebody(ADMIN, by=token("authentication:write")),
    "  with user:read": somebody(ADMIN, by=token("user:read")),
    "  with user:write": somebody(ADMIN, by=token("user:write")),
    "  with projects:write": somebody(ADMIN, by=token("projects:write")),
    "manager of application users": somebody("organization:app_users:write", by=FULL),
    "manager of people": somebody("organization:users:write", by=FULL),
    "manager of groups": somebody("organization:groups:write", by=FULL),
    "auditor": somebody("organization:event_logs:read", by=FULL),
    "gateway": somebody("organization:tokens:verify", by=FULL),
    "  only authentication:read": somebody(
        "organization:tokens:verify", by=token("authentication:read")
    ),
    "  only user:write": somebody("organization:tokens:verify", by=token("user:write")),
    "two grants": somebody("organization:event_logs:read", "organization:app_users:write", by=FULL),
    "member without a grant": somebody(by=FULL),
    "member with another grant": somebody("organization:billing:write", by=FULL),
    "member with a look-alike": somebody("role:organization:admins", by=FULL),
    "member with a project's role": somebody("admin", by=FULL),
    "administrator elsewhere": Principal(
        {ELSEWHERE: Membership(ELSEWHERE, ACTOR, False, frozenset({ADMIN}))}, CATALOGUE
    ),
    "somebody without any place": Principal({}, CATALOGUE),
}

ACTS: dict[str, type[Actor]] = {
    "look": OrgMember,
    "see users": AppUserReader,
    "edit users": AppUserWriter,
    "see people": UserReader,
    "edit people": UserWriter,
    "see groups": GroupReader,
    "edit groups": GroupWriter,
    "see trail": AuditReader,
    "verify": TokenVerifier,
    "see rights": OrgReader,
    "edit rights": OrgAdmin,
}
"""look: at the organization. users: application users and tokens. rights: grants, units, projects,
policy, webhooks. verify: tokens that others present."""

TABLE = """
who asks                     | look | see users | edit users | see people | edit people | see groups | edit groups | see trail | verify | see rights | edit rights
administrator, signed in     | yes  | yes       | yes        | yes        | yes         | yes        | yes         | yes       | yes    | yes        | yes
administrator's token        | yes  | yes       | yes        | yes        | yes         | yes        | yes         | yes       | yes    | yes        | yes
  with authentication:read   | yes  | yes       | no         | no         | no          | no         | no          | no        | yes    | no         | no
  with authentication:write  | yes  | yes       | yes        | no         | no          | no         | no          | no        | yes    | no         | no
  with user:read             | yes  | no        | no         | yes        | no          | yes        | no          | yes       | no     | yes        | no
  with user:write            | yes  | no        | no         | yes        | yes         | yes        | yes         | yes       | no     | yes        | yes
  with projects:write        | no   | no        | no         | no         | no          | no         | no          | no        | no     | no         | no
manager of application users | yes  | yes       | yes        | no         | no          | no         | no          | no        | no     | no         | no
manager of people            | yes  | no        | no         | yes        | yes         | no         | no          | no        | no     | no         | no
manager of groups            | yes  | no        | no         | yes        | no          | yes        | yes         | no        | no     | no         | no
auditor                      | yes  | no        | no         | no         | no          | no         | no          | yes       | no     | no         | no
gateway                      | no   | no        | no         | no         | no          | no         | no          | no        | yes    | no         | no
  only authentication:read   | no   | no        | no         | no         | no          | no         | no          | no        | yes    | no         | no
  only user:write            | no   | no        | no         | no         | no          | no         | no          | no        | no     | no         | no
two grants                   | yes  | yes       | yes        | no         | no          | no         | no          | yes       | no     | no         | no
member without a grant       | no   | no        | no         | no         | no          | no         | no          | no        | no     | no         | no
member with another grant    | no   | no        | no         | no         | no          | no         | no          | no        | no     | no         | no
member with a look-alike     | no   | no        | no         | no         | no          | no         | no          | no        | no     | no         | no
member with a project's role | no   | no        | no         | no         | no          | no         | no          | no        | no     | no         | no
administrator elsewhere      | 404  | 404       | 404        | 404        | 404         | 404        | 404         | 404       | 404    | 404        | 404
somebody without any place   | 404  | 404       | 404        | 404        | 404         | 404        | 404         | 404       | 404    | 404        | 404
"""  # noqa: E501 (a table)


def cells(table: str) -> list[tuple[str, str, str]]:
    """Each (row, column, expected) of a table."""
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().split("\n")]
    return [
        (row[0], column, expected)
        for row in rows
        for column, expected in zip(head[1:], row[1:], strict=True)
    ]


class TestWhoMay:
    @pytest.mark.parametrize(("who", "act", "expected"), cells(TABLE))
    def test_table(self, who: str, act: str, expected: str) -> None:
        asking = {name.strip(): principal for name, principal in CALLERS.items()}[who]
        kind = ACTS[act]
        assert outcome(lambda: access.require(asking, kind, HERE, "missing")) == expected
        # Where no id can be missing, a list for example, somebody outside is refused.
        unnamed = "yes" if expected == "yes" else "no"
        assert outcome(lambda: access.require(asking, kind, HERE)) == unnamed
        assert access.may(asking, kind, HERE) is (expected == "yes")

    def test_the_table_has_every_act_and_caller(self) -> None:
        assert {act for _, act, _ in cells(TABLE)} == set(ACTS)
        assert set(ACTS.values()) == set(access.NEEDS)
        assert {who for who, _, _ in cells(TABLE)} == {name.strip() for name in CALLERS}

    def test_one_membership_gives_nothing_in_another(self) -> None:
        member = Membership(HERE, ACTOR, is_application_user=False, permissions=frozenset())
        admin = Membership(
            ELSEWHERE, ACTOR, is_application_user=False, permissions=frozenset({ADMIN})
        )
        asking = Principal({HERE: member, ELSEWHERE: admin}, CATALOGUE)
        assert not access.may(asking, AppUserReader, HERE)
        assert access.may(asking, AppUserReader, ELSEWHERE)
        assert not access.may(asking, AppUserReader, NOWHERE)

    def test_an_organization_elsewhere_reads_like_one_that_is_not(self) -> None:
        refusals: list[Forbidden] = []
        for organization in (ELSEWHERE, NOWHERE):
            with pytest.raises(Forbidden) as caught:
                access.require(somebody(ADMIN), OrgReader, organization)
            refusals.append(caught.value)
        assert refusals[0].message == refusals[1].message
        # Nor is it noted in the trail of an organization that the caller has no place in.
        assert [refusal.refused for refusal in refusals] == [None, None]

    def test_a_refusal_says_who_was_refused(self) -> None:
        with pytest.raises(Forbidden, match=r"organization:app_users:write") as caught:
            access.require(somebody(by=FULL), AppUserReader, HERE)
        assert caught.value.refused is not None
        organization_id, author = caught.value.refused
        assert (organization_id, author.user_id, author.token_id) == (HERE, ACTOR, OWN_TOKEN)


# Who asks, and whether it may revoke the token it asks with, and another one.
REVOKERS: list[tuple[str, Principal, str, str]] = [
    ("administrator's token", somebody(ADMIN, by=FULL), "yes", "yes"),
    ("administrator's token to read", somebody(ADMIN, by=token("user:read")), "yes", "no"),
    (
        "manager of application users",
        somebody("organization:app_users:write", by=FULL),
        "yes",
        "yes",
    ),
    ("auditor", somebody("organization:event_logs:read", by=FULL), "yes", "no"),
    ("member without a grant", somebody(by=token()), "yes", "no"),
]


class TestRevokers:
    @pytest.mark.parametrize(
        ("_who", "asking", "own", "other"), REVOKERS, ids=[row[0] for row in REVOKERS]
    )
    def test_table(self, _who: str, asking: Principal, own: str, other: str) -> None:
        for token_id, expected in ((OWN_TOKEN, own), (OTHER_TOKEN, other)):
            assert (
                outcome(lambda t=token_id: access.require_revoker(asking, HERE, t, "missing"))
                == expected
            )
            assert (
                outcome(lambda t=token_id: access.require_revoker(asking, ELSEWHERE, t, "missing"))
                == "404"
            )


class TestProofs:
    def test_they_name_organization_actor_and_origin(self) -> None:
        asking = somebody(ADMIN, by=FULL)
        origin = Origin("192.0.2.1", "curl", "a-request")
        asking = Principal(asking.memberships, CATALOGUE, FULL, origin)
        reader = access.require(asking, AppUserReader, HERE)
        assert (reader.organization_id, reader.actor_id) == (HERE, ACTOR)
        assert (reader.author.token_id, reader.author.origin) == (OWN_TOKEN, origin)
        revoker = access.require_revoker(asking, HERE, OTHER_TOKEN, "missing")
        assert revoker.token_id == OTHER_TOKEN

    @pytest.mark.parametrize("kind", list(access.NEEDS))
    def test_nobody_else_makes_one(self, kind: type[Actor]) -> None:
        values: dict[str, Any] = {
            "organization_id": HERE,
            "actor_id": ACTOR,
            "is_admin": True,
            "givers": frozenset[str](),
            "token": None,
            "origin": Origin(),
            "seal": object(),
        }
        with pytest.raises(TypeError, match=r"app\.access"):
            kind(**values)

    def test_a_writer_may_read_and_not_the_other_way_round(self) -> None:
        assert issubclass(AppUserWriter, AppUserReader)
        assert issubclass(OrgAdmin, OrgReader)
        assert not issubclass(AppUserReader, AppUserWriter)
        # An administrator's proof for one thing is none for another: the token's scopes differ.
        assert not issubclass(OrgAdmin, AppUserWriter)


def test_introspection_may_ask_the_catalogue_instead() -> None:
    """It does, for each request, without a principal: the entry's scope is the proof's."""
    need = access.NEEDS[access.TokenVerifier]
    assert need.permissions == (access.TOKENS_VERIFY,)
    assert need.scopes == (CATALOGUE.entries[access.TOKENS_VERIFY].scope,)
