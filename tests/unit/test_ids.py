"""Public ids."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import ids

ORGANIZATION = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
USER = UUID("01890a5d-ac96-774b-bcce-b302099a8058")


class TestKnownAnswers:
    """Ids are stored by others: these never change."""

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (UUID(int=0), "0000000000000000000000"),
            (UUID(int=61), "000000000000000000000z"),
            (UUID(int=62), "0000000000000000000010"),
            (UUID(int=2**128 - 1), "7n42DGM5Tflk9n8mt7Fhc7"),
        ],
    )
    def test_base62(self, value: UUID, text: str) -> None:
        assert ids.encode_uuid(value) == text
        assert ids.decode_uuid(text) == value

    def test_prefixes(self) -> None:
        assert ids.organization_id(UUID(int=62)) == "org_0000000000000000000010"
        assert (
            ids.member_id("token", UUID(int=62), UUID(int=61))
            == "token_000000000000000000000z0000000000000000000010"
        )


class TestRoundTrip:
    @given(st.uuids(), st.uuids())
    def test_all(self, organization: UUID, member: UUID) -> None:
        assert ids.parse_organization_id(ids.organization_id(organization)) == organization
        for kind in ("user", "token"):
            public = ids.member_id(kind, organization, member)
            assert ids.parse_member_id(kind, public) == (organization, member)
            assert ids.kind_of(public) == kind
            assert public.replace("_", "", 1).isalnum()
            assert public.isascii()

    @given(st.uuids(), st.uuids())
    def test_order_is_kept(self, first: UUID, second: UUID) -> None:
        encoded = ids.encode_uuid(first), ids.encode_uuid(second)
        assert (encoded[0] < encoded[1]) == (first.int < second.int)


class TestRefused:
    @given(st.text())
    def test_any_text(self, text: str) -> None:
        found = ids.decode_uuid(text)
        assert found is None or ids.encode_uuid(found) == text
        assert ids.parse_organization_id(text) is None or text.startswith("org_")

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "7n42DGM5Tflk9n8mt7Fhc8",  # 2**128
            "zzzzzzzzzzzzzzzzzzzzzz",
            "000000000000000000000",
            "00000000000000000000000",
            "-000000000000000000001",
            "+000000000000000000001",
            " 000000000000000000001",
            "00000000000_0000000001",
            "\uff10" * 22,
            "\u0661" * 22,
        ],
    )
    def test_numbers(self, text: str) -> None:
        assert ids.decode_uuid(text) is None

    def test_one_kind_is_not_another(self) -> None:
        user = ids.member_id("user", ORGANIZATION, USER)
        assert ids.parse_member_id("token", user) is None
        assert ids.parse_organization_id(user) is None
        assert ids.parse_member_id("user", "User" + user[4:]) is None
        assert ids.kind_of("USER_x") is None
        assert ids.kind_of("") is None

    def test_a_number_that_does_not_fit(self) -> None:
        with pytest.raises(ValueError, match="does not fit"):
            ids.base62(62, 1)
