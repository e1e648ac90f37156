"""How soon the console is there in Chromium, from an empty cache, and how its pages follow.

Times are of the person: from the address to what can be used, from the click to the rows.
"""

import asyncio
import json
import statistics
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import (
    Browser,
    BrowserContext,
    CDPSession,
    Page,
    Request,
    async_playwright,
    expect,
)

from tests.bench import harness, installation
from tests.bench.harness import Plan, Row, say
from tests.bench.installation import Machine
from tests.browser import chromium

USERS = 10_000
PAGE = 25
DEEP = (2, 20, 200)
AROUND = 5
"""How many pages from each of these on are timed."""
BUDGET_KB = 250
PATIENCE_S = 30

# What `session/credential.ts` calls it.
KEPT = "token => sessionStorage.setItem('application-users:credential', token)"

# What is looked for from without is looked for by the page's own thread, which has other things to
# do: the page itself says when something was drawn, and when it heeds the person.
TELL = """
(selector => {
  const look = () => document.querySelector(selector)
    ? requestAnimationFrame(() => setTimeout(() => seen(performance.now())))
    : requestAnimationFrame(look);
  look();
})
"""

# Pressed and awaited within the page: the way between the processes is no part of it.
NEXT = """
() => new Promise((resolve, reject) => {
  const first = () => document.querySelector("tbody a")?.textContent;
  const before = first();
  const button = [...document.querySelectorAll("nav[aria-label=Pages] button")].at(-1);
  if (!button || button.disabled) return reject(new Error("there is no next page"));
  const started = performance.now();
  const look = () => first() && first() !== before && !document.querySelector(".stale")
    ? resolve(performance.now() - started) : requestAnimationFrame(look);
  button.click();
  look();
})
"""

GO = """
([name, heading]) => new Promise(resolve => {
  const link = [...document.querySelectorAll("nav a")].find(each => each.textContent === name);
  const started = performance.now();
  const look = () => document.querySelector("h1")?.textContent === heading
    && !document.querySelector(".mantine-Skeleton-root")
    ? resolve(performance.now() - started) : requestAnimationFrame(look);
  link.click();
  look();
})
"""


@dataclass(frozen=True)
class Load:
    """A page that was opened with nothing in the cache."""

    seconds: float
    kilobytes: float
    requests: int
    depth: int
    """How many requests to the API waited for another's answer, and the first."""


