"""Look-ups that the fields of one request share: what is asked side by side is one statement."""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias, TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from app import (
    application_users,
    authority,
    group_members,
    people,
    policies,
    previews,
    resources,
    tokens,
    webhooks,
)
from app.access import AppUserReader, AuditReader, GroupReader, OrgReader, Principal, Reader
from app.application_users import User
from app.authority import Ask, Authority
from app.database import Database
from app.errors import Failure, NotFound
from app.group_members import Member, MemberOrder
from app.paging import Page, PageRequest
from app.resources import Resource
from app.tokens import Token, TokenFilter, TokenOrder
from app.webhooks import DeliveryOrder, WebhookDelivery

Shared = TypeVar("Shared", bound=Hashable)
Id = TypeVar("Id", bound=Hashable)
Value = TypeVar("Value")

Loader: TypeAlias = "DataLoader[tuple[Shared, Id], Value]"
"""Loads by what a statement has in common, and an id: (shared, id)."""


def batched(
    find: Callable[[Shared, list[Id]], Awaitable[Mapping[Id, Value | Failure]]],
) -> "Loader[Shared, Id, Value]":
    """Return a loader that calls ``find`` once for all ids that share the rest.

    ``find`` has an answer for each; where that is a failure, it is raised.
    """

    async def load(keys: "list[tuple[Shared, Id]]") -> "list[Value | BaseException]":
        found: dict[tuple[Shared, Id], Value | BaseException] = {}
        for shared in dict.fromkeys(shared for shared, _ in keys):
            wanted = [one for asked, one in keys if asked == shared]
            rows = await find(shared, wanted)
            found.update({(shared, one): row for one, row in rows.items()})
        return [found[key] for key in keys]

    return DataLoader(load_fn=load)


def if_any(
    find: Callable[[Shared, list[Id]], Awaitable[Mapping[Id, Value]]],
) -> "Loader[Shared, Id, Value | None]":
    """Return such a loader of what may be missing: None for what ``find`` does not answer."""

    async def find_or_none(shared: Shared, ids: list[Id]) -> "dict[Id, Value | Failure | None]":
        return dict.fromkeys(ids) | dict(await find(shared, ids))

    return batched(find_or_none)


@dataclass
class Loaders:
    """Made anew for each request; each loader when it is first asked."""

    database: Database
    principal: Principal | None

    @cached_property
    def users(self) -> "Loader[Reader, UUID, User | None]":
        """Users of either kind, deleted ones too."""

        async def find(reader: Reader, user_ids: list[UUID]) -> dict[UUID, User]:
            found = await application_users.find(self.database, reader, user_ids)
            return {user.user_id: user for user in found}

        return if_any(find)

    @cached_property
    def holders(self) -> "Loader[Reader, UUID, bool | None]":
        """Whether a user or group holds any permission; None where it holds none."""

        async def find(reader: Reader, ids: list[UUID]) -> dict[UUID, bool]:
            return dict.fromkeys(await people.find_holders(self.database, reader, ids), True)

        return if_any(find)

    @cached_property
    def tokens(self) -> "Loader[AppUserReader | AuditReader, UUID, Token | None]":
        """Tokens that the reader may know of."""
        return if_any(
            lambda reader, token_ids: tokens.find_several(self.database, reader, token_ids)
        )

    @cached_property
    def successors(self) -> "Loader[AppUserReader, UUID, Token | None]":
        """What a token was rotated to."""
        return if_any(
            lambda reader, token_ids: tokens.find_successors(self.database, reader, token_ids)
        )

    @cached_property
    def tokens_of_users(
        self,
    ) -> "Loader[tuple[AppUserReader, TokenFilter, PageRequest[TokenOrder]], UUID, Page[Token]]":
        """A page of a user's tokens."""
        return batched(
            lambda shared, user_ids: tokens.list_pages_of_users(
                self.database, shared[0], user_ids, shared[1], shared[2]
            )
        )

    @cached_property
    def live_token_counts(self) -> "Loader[AppUserReader, UUID, int | None]":
        """How many tokens of a user are accepted; None where there is no such user."""
        return if_any(
            lambda reader, user_ids: previews.count_live_of_users(self.database, reader, user_ids)
        )

    @cached_property
    def blocked_tokens(self) -> "Loader[UUID, UUID, bool | None]":
        """Whether the policy of an organization blocks a token of it; None where it does not."""

        async def find(organization_id: UUID, token_ids: list[UUID]) -> dict[UUID, bool]:
            if self.principal is None:
                return {}
            blocked = await policies.blocked(
                self.database, self.principal, organization_id, token_ids
            )
            return dict.fromkeys(blocked, True)

        return if_any(find)

    @cached_property
    def members_of_groups(
        self,
    ) -> "Loader[tuple[GroupReader, PageRequest[MemberOrder]], UUID, Page[Member]]":
        """A page of a group's members."""
        return batched(
            lambda shared, group_ids: group_members.list_pages_of_groups(
                self.database, shared[0], group_ids, shared[1]
            )
        )

    @cached_property
    def resources(self) -> "Loader[OrgReader, UUID, Resource | None]":
        """Organizational units and projects."""

        async def find(reader: OrgReader, resource_ids: list[UUID]) -> dict[UUID, Resource]:
            found = await resources.find(self.database, reader, resource_ids)
            return {resource.resource_id: resource for resource in found}

        return if_any(find)

    @cached_property
    def authorities(self) -> "Loader[tuple[OrgReader | None, UUID], Ask, Authority]":
        """What a user or group may do; without a proof, what the caller itself may."""

        async def find(
            shared: tuple[OrgReader | None, UUID], asks: list[Ask]
        ) -> dict[Ask, Authority | NotFound]:
            reader, organization_id = shared
            if reader is not None:
                answers = await authority.find(self.database, reader, asks)
            elif self.principal is not None:
                answers = await authority.find_own(
                    self.database, self.principal, organization_id, asks
                )
            else:
                return {}
            return dict(zip(asks, answers, strict=True))

        return batched(find)

    @cached_property
    def deliveries_of_endpoints(
        self,
    ) -> "Loader[tuple[OrgReader, PageRequest[DeliveryOrder]], UUID, Page[WebhookDelivery]]":
        """A page of what was sent to a webhook endpoint."""
        return batched(
            lambda shared, endpoint_ids: webhooks.list_deliveries(
                self.database, shared[0], endpoint_ids, shared[1]
            )
        )
