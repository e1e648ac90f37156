"""The text of tokens: what is one, what is stored of it, and how it is found in other text."""

import hashlib
import hmac
import re
import string
import zlib
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import token_format
from app.ids import DIGITS, base62, encode_uuid
from app.token_format import Peppers, Recognized

PEPPERS = Peppers(2, {2: b"the newer pepper", 1: b"the older pepper"})
ORGANIZATION, TOKEN = UUID(int=62), UUID(int=61)
BODY = "appu_000000000000000000000z0000000000000000000010_" + "Secret" * 7 + "1"
KNOWN = BODY + "3n86Gx"


class TestKnownAnswer:
    """Tokens are out there: what was one stays one."""

    def test_checksum(self) -> None:
        assert base62(zlib.crc32(BODY.encode()), 6) == KNOWN[-6:]
        assert token_format.recognize(KNOWN) == Recognized(ORGANIZATION, TOKEN)

    def test_digest(self) -> None:
        expected = hmac.new(b"the newer pepper", KNOWN.encode(), hashlib.sha256).digest()
        assert token_format.digest(KNOWN, PEPPERS) == expected

    def test_lengths(self) -> None:
        assert token_format.LENGTH == len(KNOWN) == 99
        assert token_format.prefix_of(TOKEN) == KNOWN[:27]


class TestMake:
    @given(st.uuids(), st.uuids())
    def test_what_is_made_is_recognized(self, organization: UUID, token: UUID) -> None:
        made = token_format.make(organization, token)
        assert token_format.recognize(made) == Recognized(organization, token)
        assert re.fullmatch(token_format.SCANNING_PATTERN, made)
        assert set(made) <= {*string.ascii_letters, *string.digits, "_"}
        assert made.startswith(token_format.prefix_of(token))
        assert token_format.id_of_prefix(made) == token

    def test_secrets_are_256_random_bits(self) -> None:
        made = [token_format.make(ORGANIZATION, TOKEN).rsplit("_", 1)[1] for _ in range(200)]
        assert len(set(made)) == 200
        # Every digit but the first, which 256 bits do not fill, takes on many values.
        for place in range(1, 43):
            assert len({secret[place] for secret in made}) > 30


class TestRecognize:
    def test_every_change_of_one_character_is_refused(self) -> None:
        made = token_format.make(ORGANIZATION, TOKEN)
        for place, old in enumerate(made):
            for new in DIGITS + "_-. \0\u00e9":
                if new != old:
                    changed = made[:place] + new + made[place + 1 :]
                    assert token_format.recognize(changed) is None

    def test_every_swap_of_neighbours_is_refused(self) -> None:
        made = token_format.make(ORGANIZATION, TOKEN)
        for place in range(len(made) - 1):
            one, two = made[place], made[place + 1]
            if one != two:
                swapped = made[:place] + two + one + made[place + 2 :]
                assert token_format.recognize(swapped) is None

    @given(st.text())
    def test_any_text_is_refused(self, text: str) -> None:
        assert token_format.recognize(text) is None

    @pytest.mark.parametrize(
        "text", ["", KNOWN[:-1], KNOWN + "0", " " + KNOWN[:-1], KNOWN.upper(), KNOWN.swapcase()]
    )
    def test_almost(self, text: str) -> None:
        assert token_format.recognize(text) is None

    def test_ids_beyond_128_bits_with_a_right_checksum(self) -> None:
        for body in (
            f"appu_{'z' * 22}{encode_uuid(ORGANIZATION)}_{'0' * 43}",
            f"appu_{encode_uuid(TOKEN)}{'z' * 22}_{'0' * 43}",
        ):
            checksum = base62(zlib.crc32(body.encode()), 6)
            assert token_format.recognize(body + checksum) is None


