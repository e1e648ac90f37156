"""Acts on resources in GraphQL: create, rename and move, delete."""

from typing import Annotated, Union

import strawberry
from strawberry import ID, UNSET

from app import references, resources
from app.access import OrgAdmin
from app.api.errors import InvalidInputError, NameTakenError, NotFoundError
from app.api.nodes import ContextInfo
from app.api.resources import Resource, ResourceKind
from app.errors import MISSING_ORGANIZATION
from app.resources import KEEP, MISSING


@strawberry.input(description="A new organizational unit or project.")
class CreateResourceInput:
    organization_id: ID = strawberry.field(description="The organization it will belong to.")
    kind: ResourceKind = strawberry.field(description="Which kind; ORGANIZATION is an error.")
    name: str = strawberry.field(
        description="1 to 255 characters; no other resource of its kind with the same parent may"
        " have it, upper and lower case counting as the same."
    )
    parent_id: ID | None = strawberry.field(
        default=None,
        description="The organizational unit that it will be in; null, or the organization's id,"
        " for directly below the organization.",
    )


@strawberry.type(description="The resource was created.")
class CreateResourceSuccess:
    resource: Resource = strawberry.field(
        description="The new resource. What is granted on what it is in reaches it at once."
    )


@strawberry.input(description="Changes to a resource; a field left out stays as it is.")
class UpdateResourceInput:
    resource_id: ID = strawberry.field(description="The organizational unit or project to change.")
    name: str | None = strawberry.field(default=UNSET, description="Its new name; cannot be null.")
    parent_id: ID | None = strawberry.field(
        default=UNSET,
        description="The organizational unit to move it to, with everything below it; null, or the"
        " organization's id, for directly below the organization.",
    )


@strawberry.type(description="The resource was changed.")
class UpdateResourceSuccess:
    resource: Resource = strawberry.field(description="As it is now.")


@strawberry.input(description="The resource to delete, for good.")
class DeleteResourceInput:
    resource_id: ID = strawberry.field(description="The organizational unit or project to delete.")


@strawberry.type(description="The resource is gone, and what was granted on it.")
class DeleteResourceSuccess:
    resource_id: ID = strawberry.field(description="The id; it is never given again.")
    revoked_grant_count: int = strawberry.field(
        description="How many permissions on it this took from users and groups."
    )


CreateResourceResult = Annotated[
    Union[CreateResourceSuccess, InvalidInputError, NotFoundError, NameTakenError],
    strawberry.union("CreateResourceResult", description="What became of `createResource`."),
]
UpdateResourceResult = Annotated[
    Union[UpdateResourceSuccess, InvalidInputError, NotFoundError, NameTakenError],
    strawberry.union("UpdateResourceResult", description="What became of `updateResource`."),
]
DeleteResourceResult = Annotated[
    Union[DeleteResourceSuccess, InvalidInputError, NotFoundError],
    strawberry.union("DeleteResourceResult", description="What became of `deleteResource`."),
]


@strawberry.type
class ResourceMutations:
    @strawberry.mutation(
        description="Creates an organizational unit or a project. There are at most"
        f" {resources.MAX_DEPTH} levels below an organization. Permission:"
        " `role:organization:admin`."
    )
    async def create_resource(
        self,
        info: ContextInfo,
        input: Annotated[CreateResourceInput, strawberry.argument(description="The resource.")],
    ) -> CreateResourceResult:
        admin = info.context.require(
            OrgAdmin,
            references.organization("organizationId", input.organization_id),
            MISSING_ORGANIZATION,
        )
        row = await resources.create(
            info.context.database,
            admin,
            kind=input.kind.name,
            name=input.name,
            parent=None
            if input.parent_id is None
            else references.resource("parentId", input.parent_id),
        )
        return CreateResourceSuccess(resource=Resource.of(row))

    @strawberry.mutation(
        description="Renames a resource, or moves it with everything below it; a unit cannot be"
        " moved into itself or into what is below it. A move changes who has permissions on it:"
        " grants on what it was in no longer reach it, grants on what it is in then do. Permission:"
        " `role:organization:admin`."
    )
    async def update_resource(
        self,
        info: ContextInfo,
        input: Annotated[UpdateResourceInput, strawberry.argument(description="The changes.")],
    ) -> UpdateResourceResult:
        organization_id, resource_id = references.member(
            "resource", "resourceId", input.resource_id
        )
        admin = info.context.require(OrgAdmin, organization_id, MISSING)
        row = await resources.update(
            info.context.database,
            admin,
            resource_id,
            name=KEEP if input.name is UNSET else input.name,
            parent=KEEP
            if input.parent_id is UNSET
            else None
            if input.parent_id is None
            else references.resource("parentId", input.parent_id),
        )
        return UpdateResourceSuccess(resource=Resource.of(row))

    @strawberry.mutation(
        description="Deletes a resource for good, and every permission that is granted on it. An"
        " error while anything is below it. Permission: `role:organization:admin`."
    )
    async def delete_resource(
        self,
        info: ContextInfo,
        input: Annotated[DeleteResourceInput, strawberry.argument(description="Which one.")],
    ) -> DeleteResourceResult:
        organization_id, resource_id = references.member(
            "resource", "resourceId", input.resource_id
        )
        admin = info.context.require(OrgAdmin, organization_id, MISSING)
        revoked = await resources.delete(info.context.database, admin, resource_id)
        return DeleteResourceSuccess(resource_id=input.resource_id, revoked_grant_count=revoked)
