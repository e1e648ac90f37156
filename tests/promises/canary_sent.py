"""What is sent into a wrong place."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
VIEWER = "{ viewer { token { id } } }"


@dataclass(frozen=True)
class Sent:
    """A request."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict[str, str])
    content: bytes = b""


@dataclass(frozen=True)
class WrongPlace:
    """Where a text is put, and how well a token has to be recognized there, as in ``Form``."""

    name: str
    least: int
    paste: Callable[[str], Sent]
    one_word: bool = False
    """Whether a broken token would be two things there, one of which is a piece of a secret."""


def graphql(body: object, headers: dict[str, str]) -> Sent:
    """Return a request of the GraphQL API."""
    content = json.dumps(body).encode()
    return Sent("POST", "/graphql", {"Content-Type": JSON} | headers, content)
