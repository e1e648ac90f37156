"""What ``serve`` makes of its checks."""

import pytest
from structlog.testing import capture_logs

from app import checks
from app.checks import Check
from app.settings import SettingsError

PASSED = Check("encoding", passed=True, found="UTF8", meaning="", remedy="Mend it.")
DOUBTFUL = Check(
    "public URL", passed=False, found="none", meaning="", remedy="Set it.", is_advice=True
)
FAILED = Check("pepper", passed=False, found="missing", meaning="", remedy="Make one.")


def test_of_what_passed_nothing_is_said() -> None:
    advice = Check("public URL", passed=True, found="", meaning="", remedy="", is_advice=True)
    with capture_logs() as said:
        checks.insist([PASSED, advice])
    assert said == []


def test_of_what_is_doubtful_it_warns_and_goes_on() -> None:
    with capture_logs() as said:
        checks.insist([PASSED, DOUBTFUL])
    (warning,) = said
    assert warning["log_level"] == "warning"
    assert (warning["check"], warning["remedy"]) == ("public URL", "Set it.")


def test_what_failed_ends_the_start_and_nothing_else_is_named() -> None:
    with pytest.raises(SettingsError) as caught:
        checks.insist([PASSED, DOUBTFUL, FAILED])
    assert str(caught.value).splitlines() == [
        "pepper: missing. Make one.",
        "`appusers doctor` explains every check.",
    ]
