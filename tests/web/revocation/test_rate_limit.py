"""How often lists of found tokens are taken from one address."""

from collections.abc import AsyncGenerator

import pytest

from tests.api_client import Api, Organization
from tests.clock import Clock
from tests.conftest import settings_for
from tests.credentials import is_accepted
from tests.postgres import Urls
from tests.service import Service, started
from tests.web.answers import assert_error
from tests.web.revocation.conftest import PROXY
from tests.web.revocation.presenting import (
    FORM,
    JSON,
    Presenter,
    assert_given_back,
    assert_reported,
    presenter,
)


@pytest.fixture
async def limited(urls: Urls) -> AsyncGenerator[Service]:
    """An application that takes three lists a minute and trusts the proxies in 10.0.0.0/8."""
    settings = settings_for(urls, bulk_revocations_per_minute=3, trusted_proxies="10.0.0.0/8")
    async with started(settings) as running:
        yield running


async def at(limited: Service, address: str) -> Presenter:
    return presenter(await limited.caller(address))


class TestTooOften:
    async def test_is_told_when_to_try_again(
        self, limited: Service, organization: Organization, api: Api, clock: Clock
    ) -> None:
        finder = await at(limited, "192.0.2.7")
        _, full = await organization.token(await organization.user())
        for _ in range(3):
            assert_reported(await finder.report("junk"))
        clock.now += 20
        answer = await finder.report(full)
        assert_error(answer, 429, "slow_down")
        assert answer.headers["retry-after"] == "30"
        assert await is_accepted(api, full)
        clock.now += 31
        assert_reported(await finder.report(full))
        assert not await is_accepted(api, full)

    async def test_whatever_is_sent(self, limited: Service, clock: Clock) -> None:
        finder = await at(limited, "192.0.2.7")
        for body in ("", "{}", "x" * 200_000):
            assert (await finder.send("/credentials/revoke", body, JSON)).status_code in (400, 413)
        assert_error(await finder.report("junk"), 429, "slow_down")

    async def test_others_are_still_served(self, limited: Service, clock: Clock) -> None:
        finder = await at(limited, "192.0.2.7")
        *_, last = [await finder.report("junk") for _ in range(4)]
        assert_error(last, 429, "slow_down")
        assert_reported(await (await at(limited, "192.0.2.8")).report("junk"))
        # To give back a token of one's own is not bounded: a list is one request with a thousand.
        form = await finder.send("/revoke", "token=junk", FORM)
        assert_given_back(form)

    async def test_by_the_address_that_a_trusted_proxy_saw(
        self, limited: Service, clock: Clock
    ) -> None:
        proxy = await at(limited, PROXY)
        # What the client says it is does not make it another one.
        claims = [("X-Forwarded-For", f"198.51.100.{number}, 192.0.2.7") for number in range(4)]
        *_, last = [await proxy.report("junk", headers=[claim]) for claim in claims]
        assert_error(last, 429, "slow_down")
        other = ("X-Forwarded-For", "192.0.2.7, 198.51.100.1")
        assert_reported(await proxy.report("junk", headers=[other]))

    async def test_a_network_of_ipv6_is_one_address(self, limited: Service, clock: Clock) -> None:
        finders = [await at(limited, f"2001:db8:0:1:{number}::1") for number in range(4)]
        *_, last = [await finder.report("junk") for finder in finders]
        assert_error(last, 429, "slow_down")
        assert_reported(await (await at(limited, "2001:db8:0:2::1")).report("junk"))


class TestOff:
    async def test_is_not_served(self, urls: Urls, organization: Organization, api: Api) -> None:
        _, full = await organization.token(await organization.user())
        async with started(settings_for(urls, bulk_revocations_per_minute=0)) as running:
            finder = presenter(await running.caller())
            assert (await finder.report(full)).status_code == 404
            assert await is_accepted(api, full)
            assert_given_back(await finder.give_back(full))
