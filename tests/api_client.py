"""A caller of the GraphQL API, as tests use it."""

from dataclasses import dataclass, field, replace
from typing import Any

import httpx


@dataclass(frozen=True)
class Answer:
    """An HTTP answer and the GraphQL one in it."""

    response: httpx.Response

    @property
    def body(self) -> dict[str, Any]:
        return self.response.json()

    @property
    def data(self) -> dict[str, Any]:
        """The data, of an answer that must not hold errors."""
        assert "errors" not in self.body, self.body["errors"]
        return self.body["data"]

    @property
    def codes(self) -> list[str]:
        """The codes of the top-level errors."""
        return [error["extensions"]["code"] for error in self.body.get("errors", [])]


@dataclass(frozen=True)
class Api:
    """Somebody who calls ``/graphql``, with a token or without."""

    client: httpx.AsyncClient
    token: str | None = field(default=None, repr=False)

    def with_token(self, token: str | None) -> "Api":
        """Return another caller of the same service."""
        return replace(self, token=token)

    async def run(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send a document by POST and return the answer whatever it is."""
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        response = await self.client.post(
            "/graphql",
            json={"query": query, "variables": variables or {}},
            headers=sent | (headers or {}),
        )
        return Answer(response)

    async def query(self, query: str, /, **variables: Any) -> dict[str, Any]:
        """Return the data of a document that must succeed."""
        return (await self.run(query, variables)).data

    async def mutate(self, name: str, selection: str, /, **fields: Any) -> dict[str, Any]:
        """Run one mutation and return the member of its result union."""
        kind = name[0].upper() + name[1:]
        document = f"""mutation($input: {kind}Input!) {{
            {name}(input: $input) {{
                __typename
                ... on Error {{ message }}
                ... on InvalidInputError {{ fields {{ path code message }} }}
                ... on {kind}Success {{ {selection} }}
            }}
        }}"""
        return (await self.query(document, input=fields))[name]


@dataclass(frozen=True)
class Organization:
    """A fresh organization with its administrator."""

    id: str
    admin_id: str
    admin: Api

    async def user(self, name: str = "ci", **fields: Any) -> str:
        """Create an application user and return its id."""
        made = await self.admin.mutate(
            "createApplicationUser",
            "applicationUser { id }",
            organizationId=self.id,
            name=name,
            **fields,
        )
        assert made["__typename"] == "CreateApplicationUserSuccess", made
        return made["applicationUser"]["id"]

    async def token(self, user_id: str, **fields: Any) -> tuple[str, str]:
        """Generate a token and return its id and its text."""
        made = await self.admin.mutate(
            "generateToken", "fullToken token { id }", applicationUserId=user_id, **fields
        )
        assert made["__typename"] == "GenerateTokenSuccess", made
        return made["token"]["id"], made["fullToken"]
