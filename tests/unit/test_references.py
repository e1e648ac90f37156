"""Lists of ids that callers send."""

from uuid import UUID, uuid4

import pytest

from app import ids, references
from app.errors import Code, InvalidInput

HERE, THERE = UUID(int=1), UUID(int=2)


def several(*values: str) -> list[tuple[UUID, UUID]]:
    return references.several("token", "tokenIds", values)


def public(organization_id: UUID = HERE) -> str:
    return ids.member_id("token", organization_id, uuid4())


def problems(*values: str) -> list[tuple[str, Code]]:
    with pytest.raises(InvalidInput) as refused:
        several(*values)
    return [(problem.path, problem.code) for problem in refused.value.problems]


class TestSeveral:
    def test_in_their_order(self) -> None:
        values = [public() for _ in range(5)]
        assert several(*values) == [ids.parse_member_id("token", value) for value in values]

    def test_each_that_is_wrong_is_told(self) -> None:
        right = public()
        assert problems("nonsense", right, ids.member_id("user", HERE, uuid4()), right) == [
            ("tokenIds[0]", Code.INVALID_ID),
            ("tokenIds[2]", Code.INVALID_ID),
            ("tokenIds[3]", Code.DUPLICATE_VALUE),
        ]

    @pytest.mark.parametrize("value", ["nonsense", public()], ids=["no id", "one again and again"])
    def test_the_first_twenty_are_told(self, value: str) -> None:
        right = public()
        found = problems(right, *[value] * 1, *[right] * 998)
        assert len(found) == references.MAX_PROBLEMS == 20

    def test_how_many(self) -> None:
        assert problems() == [("tokenIds", Code.TOO_SHORT)]
        assert problems(*["nonsense"] * 1001) == [("tokenIds", Code.TOO_LONG)]
        assert len(several(*[public() for _ in range(1000)])) == 1000


class TestOfOneOrganization:
    def test_of_one(self) -> None:
        found = several(public(), public())
        tokens = [token_id for _, token_id in found]
        for own in ({HERE}, set[UUID]()):
            assert references.of_one_organization(found, own) == (HERE, tokens)

    @pytest.mark.parametrize(
        ("own", "organization_id"), [({HERE}, HERE), ({THERE}, THERE), (set[UUID](), THERE)]
    )
    def test_of_several_there_is_nothing(self, own: set[UUID], organization_id: UUID) -> None:
        found = several(public(THERE), public(HERE))
        assert references.of_one_organization(found, own) == (organization_id, None)
