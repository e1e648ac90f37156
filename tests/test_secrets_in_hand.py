"""Tokens that are asked about, not asked with: they are in no log and no row either."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.api.introspecting import DOCUMENT as INTROSPECT
from tests.api.test_identify_token import DOCUMENT as IDENTIFY
from tests.api_client import Api
from tests.postgres import Server
from tests.test_secrets_in_logs import PEPPER, leaks, parts, rows, serve

AGENT = "found/1 ({})"


async def ask(api: Api, organization_id: str, full: str) -> None:
    """Ask about a token in every way that is answered, refused or wrong."""
    good: dict[str, Any] = {"o": organization_id, "t": full}
    found = await api.query(INTROSPECT, **good, ip="192.0.2.7", agent=AGENT.format(full))
    assert found["introspectToken"]["active"] is True
    assert (await api.query(IDENTIFY, **good))["identifyToken"]["secretMatches"] is True
    robot = api.with_token(full)
    for caller in (api, robot, api.with_token(None)):
        for more in (
            {"ip": full},
            {"permission": full},
            {"resource": full},
            {"o": full},
            {"t": [full]},
            {"t": {full: full}},
            {"agent": [full]},
        ):
            for document in (INTROSPECT, IDENTIFY):
                answer = await caller.run(document, good | more)
                assert answer.response.status_code < 500
        for name in ("introspectToken", "identifyToken"):
            literal = f'{{ {name}(organizationId: "{organization_id}", token: "{full}") {{'
            assert (await caller.run(f"{literal} __typename }} }}")).response.status_code < 500
            assert (await caller.run(f"{literal} nothing")).response.status_code < 500
            query = urlencode({"query": f"{literal} __typename }} }}"})
            assert (await caller.client.get(f"/graphql?{query}")).status_code == 400


async def test_none_is_anywhere(server: Server, tmp_path: Path) -> None:
    async with (
        serve(server, tmp_path) as served,
        httpx.AsyncClient(base_url=served.url, timeout=30) as client,
    ):
        api = Api(client, served.admin["token"])
        organization_id = served.admin["organizationId"]
        made = await api.mutate(
            "createApplicationUser",
            "applicationUser { id }",
            organizationId=organization_id,
            name="ci",
        )
        made = await api.mutate(
            "generateToken",
            "fullToken token { id }",
            applicationUserId=made["applicationUser"]["id"],
        )
        full, token_id = made["fullToken"], made["token"]["id"]
        await ask(api, organization_id, full)
        await api.mutate("revokeToken", "__typename", tokenId=token_id)
        found = await api.query(INTROSPECT, o=organization_id, t=full, agent=AGENT.format(full))
        assert found["introspectToken"]["active"] is False
    # Uses and refusals are written at the stop.
    kept = await rows(served.urls)
    output = served.output()
    secrets = {
        **parts("admin's token", served.admin["token"]),
        **parts("token", full),
        "pepper": PEPPER,
    }
    assert leaks(secrets, output) == []
    assert leaks(secrets, kept) == []
    # Controls: the uses and the refusals are on record, with what may be shown of the token.
    assert output.count("http.request") > 50
    assert AGENT.format(f"{full[:27]}…") in kept
    assert "REVOKED" in kept
    assert leaks(secrets, output + full) == ["token", "secret of token", "half the secret of token"]
