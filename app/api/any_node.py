"""Any thing by its id."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import strawberry
from strawberry import ID

from app import ids, inputs
from app.api.audit import find_event
from app.api.groups import find_group
from app.api.limit_requests import find_limit_request
from app.api.nodes import ContextInfo, Node
from app.api.organizations import find_organization
from app.api.people import find_user
from app.api.resources import find_resource
from app.api.tokens import find_token
from app.api.webhooks import find_webhook_endpoint
from app.errors import Code
from app.ids import Kind

FINDERS: dict[Kind, Callable[[ContextInfo, str], Awaitable[Node | None]]] = {
    "org": find_organization,
    "user": find_user,
    "token": find_token,
    "request": find_limit_request,
    "resource": find_resource,
    "group": find_group,
    "event": find_event,
    "webhook": find_webhook_endpoint,
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
