"""What plain HTTP endpoints answer, looked at as a whole."""

import re

import httpx

from app.errors import REFUSED


def seen(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Return all there is to an answer but its own id."""
    headers = [(name, value) for name, value in answer.headers.items() if name != "x-request-id"]
    return answer.status_code, answer.content, headers


def assert_error(answer: httpx.Response, status: int, code: str, text: str = "") -> None:
    """Check the shape of an error, RFC 6749 section 5.2, and what it says."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"]
    body = answer.json()
    assert body.keys() == {"error", "error_description"}
    assert body["error"] == code
    assert_description(body["error_description"], text)
    challenge = answer.headers.get("www-authenticate")
    expected = {
        "invalid_client": "Bearer",
        "invalid_token": 'Bearer error="invalid_token"',
        "insufficient_scope": 'Bearer error="insufficient_scope"',
    }
    assert challenge == expected.get(code)


def assert_description(description: str, text: str = "") -> None:
    """Check that a description is of the characters of RFC 6749 section 5.2, and holds a text."""
    assert re.fullmatch(r"[\x20\x21\x23-\x5b\x5d-\x7e]+", description), description
    assert text in description, description


def assert_refused(answer: httpx.Response) -> None:
    """Check that an answer is the one that every refused credential gets."""
    assert_error(answer, 401, "invalid_token")
    assert answer.json()["error_description"] == REFUSED
