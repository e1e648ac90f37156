"""Who sends hostile input: an administrator, an application user without permissions, nobody."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.hostile.worker import Worker


@dataclass(frozen=True)
class Callers:
    """Tokens by who holds them; None for nobody."""

    tokens: dict[str, str | None] = field(repr=False)


def make(worker: Worker) -> Callers:
    """Make the application user; the administrator is there."""
    admin = worker.estate.token
    made = _mutate(
        worker,
        admin,
        "createApplicationUser",
        "applicationUser { id }",
        organizationId=worker.estate.organization_id,
        name="plain",
    )
    plain = _mutate(
        worker, admin, "generateToken", "fullToken", applicationUserId=made["applicationUser"]["id"]
    )
    return Callers(
        {"administrator": admin, "application user": str(plain["fullToken"]), "nobody": None}
    )


def _mutate(
    worker: Worker, token: str, name: str, selection: str, /, **given: object
) -> dict[str, Any]:
    kind = name[0].upper() + name[1:]
    document = (
        f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{"
        f" ... on {kind}Success {{ {selection} }} ... on Error {{ message }} }} }}"
    )
    answer = worker.graphql(document, {"input": given}, token)
    return json.loads(answer.body)["data"][name]
