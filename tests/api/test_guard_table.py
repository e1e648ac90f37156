"""Who may do what to whom, where what it is done to may hold permissions: the whole table.

A row is who acts and on whom; a column is an act, done through the API. "yes": it is done. "no": it
is refused, and nothing is changed. "404": it is answered like something that does not exist.
"never": no caller may do it, whoever it is.
"""

from typing import Any

import pytest

from app import guards
from tests.api.grouping import anybody
from tests.api.guard_stage import ACTS, Act, Stage
from tests.api_client import Api, Organization
from tests.owner import Owner

TABLES = {
    "an application user": """
who acts                     | on an application user                 | generate | rotate | revoke | activate token | activate | deactivate | rename | delete
administrator                | without any permission                 | yes      | yes    | yes    | yes            | yes      | yes        | yes    | yes
administrator                | with a permission                      | yes      | yes    | yes    | yes            | yes      | yes        | yes    | yes
administrator                | in a group with a permission           | yes      | yes    | yes    | yes            | yes      | yes        | yes    | yes
manager of application users | without any permission                 | yes      | yes    | yes    | yes            | yes      | yes        | yes    | yes
manager of application users | with a permission                      | no       | no     | yes    | no             | no       | yes        | yes    | yes
manager of application users | in a group with a permission           | no       | no     | yes    | no             | no       | yes        | yes    | yes
manager of people            | without any permission                 | no       | no     | no     | no             | no       | no         | no     | no
manager of people            | with a permission                      | no       | no     | no     | no             | no       | no         | no     | no
manager of groups            | without any permission                 | no       | no     | no     | no             | no       | no         | no     | no
manager of groups            | with a permission                      | no       | no     | no     | no             | no       | no         | no     | no
""",  # noqa: E501 (a table)
    "a person": """
who acts                     | on a person                            | activate | deactivate | rename | remove
administrator                | without any permission                 | yes      | yes        | yes    | yes
administrator                | with a permission                      | yes      | yes        | yes    | yes
administrator                | in a group with a permission           | yes      | yes        | yes    | yes
manager of application users | without any permission                 | no       | no         | no     | no
manager of application users | with a permission                      | no       | no         | no     | no
manager of people            | without any permission                 | yes      | yes        | yes    | yes
manager of people            | with a permission                      | no       | no         | no     | no
manager of people            | in a group with a permission           | no       | no         | no     | no
manager of groups            | without any permission                 | no       | no         | no     | no
manager of groups            | with a permission                      | no       | no         | no     | no
""",  # noqa: E501 (a table)
    "a person's token": """
who acts                     | on a token of a person                 | rotate | revoke | activate token | describe
administrator                | without any permission                 | never  | yes    | yes            | yes
administrator                | with a permission                      | never  | yes    | yes            | yes
manager of application users | without any permission                 | 404    | 404    | 404            | 404
manager of application users | with a permission                      | 404    | 404    | 404            | 404
manager of people            | without any permission                 | no     | no     | no             | no
manager of people            | with a permission                      | no     | no     | no             | no
manager of groups            | without any permission                 | no     | no     | no             | no
""",  # noqa: E501 (a table)
    "a group": """
who acts                     | on a group                             | add members | remove members | rename | delete
administrator                | without any permission                 | yes         | yes            | yes    | yes
administrator                | with a permission                      | yes         | yes            | yes    | yes
manager of application users | without any permission                 | no          | no             | no     | no
manager of application users | with a permission                      | no          | no             | no     | no
manager of people            | without any permission                 | no          | no             | no     | no
manager of people            | with a permission                      | no          | no             | no     | no
manager of groups            | without any permission                 | yes         | yes            | yes    | yes
manager of groups            | with a permission                      | no          | no             | no     | no
""",  # noqa: E501 (a table)
}


async def outcome(stage: Stage, caller: Api, act: Act, holds: str) -> str:
    """Return what comes of an act, in the words of the tables."""
    name, fields = await act(stage, holds)
    kind = name[0].upper() + name[1:]
    before = await stage.owner.snapshot(stage.organization.id)
    answer = await caller.run(
        f"mutation($i: {kind}Input!) {{ {name}(input: $i) {{ __typename }} }}", {"i": fields}
    )
    if "errors" not in answer.body and answer.data[name]["__typename"] == f"{kind}Success":
        return "yes"
    assert await stage.owner.snapshot(stage.organization.id) == before
    if "errors" in answer.body:
        return "no" if answer.codes == ["FORBIDDEN"] else str(answer.body)
    return {"NotFoundError": "404", "InvalidInputError": "never"}[answer.data[name]["__typename"]]


def _rows() -> list[Any]:
    found: list[Any] = []
    for target, table in TABLES.items():
        head, *lines = [
            [cell.strip() for cell in line.split("|")] for line in table.strip().split("\n")
        ]
        assert head[2:] == list(ACTS[target])
        found += [
            pytest.param(target, who, holds, expected, id=f"{who} on {target} {holds}")
            for who, holds, *expected in lines
        ]
    return found


@pytest.fixture
def stage(organization: Organization, owner: Owner) -> Stage:
    return Stage(organization, owner)


@pytest.mark.parametrize(("target", "who", "holds", "expected"), _rows())
async def test_table(stage: Stage, target: str, who: str, holds: str, expected: list[str]) -> None:
    caller = await stage.caller(who)
    found = [await outcome(stage, caller, act, holds) for act in ACTS[target].values()]
    assert dict(zip(ACTS[target], found, strict=True)) == dict(
        zip(ACTS[target], expected, strict=True)
    )


CONTROLS = [
    ("an application user", "manager of application users"),
    ("a person", "manager of people"),
    ("a group", "manager of groups"),
]


@pytest.mark.parametrize(("target", "who"), CONTROLS)
async def test_control_without_the_guard(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, target: str, who: str
) -> None:
    """Each "no" of a manager on what it manages is the guard's: without it all is done."""
    monkeypatch.setattr(guards, "may_pass", anybody)
    caller = await stage.caller(who)
    for act in ACTS[target].values():
        assert await outcome(stage, caller, act, "with a permission") == "yes"
