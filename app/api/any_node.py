"""Any thing by its id."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import strawberry
from strawberry import ID

from app import ids, inputs
from app.api.application_users import find_user
from app.api.nodes import ContextInfo, Node
from app.api.organizations import find_organization
from app.api.tokens import find_token
from app.errors import Code
from app.ids import Kind

FINDERS: dict[Kind, Callable[[ContextInfo, str], Awaitable[Node | None]]] = {
    "org": find_organization,
    "user": find_user,
    "token": find_token,
}
"""How each kind of thing is found; all that implement Node are here."""


@strawberry.type
class NodeQueries:
    @strawberry.field(
        description="Anything by its id; null where there is none, where it is a deleted user, and"
        " where the caller does not belong to its organization. Permission: that of the list which"
        " the thing is in."
    )
    async def node(
        self,
        info: ContextInfo,
        id: Annotated[
            ID, strawberry.argument(description="An id, such as `org_…`, `user_…`, `token_…`.")
        ],
    ) -> Node | None:
        kind = ids.kind_of(id)
        if kind not in FINDERS:
            prefixes = ", ".join(f"{known}_…" for known in FINDERS)
            raise inputs.invalid("id", Code.INVALID_ID, f"id is none of {prefixes}.")
        return await FINDERS[kind](info, id)
