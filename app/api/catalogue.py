"""The catalogue in GraphQL: what can be granted, and what a token can be narrowed to."""

import strawberry

from app.api.nodes import ContextInfo
from app.api.resources import ResourceKind
from app.catalogue import LEVELS, Entry
from app.catalogue import Scope as ScopeEntry


@strawberry.type(description="A role or permission that can be granted to users and groups.")
class PermissionCatalogueEntry:
    name: str = strawberry.field(
        description="What grants call it, for example `organization:app_users:write`."
    )
    title: str | None = strawberry.field(
        description="What a console calls it; null where it has none."
    )
    description: str = strawberry.field(description="What it allows.")
    levels: list[ResourceKind] = strawberry.field(
        description="The kinds of resource that it can be granted on. A grant reaches everything"
        " below."
    )
    is_role: bool = strawberry.field(description="It gives other permissions.")
    includes: list[str] = strawberry.field(
        description="What a role gives, one step down and in order: permissions, and roles that"
        ' give more. ["*"] is every permission, those of the operator\'s own platform too. Empty'
        " for a permission."
    )
    scope: str | None = strawberry.field(
        description="What a token that is narrowed to scopes needs besides the grant, for example"
        " `services:read`; `services:write` is as good. Null: such a token does not have it itself;"
        " of a role it has the permissions whose scopes it holds."
    )
    is_enforced_here: bool = strawberry.field(
        description="This service asks for it itself. The others are for the operator's platform:"
        " here they are granted and answered for."
    )

    @classmethod
    def of(cls, entry: Entry) -> "PermissionCatalogueEntry":
        """Make the shape of an entry."""
        return cls(
            name=entry.name,
            title=entry.title,
            description=entry.description,
            levels=[ResourceKind(level) for level in LEVELS if level in entry.levels],
            is_role=entry.is_role,
            includes=sorted(entry.includes),
            scope=entry.scope,
            is_enforced_here=entry.is_enforced_here,
        )


@strawberry.type(description="What a token can be narrowed to.")
class Scope:
    name: str = strawberry.field(
        description="What `scopes` of a token calls it, for example `projects:read`."
    )
    description: str = strawberry.field(description="What a token with it may do.")

    @classmethod
    def of(cls, scope: ScopeEntry) -> "Scope":
        """Make the shape of a scope."""
        return cls(name=scope.name, description=scope.description)


@strawberry.type
class CatalogueQueries:
    @strawberry.field(
        description="Every role and permission that can be granted, roles first. The same for all"
        " organizations; it changes only when the service is started again. Permission: none beyond"
        " a valid credential."
    )
    def permission_catalogue(self, info: ContextInfo) -> list[PermissionCatalogueEntry]:
        info.context.require_principal()
        entries = info.context.catalogue.entries.values()
        return [PermissionCatalogueEntry.of(entry) for entry in entries]

    @strawberry.field(
        description="Every scope that a token can be narrowed to. The same for all organizations."
        " Permission: none beyond a valid credential."
    )
    def available_scopes(self, info: ContextInfo) -> list[Scope]:
        info.context.require_principal()
        return [Scope.of(scope) for scope in info.context.catalogue.scopes.values()]
