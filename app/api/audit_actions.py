"""What events are of, in GraphQL: the actions, which webhooks choose, and the kinds of things."""

from enum import Enum

import strawberry


@strawberry.enum(
    description="What was done, tried or noticed. A name is never reused for something else."
)
class AuditAction(Enum):
    """Has the members of ``app.audit.Action``: ``AuditAction(row.action)`` and
    ``Action[chosen.name]`` lead from one to the other."""

    ORGANIZATION_CREATE = strawberry.enum_value(
        "installation:organization:create", description="The organization was created."
    )
    APPLICATION_USER_CREATE = strawberry.enum_value(
        "organization:application_user:create", description="An application user was created."
    )
    APPLICATION_USER_UPDATE = strawberry.enum_value(
        "organization:application_user:update",
        description="An application user was renamed, described, deactivated or activated.",
    )
    APPLICATION_USER_DELETE = strawberry.enum_value(
        "organization:application_user:delete",
        description="An application user was deleted, with all its tokens, grants and memberships.",
    )
    TOKEN_GENERATE = strawberry.enum_value(
        "application_user:token:generate", description="A token was generated."
    )
    TOKEN_UPDATE = strawberry.enum_value(
        "application_user:token:update", description="A token was described anew."
    )
    TOKEN_ROTATE = strawberry.enum_value(
        "application_user:token:rotate", description="A token was given a successor."
    )
    TOKEN_REVOKE = strawberry.enum_value(
        "application_user:token:revoke",
        description="A token was ended, for good. A user that loses more than 5000 at once is the"
        " target of a single event, with how many they were.",
    )
    FOUND_TOKEN_REVOKE = strawberry.enum_value(
        "application_user:found_token:revoke",
        description="A token was ended, for good, by somebody who had found it and said so without"
        " telling who they are: it has leaked. The actor is the token itself; the address is the"
        " finder's.",
    )
    TOKEN_DEACTIVATE = strawberry.enum_value(
        "application_user:token:deactivate",
        description="A token was deactivated because it was not used for as long as the policy"
        " allows.",
    )
    TOKEN_ACTIVATE = strawberry.enum_value(
        "application_user:token:activate", description="A deactivated token was activated again."
    )
    TOKEN_EXPIRE_SOON = strawberry.enum_value(
        "application_user:token:expire_soon",
        description="A live token of an application user expires in 30, 7 or 1 days. Said once for"
        " each.",
    )
    TOKEN_AUTHENTICATE = strawberry.enum_value(
        "application_user:token:authenticate", description="A token was refused."
    )
    SUPERSEDED_TOKEN_AUTHENTICATE = strawberry.enum_value(
        "application_user:superseded_token:authenticate",
        description="A rotated token was used after its overlap, and refused: its secret has a"
        " second holder, or one that did not notice the rotation.",
    )
    USER_ADD = strawberry.enum_value("organization:user:add", description="A person was added.")
    USER_UPDATE = strawberry.enum_value(
        "organization:user:update", description="A person was renamed, deactivated or activated."
    )
    USER_REMOVE = strawberry.enum_value(
        "organization:user:remove", description="A person was removed."
    )
    GROUP_CREATE = strawberry.enum_value(
        "organization:group:create", description="A group was created."
    )
    GROUP_UPDATE = strawberry.enum_value(
        "organization:group:update", description="A group was renamed or described."
    )
    GROUP_DELETE = strawberry.enum_value(
        "organization:group:delete",
        description="A group was deleted, with its grants and memberships.",
    )
    GROUP_MEMBER_ADD = strawberry.enum_value(
        "group:member:add", description="A user became a member of a group."
    )
    GROUP_MEMBER_REMOVE = strawberry.enum_value(
        "group:member:remove", description="A user is no longer a member of a group."
    )
    RESOURCE_CREATE = strawberry.enum_value(
        "organization:resource:create",
        description="An organizational unit or a project was created.",
    )
    RESOURCE_UPDATE = strawberry.enum_value(
        "organization:resource:update",
        description="An organizational unit or a project was renamed or moved.",
    )
    RESOURCE_DELETE = strawberry.enum_value(
        "organization:resource:delete",
        description="An organizational unit or a project was deleted.",
    )
    PERMISSION_GRANT = strawberry.enum_value(
        "principal:permission:grant",
        description="A user or a group was granted permissions on a resource.",
    )
    PERMISSION_REVOKE = strawberry.enum_value(
        "principal:permission:revoke",
        description="Permissions on a resource were taken from a user or a group.",
    )
    POLICY_SET = strawberry.enum_value(
        "organization:policy:set", description="The organization's policy was set."
    )
    LIMIT_REQUEST = strawberry.enum_value(
        "organization:limit:request", description="A higher limit was asked for."
    )
    LIMIT_SET = strawberry.enum_value(
        "organization:limit:set",
        description="The operator set the limit of application users.",
    )
    LIMIT_ANSWER = strawberry.enum_value(
        "organization:limit:answer",
        description="The operator granted or declined a request for a higher limit.",
    )
    WEBHOOK_CREATE = strawberry.enum_value(
        "organization:webhook:create", description="A webhook endpoint was created."
    )
    WEBHOOK_UPDATE = strawberry.enum_value(
        "organization:webhook:update",
        description="A webhook endpoint was changed, or its signing key was.",
    )
    WEBHOOK_DELETE = strawberry.enum_value(
        "organization:webhook:delete", description="A webhook endpoint was deleted."
    )
    ACCESS_REQUEST = strawberry.enum_value(
        "organization:access:request",
        description="A member of the organization asked for what it may not do, and was refused.",
    )
    ORGANIZATION_RESTORE = strawberry.enum_value(
        "installation:organization:restore",
        description="The database had been restored from a backup, and the operator ended again"
        " what the exported trail says had ended since. Events behind the backup's last one are in"
        " that trail alone.",
    )


def action_of(name: str) -> AuditAction | None:
    """Return the action of this name in three parts; None for one of a later release.

    While a release is rolled out, its workers write to the trail that those of the one before read.
    """
    try:
        return AuditAction(name)
    except ValueError:
        return None


@strawberry.enum(description="What kind of thing an event is about.")
class AuditTargetKind(Enum):
    ORGANIZATION = strawberry.enum_value("ORGANIZATION", description="The organization itself.")
    APPLICATION_USER = strawberry.enum_value("APPLICATION_USER", description="An application user.")
    ORGANIZATION_USER = strawberry.enum_value("ORGANIZATION_USER", description="A person.")
    TOKEN = strawberry.enum_value("TOKEN", description="A token.")
    GROUP = strawberry.enum_value("GROUP", description="A group.")
    ORGANIZATIONAL_UNIT = strawberry.enum_value(
        "ORGANIZATIONAL_UNIT", description="An organizational unit."
    )
    PROJECT = strawberry.enum_value("PROJECT", description="A project.")
    WEBHOOK_ENDPOINT = strawberry.enum_value("WEBHOOK_ENDPOINT", description="A webhook endpoint.")
    LIMIT_REQUEST = strawberry.enum_value(
        "LIMIT_REQUEST", description="A request for a higher limit."
    )


def target_kind_of(name: str) -> AuditTargetKind | None:
    """Return the kind of this name; None for one of a later release."""
    return AuditTargetKind[name] if name in AuditTargetKind.__members__ else None
