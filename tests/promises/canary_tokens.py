"""Tokens to lose: live ones, revoked ones, and such as never existed; whole, and damaged."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote
from uuid import uuid4

from app import ids, minting, token_format
from app.database import Database
from app.token_format import Peppers
from tests.api_client import Organization


@dataclass(frozen=True)
class Form:
    """What becomes of a token on its way into a wrong place."""

    name: str
    make: Callable[[str], str]
    recognized: int
    """2: refused wherever text is kept. 1: refused where people write, but not in opaque keys.
    0: not recognized, and put where nothing is kept or quoted."""
    is_one_word: bool = True


FORMS = [
    Form("whole", lambda token: token, 2),
    Form("in quotes", lambda token: f'say "{token}".', 2),
    Form("twice", lambda token: token * 2, 2),
    Form("after other letters", lambda token: f"x{token}", 2),
    Form("cut", lambda token: token[:80], 2),
    Form("in upper case", str.upper, 2),
    Form("in lower case", str.lower, 2),
    Form("escaped", lambda token: token.replace("_", "%5F"), 2),
    Form("without its prefix", lambda token: token[5:], 1),
    Form("its secret alone", lambda token: token.rsplit("_", 1)[1], 1),
    Form("broken before its secret", lambda token: f"{token[:50]}\n {token[50:]}", 1, False),
    Form("broken in its secret", lambda token: f"{token[:72]} {token[72:]}", 2, False),
    Form("in Base64", lambda token: base64.b64encode(token.encode()).decode(), 0),
    Form("escaped throughout", lambda token: "".join(f"%{ord(c):02x}" for c in token), 0),
    Form("the end of its secret", lambda token: token[-32:], 0),
]


def as_header(text: str) -> str:
    """Return a text as a header can hold it."""
    return " ".join(text.split())


def as_path(text: str) -> str:
    """Return a text as a URL can hold it; what is escaped already stays as it is."""
    return quote(text, safe="%")


async def minted(organization: Organization, count: int) -> dict[str, tuple[str, bytes]]:
    """Return tokens that were generated over the API, with their id and the answer they came in."""
    user_id = await organization.user("careless")
    made: dict[str, tuple[str, bytes]] = {}
    for _ in range(count):
        answer = await organization.admin.run(GENERATE, {"i": {"applicationUserId": user_id}})
        token = answer.data["generateToken"]
        made[token["fullToken"]] = token["token"]["id"], answer.response.content
    return made


async def inserted(
    database: Database, peppers: Peppers, organization: Organization, count: int
) -> dict[str, str]:
    """Return tokens that the same code made without a request, with their ids."""
    place = ids.parse_member_id("user", organization.admin_id)
    assert place is not None
    made: dict[str, str] = {}
    async with database.tenant(place[0]) as connection:
        for _ in range(count):
            token, full = await minting.insert_by_operator(
                connection, peppers, *place, description="canary", max_age_seconds=None
            )
            made[full] = ids.member_id("token", place[0], token.token_id)
    return made


def never_made(organization: Organization, count: int) -> list[str]:
    """Return tokens with a right checksum that nobody minted."""
    organization_id = ids.parse_organization_id(organization.id)
    assert organization_id is not None
    return [token_format.make(organization_id, uuid4()) for _ in range(count)]


GENERATE = """mutation($i: GenerateTokenInput!) { generateToken(input: $i) {
    __typename ... on GenerateTokenSuccess { fullToken token { id } } } }"""


def forms(least: int, *, one_word: bool) -> Sequence[Form]:
    """Return the forms that are recognized as well as that, ``one_word`` those without a break."""
    return [
        form for form in FORMS if form.recognized >= least and (form.is_one_word or not one_word)
    ]