class TestMatches:
    def stored(self, version: int) -> bytes:
        return hmac.digest(PEPPERS.keys[version], KNOWN.encode(), "sha256")

    @pytest.mark.parametrize("version", [1, 2])
    def test_under_any_known_pepper(self, version: int) -> None:
        assert token_format.matches(KNOWN, PEPPERS, self.stored(version), version)

    def test_not(self) -> None:
        other = KNOWN[:-7] + "8" + KNOWN[-6:]
        assert not token_format.matches(other, PEPPERS, self.stored(2), 2)
        assert not token_format.matches(KNOWN, PEPPERS, self.stored(2), 1)
        assert not token_format.matches(KNOWN, PEPPERS, self.stored(2), 3)
        assert not token_format.matches(KNOWN, PEPPERS, None, None)
        assert not token_format.matches(KNOWN, PEPPERS, b"", 2)
        assert not token_format.matches(KNOWN, PEPPERS, b"\0" * 32, 3)

    def test_peppers_are_not_shown(self) -> None:
        assert "pepper'" not in repr(PEPPERS)


class TestInOtherText:
    @pytest.mark.parametrize(
        "text",
        [KNOWN, f"Bearer {KNOWN}.", f'{{"token":"{KNOWN}"}}', KNOWN[:55], f"a{KNOWN}", KNOWN * 2],
    )
    def test_it_is_found_and_hidden(self, text: str) -> None:
        assert token_format.is_in(text)
        hidden = token_format.hide(text)
        assert "Secret" not in hidden
        assert KNOWN[:27] + "…" in hidden
        assert not token_format.is_in(hidden)

    @pytest.mark.parametrize(
        ("text", "hidden"),
        [
            (KNOWN.upper(), KNOWN[:27].upper() + "…"),
            (KNOWN.lower()[:60] + "-", KNOWN[:27].lower() + "…-"),
            (KNOWN.replace("_", "%5F"), KNOWN[:27].replace("_", "%5F") + "…"),
            (KNOWN.replace("_", "%5f")[:70], KNOWN[:27].replace("_", "%5f") + "…"),
            *(
                (KNOWN.replace("_", escaped), KNOWN[:27].replace("_", escaped) + "…")
                for escaped in ("%255F", "%25255f", r"\u005f", r"\\u005F", r"\x5f")
            ),
            *(
                (f"{KNOWN[:72]}{broken}{KNOWN[72:]} is it", KNOWN[:27] + "… is it")
                for broken in (r"\n", r"\\r\\n", "\u200b", r"\u200b")
            ),
            (f"{KNOWN[:72]}\n  {KNOWN[72:]} is it", KNOWN[:27] + "… is it"),
            (f"{KNOWN} characteristically", KNOWN[:27] + "… characteristically"),
            (f"{KNOWN[:72]} is it", KNOWN[:27] + "… is it"),
        ],
    )
    def test_in_another_case_escaped_or_broken_it_is_found_and_hidden(
        self, text: str, hidden: str
    ) -> None:
        assert token_format.is_in(text)
        assert token_format.hide(text) == hidden

    @pytest.mark.parametrize(
        ("text", "hidden"),
        [
            (f"({KNOWN[5:]})", "(…)"),
            (KNOWN[5:60], "…"),
            (f"{KNOWN[:50]} {KNOWN[50:]}", f"{KNOWN[:50]} …"),
            (f"the secret is {KNOWN[50:]}.", "the secret is …."),
        ],
    )
    def test_what_is_left_of_a_damaged_one_is_found_and_hidden(
        self, text: str, hidden: str
    ) -> None:
        assert not token_format.is_in(text)
        assert token_format.is_trace_in(text)
        assert token_format.hide(text) == hidden
        assert not token_format.is_trace_in(hidden)

    @pytest.mark.parametrize(
        "text",
        [
            *("", "appu_", KNOWN[:27], KNOWN[:50], "token_0123", KNOWN[51:]),
            *("a" * 40, "a" * 64, "resource_" + "a" * 44, "x" * 44 + "_"),
        ],
    )
    def test_what_is_none_stays(self, text: str) -> None:
        assert not token_format.is_in(text)
        assert not token_format.is_trace_in(text)
        assert token_format.hide(text) == text

    @pytest.mark.parametrize("text", ["", "appu_", KNOWN[:26], KNOWN[:26] + "!", "x" + KNOWN])
    def test_no_prefix(self, text: str) -> None:
        assert token_format.id_of_prefix(text) is None
