"""A typed client of the GraphQL API, for integrations: `Client`, and `every` for its lists.

Its operations and types are generated from ``schema.graphql`` and the documents in ``operations/``.
It needs httpx, pydantic and stamina, and nothing else of this package.
"""

from app.client.client import Client
from app.client.errors import (
    BadRequest,
    ClientError,
    FieldProblem,
    Forbidden,
    InvalidUrl,
    NotAnswered,
    NotTheService,
    Postponed,
    RateLimited,
    Refused,
    ServiceError,
    ServiceFailed,
    Unauthenticated,
    Unavailable,
    Unreached,
    Unreadable,
)
from app.client.pages import every

__all__ = [
    "BadRequest",
    "Client",
    "ClientError",
    "FieldProblem",
    "Forbidden",
    "InvalidUrl",
    "NotAnswered",
    "NotTheService",
    "Postponed",
    "RateLimited",
    "Refused",
    "ServiceError",
    "ServiceFailed",
    "Unauthenticated",
    "Unavailable",
    "Unreached",
    "Unreadable",
    "every",
]
