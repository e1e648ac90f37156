"""Walking a list page by page, as a client does."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from tests.api_client import Api

MOST_PAGES = 200


@dataclass(frozen=True)
class List:
    """A list field of an organization, and the names of its input types."""

    name: str
    filter: str
    order: str

    @property
    def document(self) -> str:
        """Return a query for one page of ids with their cursors."""
        return f"""query($o: ID!, $n: Int, $c: String, $f: {self.filter}, $b: {self.order}) {{
            {self.name}(organizationId: $o, first: $n, after: $c, filter: $f, orderBy: $b) {{
                nodes {{ id }} edges {{ cursor node {{ id }} }}
                pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"""

    async def page(
        self,
        api: Api,
        organization_id: str,
        first: int | None = None,
        after: str | None = None,
        keep: dict[str, Any] | None = None,
        order: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return one page."""
        found = await api.query(self.document, o=organization_id, n=first, c=after, f=keep, b=order)
        page = found[self.name]
        assert [edge["node"] for edge in page["edges"]] == page["nodes"]
        cursors = [edge["cursor"] for edge in page["edges"]]
        assert page["pageInfo"]["startCursor"] == (cursors[0] if cursors else None)
        assert page["pageInfo"]["endCursor"] == (cursors[-1] if cursors else None)
        return page

    async def pages(
        self, api: Api, organization_id: str, first: int, **more: Any
    ) -> AsyncGenerator[list[str]]:
        """Yield the ids of one page after the other."""
        after: str | None = None
        for _ in range(MOST_PAGES):
            page = await self.page(api, organization_id, first, after, **more)
            assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
            yield ids_of(page)
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]
        raise AssertionError("the pages do not end")

    async def walk(
        self, api: Api, organization_id: str, first: int = 100, **more: Any
    ) -> list[str]:
        """Return all ids, page after page."""
        return [
            found
            async for page in self.pages(api, organization_id, first, **more)
            for found in page
        ]


APPLICATION_USERS = List("applicationUsers", "ApplicationUserFilter", "UserOrder")
ORGANIZATION_USERS = List("organizationUsers", "OrganizationUserFilter", "UserOrder")
TOKENS = List("tokens", "TokenFilter", "TokenOrder")
GROUPS = List("groups", "GroupFilter", "GroupOrder")


def ids_of(page: dict[str, Any]) -> list[str]:
    """Return the ids of a page in order."""
    return [node["id"] for node in page["nodes"]]
