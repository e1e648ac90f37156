"""Nothing stored verifies or forges a token without the pepper.

With every row of the database in hand, an attacker presents what is stored, makes tokens of it,
guesses digests without the pepper, and moves digests about. A service on the same rows with another
pepper takes no token; one with the pepper takes those that were minted and nothing else. The
controls store digests that need no pepper, and digests that name no token: both are noticed.
"""

import asyncio
import base64
import hashlib
import hmac
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import asyncpg
import pytest
from pydantic import SecretStr

from app import ids, token_format
from app.ids import base62
from app.webhook_messages import signing_key
from tests.api_client import Organization
from tests.conftest import PEPPER, PEPPERS, settings_for
from tests.credentials import is_accepted
from tests.owner import Owner, token_key
from tests.postgres import Urls
from tests.promises.conftest import Figure
from tests.service import started

OTHER_PEPPER = "another-pepper-for-tests-of-32-characters"
NEWER_PEPPER = "a-newer-pepper-for-tests-of-32-characters"

BYTES = {
    ("audit_chain", "last_hash"),
    ("audit_event", "hash"),
    ("audit_event", "previous_hash"),
    ("token", "idempotency_input"),
    ("token", "secret_hmac"),
}
"""What is stored as bytes. Whatever joins it may be a secret, and is to be looked at here."""

COLUMNS_SQL = """
SELECT table_name, column_name FROM information_schema.columns
 WHERE table_schema = 'public' AND data_type = 'bytea'
"""


@dataclass(frozen=True)
class Minted:
    """Two organizations with a token each, and the digests that are stored of them."""

    organizations: Sequence[Organization]
    tokens: Sequence[str]
    token_ids: Sequence[str]
    owner: Owner

    async def digests(self) -> list[bytes]:
        """Return what is stored in place of each token."""
        return [
            await self.owner.connection.fetchval(
                "SELECT secret_hmac FROM token WHERE organization_id = $1 AND token_id = $2",
                *token_key(token_id),
            )
            for token_id in self.token_ids
        ]

    async def swap_digests(self) -> None:
        """Give each row the other's digest, as who may write the table can."""
        for token_id, stored in zip(self.token_ids, reversed(await self.digests()), strict=True):
            await self.owner.connection.execute(
                "UPDATE token SET secret_hmac = $3 WHERE organization_id = $1 AND token_id = $2",
                *token_key(token_id),
                stored,
            )

    def spliced(self) -> list[str]:
        """Return each token's ids with the other's secret, and a checksum that is right."""
        secrets = [token[-49:-6] for token in self.tokens]
        return [
            with_checksum(token[:50] + secret)
            for token, secret in zip(self.tokens, reversed(secrets), strict=True)
        ]


def with_checksum(body: str) -> str:
    """Return a token that is recognized as one."""
    token = body + token_format._checksum(body)  # pyright: ignore[reportPrivateUsage]
    assert token_format.recognize(token)
    return token


NewMinted: TypeAlias = Callable[[], Awaitable[Minted]]


@pytest.fixture
def new_minted(new_organization: Callable[[], Awaitable[Organization]], owner: Owner) -> NewMinted:
    """Makes organizations with a token each, by the digest that is in use when it is called."""

    async def make() -> Minted:
        organizations = [await new_organization() for _ in range(2)]
        made = [await each.token(await each.user()) for each in organizations]
        token_ids, tokens = zip(*made, strict=True)
        return Minted(organizations, [*tokens], [*token_ids], owner)

    return make


async def taken(urls: Urls, pepper: str, tokens: Iterable[str]) -> list[str]:
    """Return which of the tokens a service takes that was started with a pepper."""
    settings = settings_for(urls, pepper=SecretStr(pepper))
    async with started(settings) as service:
        api = await service.caller()
        return [token for token in tokens if await is_accepted(api, token)]


def guesses(token: str) -> set[bytes]:
    """Return digests that somebody without the pepper can make of a token that they hold."""
    texts = (token, token[5:], token[-49:], token[-49:-6], token[:-6])
    keys = (b"", b"appu", token[:27].encode(), token[5:49].encode(), token[-49:].encode())
    plain = {hashlib.sha256(text.encode()).digest() for text in texts}
    return plain | {hmac.digest(key, text.encode(), "sha256") for key in keys for text in texts}


class TestAnotherPepper:
    async def test_no_token_verifies_under_it(self, urls: Urls, new_minted: NewMinted) -> None:
        minted = await new_minted()
        assert await taken(urls, PEPPER, minted.tokens) == minted.tokens
        assert await taken(urls, OTHER_PEPPER, minted.tokens) == []
        assert await taken(urls, f"2:{OTHER_PEPPER}", minted.tokens) == []

    async def test_an_older_one_verifies_until_it_is_retired(
        self, urls: Urls, new_minted: NewMinted
    ) -> None:
        (token, *_) = (await new_minted()).tokens
        assert await taken(urls, f"2:{NEWER_PEPPER},1:{PEPPER}", [token]) == [token]
        assert await taken(urls, f"2:{NEWER_PEPPER}", [token]) == []
        # The version is no part of the digest: it only says where to look.
        assert await taken(urls, f"2:{PEPPER}", [token]) == []

    async def test_without_one_nothing_is_served(self, urls: Urls) -> None:
        ended = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "app", "serve", "--port", "0"],
            env={k: v for k, v in os.environ.items() if not k.startswith("APPUSERS_PEPPER")}
            | {"DATABASE_URL": urls.serving},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode != 0
        assert "pepper" in ended.stderr.lower()
        assert "http://" not in ended.stdout


