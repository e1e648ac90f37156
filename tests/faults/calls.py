"""The requests that clients make, and what their answers say, as `tests.faults.history` has it."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from app import token_format
from tests.api_client import Api
from tests.faults.history import Outcome, Reply

WHO = "{ viewer { token { id } } }"
FIND_USER = """query($organization: ID!, $name: String!) {
  applicationUsers(organizationId: $organization, filter: {search: $name}) { nodes { id } }
}"""
MUTATION = """mutation($input: {kind}Input!) {{
  {name}(input: $input) {{
    __typename
    ... on Error {{ message }}
    ... on {kind}Success {{ {selection} }}
    {more}
  }}
}}"""
Read = Callable[[httpx.Response], Reply | None]
"""Says what an answer means, None where it is none that the contract knows."""


async def authenticate(node: httpx.AsyncClient, secret: str, token: str) -> Reply:
    """Use a token for GraphQL."""

    def read(response: httpx.Response) -> Reply | None:
        if _is_refused(response):
            return Reply(Outcome.INACTIVE)
        return _active(_json(response)["data"]["viewer"]["token"]["id"], token)

    return await _ask(_run(Api(node, secret), WHO, {}), read)


async def introspect(node: httpx.AsyncClient, secret: str, token: str, caller: str) -> Reply:
    """Ask for a token as a resource server does, RFC 7662."""

    def read(response: httpx.Response) -> Reply | None:
        body = _json(response)
        if response.status_code == 200 and body == {"active": False}:
            return Reply(Outcome.INACTIVE)
        return _active(body.get("active") is True and body.get("jti"), token)

    headers = {"Authorization": f"Bearer {caller}"}
    return await _ask(node.post("/introspect", data={"token": secret}, headers=headers), read)


async def forward(node: httpx.AsyncClient, secret: str, token: str, organization: str) -> Reply:
    """Ask as a gateway does, with the credential of the request in front of it."""

    def read(response: httpx.Response) -> Reply | None:
        if _is_refused(response):
            return Reply(Outcome.INACTIVE)
        is_good = response.status_code == 200
        return _active(is_good and response.headers.get("Appusers-Token-Id"), token)

    headers = {"Authorization": f"Bearer {secret}"}
    asked = {"organization_id": organization}
    return await _ask(node.get("/verify", params=asked, headers=headers), read)


async def revoke_as_holder(node: httpx.AsyncClient, secret: str) -> Reply:
    """Give a token up by presenting it, RFC 7009."""

    def read(response: httpx.Response) -> Reply | None:
        is_done = response.status_code == 200 and not response.content
        return Reply(Outcome.DONE) if is_done else None

    return await _ask(node.post("/revoke", data={"token": secret}), read)


async def create_user(admin: Api, organization: str, name: str) -> Reply:
    """Create an application user."""
    fields = {"organizationId": organization, "name": name}
    return await _mutate(admin, "createApplicationUser", "applicationUser { id }", fields)


async def find_user(admin: Api, organization: str, name: str) -> str | None:
    """Return the application user of this name; None where there is none or no answer either."""
    try:
        answer = await admin.run(FIND_USER, {"organization": organization, "name": name})
        nodes = answer.data["applicationUsers"]["nodes"] if answer.response.is_success else []
    except httpx.TransportError:
        return None
    return nodes[0]["id"] if nodes else None


async def list_users(admin: Api, organization: str) -> Reply:
    """Read application users, which needs more of the database than the caller's token."""

    def read(response: httpx.Response) -> Reply | None:
        is_list = isinstance(_json(response)["data"]["applicationUsers"]["nodes"], list)
        return Reply(Outcome.DONE) if response.status_code == 200 and is_list else None

    asked = {"organization": organization, "name": "integration 1"}
    return await _ask(_run(admin, FIND_USER, asked), read)


async def ready(node: httpx.AsyncClient) -> Reply:
    """Ask whether a node can verify tokens."""

    def read(response: httpx.Response) -> Reply | None:
        is_ready = response.status_code == 200 and _json(response) == {"status": "ready"}
        return Reply(Outcome.DONE) if is_ready else None

    return await _ask(node.get("/readyz"), read)


async def generate(admin: Api, user: str, key: str, **more_fields: object) -> Reply:
    """Generate a token; its description is the key, so that what was made can be counted."""
    fields = {"applicationUserId": user, "idempotencyKey": key, "description": key} | more_fields
    more = "... on GenerateTokenReplayed { token { id } }"
    return await _mutate(admin, "generateToken", "fullToken token { id }", fields, more)


async def revoke(admin: Api, token: str) -> Reply:
    """Revoke a token by its id."""
    return await _mutate(admin, "revokeToken", "token { id }", {"tokenId": token})


async def delete_user(admin: Api, user: str) -> Reply:
    """Delete an application user with all its tokens."""
    fields = {"applicationUserId": user}
    return await _mutate(admin, "deleteApplicationUser", "applicationUserId", fields)


async def _mutate(
    admin: Api, name: str, selection: str, fields: dict[str, Any], more: str = ""
) -> Reply:
    kind = name[0].upper() + name[1:]
    document = MUTATION.format(name=name, kind=kind, selection=selection, more=more)
    outcomes = {
        f"{kind}Success": Outcome.DONE,
        f"{kind}Replayed": Outcome.REPLAYED,
        "NotFoundError": Outcome.REFUSED,
        "NameTakenError": Outcome.REFUSED,
    }

    def read(response: httpx.Response) -> Reply | None:
        told = _json(response)["data"][name]
        outcome = outcomes.get(told["__typename"])
        if response.status_code != 200 or outcome is None:
            return None
        return Reply(
            outcome,
            detail=told["__typename"],
            user=told.get("applicationUser", {}).get("id"),
            token=told.get("token", {}).get("id"),
            secret=told.get("fullToken"),
        )

    return await _ask(_run(admin, document, {"input": fields}), read)


async def _run(api: Api, document: str, variables: dict[str, Any]) -> httpx.Response:
    return (await api.run(document, variables)).response


async def _ask(answer: Awaitable[httpx.Response], read: Read) -> Reply:
    try:
        response = await answer
    except httpx.TransportError as error:
        return Reply(Outcome.LOST, repr(error))
    if response.status_code == 503 and "Retry-After" in response.headers:
        return Reply(Outcome.UNAVAILABLE)
    try:
        reply = read(response)
    except (KeyError, TypeError, ValueError):
        reply = None
    if reply is None:
        text = token_format.hide(response.text[:300])
        return Reply(Outcome.WRONG, f"{response.status_code} {text}")
    return reply


def _json(response: httpx.Response) -> dict[str, Any]:
    return response.json()


def _is_refused(response: httpx.Response) -> bool:
    challenge = response.headers.get("WWW-Authenticate")
    return response.status_code == 401 and challenge == 'Bearer error="invalid_token"'


def _active(named: object, token: str) -> Reply | None:
    """Return "active" where the answer names the token that was asked for, and no other one."""
    return Reply(Outcome.ACTIVE) if named == token else None