async def measure(machine: Machine, plan: Plan) -> list[Row]:
    """Open the console anew several times, then page through many application users."""
    if chromium.PATH is None:
        say("console: left out, because no Chromium is installed")
        return []
    tenant = await installation.fill(await machine.server.copy(), users=USERS, tokens=USERS)
    async with (
        installation.service(machine.core, tenant.urls) as service,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(
            executable_path=chromium.PATH, args=chromium.FLAGS
        )
        url = f"http://127.0.0.1:{service.port}/console"
        home = f"{url}/{tenant.public_id}/application-users"
        doors = [await _load(browser, url, None) for _ in range(1 + plan.pairs)][1:]
        lists = [await _load(browser, home, tenant.token) for _ in range(1 + plan.pairs)][1:]
        async with _visit(browser, tenant.token) as context:
            page = await context.new_page()
            await page.goto(home)
            await expect(page.locator("tbody a").first).to_be_visible()
            paged = await _paged(page)
            between = [await _between(page) for _ in range(plan.pairs)]
        await browser.close()
    return [
        *_rows("sign-in page", doors),
        *_rows("application users, signed in", lists),
        *_paging(paged),
        Row("console: to another page and back, ms", harness.spread(between), "", ""),
    ]


@asynccontextmanager
async def _visit(browser: Browser, token: str | None) -> AsyncGenerator[BrowserContext]:
    """A fresh profile, whose tabs have kept a token."""
    context = await browser.new_context(viewport={"width": 1280, "height": 860})
    if token is not None:
        await context.add_init_script(f"({KEPT})({json.dumps(token)})")
    yield context
    await context.close()


async def _load(browser: Browser, address: str, token: str | None) -> Load:
    async with _visit(browser, token) as context:
        page = await context.new_page()
        wire = Wire()
        await wire.listen(await context.new_cdp_session(page))
        requests: list[Request] = []
        page.on("requestfinished", lambda request: _keep(requests, request))
        seen: asyncio.Queue[float] = asyncio.Queue()
        await page.expose_function("seen", seen.put_nowait)
        awaited = "input:focus" if token is None else "tbody a"
        await page.add_init_script(f"({TELL})({json.dumps(awaited)})")
        await page.goto(address, wait_until="commit")
        async with asyncio.timeout(PATIENCE_S):
            milliseconds = await seen.get()
        await page.wait_for_load_state("networkidle")
        asked = [each for each in requests if each.url.endswith("/graphql")]
        return Load(milliseconds / 1e3, wire.size / 1e3, len(requests), depth(asked))


def _keep(requests: list[Request], request: Request) -> None:
    requests.append(request)


class Wire:
    """The bytes that a page was sent, as they came: compressed, with their headers."""

    def __init__(self) -> None:
        self.size: float = 0

    async def listen(self, session: CDPSession) -> None:
        """Count from here on."""
        session.on("Network.loadingFinished", self._add)
        await session.send("Network.enable")

    def _add(self, event: dict[str, float]) -> None:
        self.size += event["encodedDataLength"]


def depth(requests: Sequence[Request]) -> int:
    """Return how many requests, at the most, were sent one behind the other's answer."""
    spans = sorted(
        (each.timing["startTime"], each.timing["startTime"] + each.timing["responseEnd"])
        for each in requests
    )
    depths: list[int] = []
    for start, _ in spans:
        before = [found for found, (_, end) in zip(depths, spans, strict=False) if end <= start]
        depths.append(1 + max(before, default=0))
    return max(depths, default=0)


async def _paged(page: Page) -> dict[int, list[float]]:
    """Return how long it took to come to some pages, and to the ones behind each."""
    found: dict[int, list[float]] = {number: [] for number in DEEP}
    for number in range(2, DEEP[-1] + AROUND):
        took: float = await page.evaluate(NEXT)
        for begin in DEEP:
            if begin <= number < begin + AROUND:
                found[begin].append(took)
    return found


async def _between(page: Page) -> float:
    """Return how long a way takes that was gone before."""
    there: float = await page.evaluate(GO, ["Limits", "Limits"])
    back: float = await page.evaluate(GO, ["Application users", "Application users"])
    return max(there, back)


def _rows(what: str, loads: Sequence[Load]) -> list[Row]:
    seconds = [load.seconds for load in loads]
    size = statistics.median(load.kilobytes for load in loads)
    say(f"console: {what}: {statistics.median(load.requests for load in loads):.0f} requests")
    # What waits for an answer does so each time; the rest comes one behind the other by chance.
    return [
        Row(f"console: {what}, empty cache, s", harness.spread(seconds), "", ""),
        Row(
            f"console: {what}, KB over the wire",
            f"**{size:.0f}**",
            f"{BUDGET_KB} at the most",
            "",
        ),
        Row(
            f"console: {what}, requests to the API one behind the other",
            f"**{min(load.depth for load in loads)}**",
            "2 at the most",
            "",
        ),
    ]


def _paging(paged: dict[int, list[float]]) -> list[Row]:
    for number, times in paged.items():
        say(f"console: page {number} of {USERS // PAGE}: {statistics.median(times):.0f} ms")
    first, *others = DEEP
    return [
        Row(
            f"console: page {other} of {USERS // PAGE}, from click to rows, time",
            harness.spread([ours / statistics.median(paged[first]) for ours in paged[other]]),
            f"page {first}",
            "",
        )
        for other in others
    ]
