"""The yardstick: Strawberry as its documentation shows it, on the same tables.

A typed schema, a DataLoader for the children, an asyncpg pool, ``strawberry.asgi.GraphQL`` on
uvicorn. It authenticates nobody, bounds nothing and skips row level security: what the service
does beyond it counts against the service.

    DATABASE_URL=… python -m tests.bench.reference
"""

import asyncio
import os
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader

Info: TypeAlias = strawberry.Info[dict[str, Any], None]


@strawberry.enum
class State(Enum):
    ACTIVE = "ACTIVE"
    DEACTIVATED = "DEACTIVATED"
    DELETED = "DELETED"


@strawberry.enum
class Status(Enum):
    ACTIVE = "ACTIVE"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"
    DEACTIVATED = "DEACTIVATED"


@strawberry.type
class Token:
    id: strawberry.ID
    token_prefix: str
    description: str | None
    status: Status
    create_time: datetime
    last_used_time: datetime | None


@strawberry.type
class TokenConnection:
    nodes: list[Token]


@strawberry.type
class ApplicationUser:
    id: strawberry.ID
    name: str
    description: str | None
    state: State
    create_time: datetime

    @strawberry.field
    async def tokens(self, info: Info, first: int = 50) -> TokenConnection:
        return TokenConnection(nodes=(await info.context["tokens"].load(self.id))[:first])


@strawberry.type
class ApplicationUserConnection:
    nodes: list[ApplicationUser]


USERS = """
SELECT user_id, name, description, state, create_time
  FROM organization_user
 WHERE organization_id = $1 AND is_application_user AND state <> 'DELETED'
 ORDER BY create_time DESC, user_id DESC
 LIMIT $2
"""
USER = """
SELECT user_id, name, description, state, create_time
  FROM organization_user
 WHERE user_id = $1 AND is_application_user
"""
TOKENS = """
SELECT t.user_id, t.token_id, t.description, t.create_time, t.last_used_time,
       CASE WHEN t.revoke_time IS NOT NULL THEN 'REVOKED'
            WHEN t.expiry_time <= now() THEN 'EXPIRED'
            WHEN u.state <> 'ACTIVE' THEN 'DEACTIVATED'
            ELSE 'ACTIVE'
       END AS status
  FROM token t
  JOIN organization_user u USING (organization_id, user_id)
 WHERE t.user_id = ANY ($1::uuid[])
 ORDER BY t.create_time DESC, t.token_id DESC
"""


def _user(row: asyncpg.Record) -> ApplicationUser:
    return ApplicationUser(
        id=strawberry.ID(str(row["user_id"])),
        name=row["name"],
        description=row["description"],
        state=State(row["state"]),
        create_time=row["create_time"],
    )


def _token(row: asyncpg.Record) -> Token:
    return Token(
        id=strawberry.ID(str(row["token_id"])),
        token_prefix=f"appu_{row['token_id']}",
        description=row["description"],
        status=Status(row["status"]),
        create_time=row["create_time"],
        last_used_time=row["last_used_time"],
    )


@strawberry.type
class Query:
    @strawberry.field
    async def application_users(
        self, info: Info, organization_id: strawberry.ID, first: int = 50
    ) -> ApplicationUserConnection:
        rows = await info.context["pool"].fetch(USERS, UUID(organization_id), first)
        return ApplicationUserConnection(nodes=[_user(row) for row in rows])

    @strawberry.field
    async def application_user(self, info: Info, id: strawberry.ID) -> ApplicationUser | None:
        row = await info.context["pool"].fetchrow(USER, UUID(id))
        return _user(row) if row else None


class App(GraphQL[dict[str, Any], None]):
    """The documented way to give resolvers a pool and a loader."""

    pool: "asyncpg.Pool[asyncpg.Record]"

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> dict[str, Any]:
        return {
            "request": request,
            "response": response,
            "pool": self.pool,
            "tokens": DataLoader(load_fn=self._load_tokens),
        }

    async def _load_tokens(self, user_ids: list[strawberry.ID]) -> list[list[Token]]:
        found: dict[str, list[Token]] = {user_id: [] for user_id in user_ids}
        for row in await self.pool.fetch(TOKENS, [UUID(user_id) for user_id in user_ids]):
            found[str(row["user_id"])].append(_token(row))
        return [found[user_id] for user_id in user_ids]


def create_app() -> Starlette:
    """Return the application, for uvicorn."""
    graphql = App(strawberry.Schema(Query))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        async with asyncpg.create_pool(os.environ["DATABASE_URL"]) as graphql.pool:
            yield

    return Starlette(routes=[Route("/graphql", graphql)], lifespan=lifespan)


def main() -> None:
    """Serve, after a line with the address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # As on a socket that uvicorn opens itself.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        print(f"http://127.0.0.1:{listener.getsockname()[1]}/graphql", flush=True)
        config = uvicorn.Config(create_app, factory=True, log_level="warning", access_log=False)
        asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))


if __name__ == "__main__":
    main()
