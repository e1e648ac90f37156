"""How each root field that takes an id is asked about one."""

from collections.abc import Callable
from typing import Any

from tests.api.world import World

Ask = tuple[str, str, Callable[[World, str], dict[str, Any]]]

# Each root field that takes an id: the kind, the document, and the variables for a target.
ASKS: dict[str, Ask] = {
    "organization": (
        "org",
        "query($id: ID!) { organization(id: $id) { id name applicationUserCount } }",
        lambda _, target: {"id": target},
    ),
    "applicationUser": (
        "user",
        """query($id: ID!) { applicationUser(id: $id) {
            id name createdBy { id } tokens { nodes { id } } } }""",
        lambda _, target: {"id": target},
    ),
    "node": (
        "token",
        "query($id: ID!) { node(id: $id) { id ... on Token { description user { id } } } }",
        lambda _, target: {"id": target},
    ),
    "node of an organization": (
        "org",
        "query($id: ID!) { node(id: $id) { id ... on Organization { name } } }",
        lambda _, target: {"id": target},
    ),
    "node of a user": (
        "user",
        "query($id: ID!) { node(id: $id) { id ... on User { name } } }",
        lambda _, target: {"id": target},
    ),
    "applicationUsers": (
        "org",
        "query($id: ID!) { applicationUsers(organizationId: $id) { totalCount nodes { id } } }",
        lambda _, target: {"id": target},
    ),
    "organizationUsers": (
        "org",
        "query($id: ID!) { organizationUsers(organizationId: $id) { nodes { id } } }",
        lambda _, target: {"id": target},
    ),
    "tokens": (
        "org",
        "query($id: ID!) { tokens(organizationId: $id) { nodes { id } } }",
        lambda _, target: {"id": target},
    ),
    "tokens of a user": (
        "user",
        """query($org: ID!, $id: ID!) { tokens(organizationId: $org, applicationUserId: $id) {
            nodes { id } } }""",
        lambda ours, target: {"org": ours.organization.id, "id": target},
    ),
    "createApplicationUser": (
        "org",
        """mutation($i: CreateApplicationUserInput!) { createApplicationUser(input: $i) {
            __typename ... on Error { message } } }""",
        lambda _, target: {"i": {"organizationId": target, "name": "intruder"}},
    ),
    "updateApplicationUser": (
        "user",
        """mutation($i: UpdateApplicationUserInput!) { updateApplicationUser(input: $i) {
            __typename ... on Error { message } } }""",
        lambda _, target: {"i": {"applicationUserId": target, "name": "taken over"}},
    ),
    "deleteApplicationUser": (
        "user",
        """mutation($i: DeleteApplicationUserInput!) { deleteApplicationUser(input: $i) {
            __typename ... on Error { message } } }""",
        lambda _, target: {"i": {"applicationUserId": target}},
    ),
    "generateToken": (
        "user",
        """mutation($i: GenerateTokenInput!) { generateToken(input: $i) {
            __typename ... on Error { message } ... on GenerateTokenSuccess { fullToken } } }""",
        lambda _, target: {"i": {"applicationUserId": target}},
    ),
    "updateToken": (
        "token",
        """mutation($i: UpdateTokenInput!) { updateToken(input: $i) {
            __typename ... on Error { message } } }""",
        lambda _, target: {"i": {"tokenId": target, "description": "taken over"}},
    ),
    "revokeToken": (
        "token",
        """mutation($i: RevokeTokenInput!) { revokeToken(input: $i) {
            __typename ... on Error { message } } }""",
        lambda _, target: {"i": {"tokenId": target}},
    ),
}
