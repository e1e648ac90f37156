"""When the keys of the identity provider are fetched, and how long they are believed."""

import asyncio

import httpx
import pytest

from app import oidc
from app.oidc import Provider
from tests.unit.identity_provider import FIRST, ISSUER, SECOND, WHO, Clock, Published, sign


class TestRefresh:
    async def test_none_before_the_first_request(
        self, provider: Provider, published: Published
    ) -> None:
        assert published.fetches == 0
        assert await provider.identify("no jwt at all") is None
        assert published.fetches == 0

    async def test_known_keys_are_fetched_once(
        self, provider: Provider, published: Published
    ) -> None:
        for _ in range(5):
            assert await provider.identify(sign()) == WHO
        assert published.fetches == 1

    async def test_a_rotated_key_is_found(
        self, provider: Provider, published: Published, clock: Clock
    ) -> None:
        assert await provider.identify(sign()) == WHO
        published.keys = [SECOND]
        clock.now += 31
        assert await provider.identify(sign(SECOND)) == WHO
        assert await provider.identify(sign(FIRST)) is None
        assert published.fetches == 2

    async def test_unknown_keys_ask_at_most_once_in_thirty_seconds(
        self, provider: Provider, published: Published, clock: Clock
    ) -> None:
        for second in range(120):
            clock.now = 1000.0 + second
            assert await provider.identify(sign(SECOND)) is None
        assert published.fetches == 4

    async def test_who_waits_for_a_refresh_gets_its_keys(
        self, provider: Provider, published: Published, clock: Clock
    ) -> None:
        published.gate.clear()
        waiting = [asyncio.create_task(provider.identify(sign())) for _ in range(8)]
        await asyncio.sleep(0)
        published.gate.set()
        assert await asyncio.gather(*waiting) == [WHO] * 8
        assert published.fetches == 1
        # And so on a rotation, with keys there that do not verify.
        published.keys = [SECOND]
        clock.now += 31
        published.gate.clear()
        waiting = [asyncio.create_task(provider.identify(sign(SECOND))) for _ in range(8)]
        await asyncio.sleep(0)
        published.gate.set()
        assert await asyncio.gather(*waiting) == [WHO] * 8
        assert published.fetches == 2


class TestProviderAway:
    async def test_the_last_good_keys_are_kept_for_a_day(
        self, provider: Provider, published: Published, clock: Clock
    ) -> None:
        assert await provider.identify(sign()) == WHO
        published.is_away = True
        clock.now += oidc.KEEP_SECONDS - 1
        assert await provider.identify(sign(SECOND)) is None
        assert await provider.identify(sign()) == WHO
        clock.now += 2
        assert await provider.identify(sign()) is None
        published.is_away = False
        clock.now += 31
        assert await provider.identify(sign()) == WHO

    async def test_at_the_start(
        self, provider: Provider, published: Published, clock: Clock
    ) -> None:
        published.is_away = True
        assert await provider.identify(sign()) is None
        published.is_away = False
        assert await provider.identify(sign()) is None
        clock.now += 31
        assert await provider.identify(sign()) == WHO

    async def test_metadata_of_another_issuer_is_not_believed(
        self, provider: Provider, published: Published
    ) -> None:
        published.issuer = "https://other.example"
        assert await provider.identify(sign()) is None

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.Response(500),
            httpx.Response(302, headers={"Location": "https://elsewhere.example"}),
            httpx.Response(200, text="<html>"),
            httpx.Response(200, json=[]),
            httpx.Response(200, json={"issuer": ISSUER}),
            httpx.Response(200, json={"issuer": ISSUER, "jwks_uri": 7}),
            httpx.Response(200, json={"issuer": ISSUER, "jwks_uri": "nowhere"}),
            httpx.Response(200, json={"issuer": ISSUER, "jwks_uri": ISSUER, "keys": [{}]}),
            httpx.Response(200, json={"issuer": ISSUER, "jwks_uri": ISSUER, "keys": 7}),
            httpx.Response(200, content=b"[" * 100_000),
            httpx.Response(200, content=b" " * 600_000),
        ],
        ids=lambda answer: f"{answer.status_code} {answer.content[:40]}",
    )
    async def test_strange_answers_refuse_and_raise_nothing(self, answer: httpx.Response) -> None:
        strange = Provider(ISSUER, "us", ["RS256"], httpx.MockTransport(lambda _: answer))
        assert await strange.identify(sign()) is None
        await strange.close()
