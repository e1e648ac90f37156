"""What would stop working, before anybody ends it, in GraphQL."""

from typing import Annotated

import strawberry
from strawberry import ID

from app import ids, previews, references
from app.access import AppUserReader
from app.api.connections import First, checked
from app.api.nodes import ContextInfo
from app.api.tokens import Token
from app.paging import DEFAULT_FIRST
from app.previews import Preview


@strawberry.type(description="A group that whoever would lose a token is in.")
class PreviewedGroup:
    group_id: ID = strawberry.field(description="Its id (`group_…`).")
    name: str = strawberry.field(description="What people call it.")


@strawberry.type(description="A permission that would be lost with what ends.")
class PreviewedPermission:
    permission: str = strawberry.field(description="Its name in the catalogue.")
    resource_id: ID = strawberry.field(
        description="What it is held on: the organization (`org_…`), a unit or a project"
        " (`resource_…`)."
    )


@strawberry.type(
    description="What would stop working at this moment. Tokens that are expired, revoked or"
    " deactivated are not in it: they do not work anyway."
)
class AccessPreview:
    preview: strawberry.Private[Preview]

    @strawberry.field(
        description="How many tokens are accepted and would not be any more. Permission:"
        " `organization:app_users:write`."
    )
    async def live_token_count(self, info: ContextInfo) -> int:
        return await previews.count_live(info.context.database, self.preview.reader, self.preview)

    @strawberry.field(
        description="Those tokens, the latest used first: their last uses, addresses and programs"
        " tell who would be cut off. Permission: `organization:app_users:write`."
    )
    async def live_tokens(self, info: ContextInfo, first: First = DEFAULT_FIRST) -> list[Token]:
        rows = await previews.list_live(
            info.context.database, self.preview.reader, self.preview, checked(first)
        )
        return [Token.of(row, info) for row in rows]

    @strawberry.field(
        description="The groups of the application user, or of those whose live tokens would be"
        " revoked, by name. Permission: `organization:app_users:write`."
    )
    async def held_groups(
        self, info: ContextInfo, first: First = DEFAULT_FIRST
    ) -> list[PreviewedGroup]:
        rows = await previews.list_groups(
            info.context.database, self.preview.reader, self.preview, checked(first)
        )
        organization_id = self.preview.reader.organization_id
        return [
            PreviewedGroup(
                group_id=ID(ids.member_id("group", organization_id, row.group_id)), name=row.name
            )
            for row in rows
        ]

    @strawberry.field(
        description="The permissions that would be lost, directly held or through a group, by name:"
        " all of the application user, or what those tokens carry. Permission:"
        " `organization:app_users:write`."
    )
    async def held_permissions(
        self, info: ContextInfo, first: First = DEFAULT_FIRST
    ) -> list[PreviewedPermission]:
        rows = await previews.list_held(
            info.context.database, self.preview.reader, self.preview, checked(first)
        )
        organization_id = self.preview.reader.organization_id
        return [
            PreviewedPermission(
                permission=row.permission,
                resource_id=ID(ids.resource_id(organization_id, row.resource_id)),
            )
            for row in rows
        ]


@strawberry.type
class PreviewQueries:
    @strawberry.field(
        description="What `deleteApplicationUser` would end at this moment; null where there is no"
        " such application user, and where the caller does not belong to its organization."
        " Permission: `organization:app_users:write`."
    )
    async def deletion_preview(
        self,
        info: ContextInfo,
        application_user_id: Annotated[
            ID, strawberry.argument(description="Who would be deleted (`user_…`).")
        ],
    ) -> AccessPreview | None:
        organization_id, user_id = references.user("applicationUserId", application_user_id)
        reader = info.context.require_or_none(AppUserReader, organization_id)
        if reader is None:
            return None
        found = await previews.of_user(info.context.database, reader, user_id)
        return AccessPreview(preview=found) if found else None

    @strawberry.field(
        description="What `revokeTokens` would end at this moment; null where it would answer that"
        " one of the tokens is missing. Permission: `organization:app_users:write`."
    )
    async def revocation_preview(
        self,
        info: ContextInfo,
        token_ids: Annotated[
            list[ID],
            strawberry.argument(
                description="1 to 1000 ids (`token_…`), each once, all of one organization."
            ),
        ],
    ) -> AccessPreview | None:
        organization_id, wanted = references.of_one_organization(
            references.several("token", "tokenIds", token_ids),
            info.context.require_principal().memberships,
        )
        reader = info.context.require_or_none(AppUserReader, organization_id)
        if reader is None or wanted is None:
            return None
        found = await previews.of_tokens(info.context.database, reader, wanted)
        return AccessPreview(preview=found) if found else None