class TestEveryRowInHand:
    async def test_no_digest_can_be_made_without_the_pepper(self, new_minted: NewMinted) -> None:
        minted = await new_minted()
        for token, stored in zip(minted.tokens, await minted.digests(), strict=True):
            assert stored == token_format.digest(token, PEPPERS)
            assert stored not in guesses(token)

    async def test_nothing_stored_is_a_credential(
        self, urls: Urls, new_minted: NewMinted, figure: Figure
    ) -> None:
        minted = await new_minted()
        made = list[str]()
        for token, stored in zip(minted.tokens, await minted.digests(), strict=True):
            body = token[:50]
            made += [stored.hex(), base64.b64encode(stored).decode(), token[:27], token[:50]]
            made += map(with_checksum, (body + base62(int.from_bytes(stored), 43), body + "0" * 43))
        assert await taken(urls, PEPPER, made) == []
        tried = len(guesses(minted.tokens[0]))
        figure(f"{len(made)} credentials made of what is stored refused, {tried} digests tried")

    async def test_what_is_stored_as_bytes_is_known(self, owner: Owner) -> None:
        found = await owner.connection.fetch(COLUMNS_SQL)
        assert {(row[0], row[1]) for row in found} == BYTES

    async def test_of_a_key_for_webhooks_nothing_is_stored(
        self, organization: Organization, owner: Owner
    ) -> None:
        made = await organization.admin.mutate(
            "createWebhookEndpoint",
            "signingKey webhookEndpoint { id }",
            organizationId=organization.id,
            url="https://hooks.example/a",
        )
        key = base64.b64decode(made["signingKey"].removeprefix("whsec_"))
        place = ids.parse_member_id("webhook", made["webhookEndpoint"]["id"])
        assert place is not None
        again = signing_key(PEPPERS, *place, pepper_version=1, key_number=1)
        assert again == key
        other = token_format.parse_peppers(OTHER_PEPPER)
        assert signing_key(other, *place, pepper_version=1, key_number=1) != key
        rows = await owner.connection.fetch(
            "SELECT w::text FROM webhook_endpoint w"
            " UNION ALL SELECT e::text FROM audit_event e WHERE e.organization_id = $1",
            place[0],
        )
        stored = "\n".join(row[0] for row in rows)
        assert place[1].hex in stored.replace("-", "")
        assert key.hex() not in stored
        assert made["signingKey"].removeprefix("whsec_") not in stored

    async def test_a_replay_has_no_secret_to_answer_with(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        token_id, full = await organization.token(user_id, idempotencyKey="once")
        again = await organization.admin.mutate(
            "generateToken",
            "fullToken",
            applicationUserId=user_id,
            idempotencyKey="once",
        )
        assert again["__typename"] == "GenerateTokenReplayed"
        asked = await owner.connection.fetchval(
            "SELECT idempotency_input FROM token WHERE organization_id = $1 AND token_id = $2",
            *token_key(token_id),
        )
        assert len(asked) == 32
        assert asked not in guesses(full) | {token_format.digest(full, PEPPERS)}


class TestRowsMovedAbout:
    async def test_a_digest_is_good_for_its_own_token_alone(
        self, urls: Urls, new_minted: NewMinted
    ) -> None:
        minted = await new_minted()
        presented = [*minted.tokens, *minted.spliced()]
        assert await taken(urls, PEPPER, presented) == minted.tokens
        await minted.swap_digests()
        assert await taken(urls, PEPPER, presented) == []

    async def test_the_service_itself_can_neither_read_nor_change_one(
        self, urls: Urls, new_minted: NewMinted
    ) -> None:
        minted = await new_minted()
        connection = await asyncpg.connect(urls.serving)
        try:
            for statement in (
                "SELECT secret_hmac FROM token",
                "SELECT pepper_version FROM token",
                "UPDATE token SET secret_hmac = sha256('')",
                "UPDATE token SET pepper_version = 2",
                "UPDATE token SET token_id = gen_random_uuid()",
            ):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement)
        finally:
            await connection.close()
        assert await taken(urls, PEPPER, minted.tokens) == minted.tokens


class TestControl:
    async def test_digests_without_pepper_are_noticed(
        self, urls: Urls, new_minted: NewMinted, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def plain(_begun: "hmac.HMAC", token: str) -> bytes:
            return hashlib.sha256(token.encode()).digest()

        monkeypatch.setattr(token_format, "_digest", plain)
        minted = await new_minted()
        assert await taken(urls, OTHER_PEPPER, minted.tokens) == minted.tokens
        for token, stored in zip(minted.tokens, await minted.digests(), strict=True):
            assert stored in guesses(token)

    async def test_digests_that_name_no_token_are_noticed(
        self, urls: Urls, new_minted: NewMinted, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def of_the_secret(begun: "hmac.HMAC", token: str) -> bytes:
            made = begun.copy()
            made.update(token[-49:-6].encode())
            return made.digest()

        monkeypatch.setattr(token_format, "_digest", of_the_secret)
        minted = await new_minted()
        await minted.swap_digests()
        assert await taken(urls, PEPPER, minted.spliced()) == minted.spliced()
