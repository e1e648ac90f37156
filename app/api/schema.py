"""The schema: what all nouns together make, and how documents become answers."""

from collections.abc import Callable

import strawberry
from graphql import GraphQLError
from strawberry.extensions import MaxTokensLimiter, SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types
from strawberry.types import ExecutionContext

from app import traces
from app.api import caches
from app.api.anonymous import CredentialRequired
from app.api.any_node import NodeQueries
from app.api.application_user_acts import ApplicationUserMutations
from app.api.application_users import ApplicationUser, ApplicationUserQueries
from app.api.audit import AuditQueries
from app.api.caches import ShortParserCache, ShortValidationCache
from app.api.catalogue import CatalogueQueries
from app.api.execution import Execution
from app.api.failures import HANDLERS
from app.api.group_acts import GroupMutations
from app.api.groups import GroupQueries
from app.api.identification import IdentificationQueries
from app.api.limit_requests import LimitRequestMutations
from app.api.limits import MAX_TOKENS, Limits
from app.api.mutation_rate import MutationRate
from app.api.organizations import OrganizationQueries
from app.api.people import PeopleMutations, PeopleQueries
from app.api.permission_acts import PermissionMutations
from app.api.permissions import PermissionQueries
from app.api.policies import PolicyMutations, PolicyQueries
from app.api.previews import PreviewQueries
from app.api.resource_acts import ResourceMutations
from app.api.resources import ResourceQueries
from app.api.revocations import RevocationMutations
from app.api.rotation import RotationMutations
from app.api.scalars import SCALARS
from app.api.token_acts import TokenMutations
from app.api.token_lists import TokenQueries
from app.api.token_uses import TokenUseQueries
from app.api.use_summaries import UseSummaryQueries
from app.api.user_lists import UserListQueries
from app.api.users import OrganizationUser
from app.api.webhook_acts import WebhookMutations
from app.api.webhooks import WebhookQueries

Query = strawberry.type(
    merge_types(
        "Query",
        (
            OrganizationQueries,
            NodeQueries,
            ApplicationUserQueries,
            UserListQueries,
            PeopleQueries,
            TokenQueries,
            TokenUseQueries,
            UseSummaryQueries,
            PreviewQueries,
            IdentificationQueries,
            ResourceQueries,
            GroupQueries,
            PolicyQueries,
            CatalogueQueries,
            PermissionQueries,
            AuditQueries,
            WebhookQueries,
        ),
    ),
    description="What can be looked at. Each field says which permission it needs; what belongs to"
    " another organization is answered like what does not exist.",
)
Mutation = strawberry.type(
    merge_types(
        "Mutation",
        (
            ApplicationUserMutations,
            TokenMutations,
            RotationMutations,
            RevocationMutations,
            PeopleMutations,
            LimitRequestMutations,
            ResourceMutations,
            GroupMutations,
            PolicyMutations,
            PermissionMutations,
            WebhookMutations,
        ),
    ),
    description="What can be done. Each answers with a union: what was done, or one of the errors"
    " that a caller can act on, where nothing was changed.",
)


class Schema(strawberry.Schema):
    """A schema that leaves logging to whoever knows the request."""

    def get_extensions(self, sync: bool = False) -> list[SchemaExtension]:
        """Return what takes part in an execution, traces where they are wanted."""
        tracer = traces.tracer()
        if tracer is None:
            return super().get_extensions(sync)
        # Imported late: it takes the extra.
        from app.api.traced import Spans

        return [Spans(tracer), *super().get_extensions(sync)]

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Do nothing: the default logs the document, and people paste tokens into documents."""


_EXTENSIONS: list[Callable[[], SchemaExtension]] = [
    lambda: MaxTokensLimiter(max_token_count=MAX_TOKENS),
    Limits,
    MutationRate,
    CredentialRequired,
    lambda: ShortParserCache(maxsize=caches.MOST),
    lambda: ShortValidationCache(maxsize=caches.MOST),
]

schema = Schema(
    query=Query,
    mutation=Mutation,
    types=[ApplicationUser, OrganizationUser],
    extensions=_EXTENSIONS,
    exception_handlers=HANDLERS,
    execution_context_class=Execution,
    config=StrawberryConfig(scalar_map=SCALARS),
)


def sdl() -> str:
    """Return the schema as ``schema.graphql`` holds it."""
    return schema.as_str() + "\n"
