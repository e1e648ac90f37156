from datetime import datetime
from typing import Optional

from .base_model import BaseModel
from .enums import (
    AuditAction,
    AuditOutcome,
    OrderDirection,
    TokenOrderField,
    TokenStatus,
    UserOrderField,
    UserState,
)


class ActivateTokenInput(BaseModel):
    """A token that was deactivated because nobody used it."""

    token_id: str
    "The token to activate (`token_…`); not its text."


class AddGroupMembersInput(BaseModel):
    """Users to put into a group."""

    group_id: str
    "The group."
    user_ids: list[str]
    "1 to 1000 people and application users of the organization. Where one of them is missing or deleted, none is added."


class ApplicationUserFilter(BaseModel):
    """Application users to list; without `states`, all but deleted ones."""

    states: Optional[list[UserState]] = None
    "In one of these states. Without it, deleted ones are left out."
    search: Optional[str] = None
    "With this text in the name, upper and lower case alike."
    created_after: Optional[datetime] = None
    "Created at this time or later."
    created_before: Optional[datetime] = None
    "Created before this time."
    last_activity_after: Optional[datetime] = None
    "Last active at this time or later."
    last_activity_before: Optional[datetime] = None
    "Last active before this time; leaves out those that never were."
    never_active: Optional[bool] = None
    "True keeps those that were never active, false the others."


class AuditEventFilter(BaseModel):
    """Which events to list; all without a field."""

    actor_id: Optional[str] = None
    "Done by this user."
    actor_token_id: Optional[str] = None
    "Done with this token, or refused to it."
    target_id: Optional[str] = None
    "About this thing, or about something that is this user's or group's. Any id that `targetId` and `principalId` of an event have; an application user's gives what was done to it and to its tokens."
    actions: Optional[list[AuditAction]] = None
    "One of these actions."
    outcome: Optional[AuditOutcome] = None
    "With this outcome."
    since: Optional[datetime] = None
    "At this time or later."
    until: Optional[datetime] = None
    "Before this time."


class CreateApplicationUserInput(BaseModel):
    """A new application user."""

    organization_id: str
    "The organization it will belong to."
    name: str
    "1 to 255 characters; no other application user of the organization may have it, upper and lower case counting as the same."
    description: Optional[str] = None
    "What it is for, at most 1000 characters."
    is_super_admin: Optional[bool] = None
    "Leave it out: true is refused."


class CreateGroupInput(BaseModel):
    """A new group."""

    organization_id: str
    "The organization it will belong to."
    name: str
    "1 to 255 characters; no other group of the organization may have it, upper and lower case counting as the same."
    description: Optional[str] = None
    "What it is for, at most 1000 characters."


class DeleteApplicationUserInput(BaseModel):
    """The application user to delete, for good."""

    application_user_id: str
    "The application user to delete."


class DeleteGroupInput(BaseModel):
    """The group to delete, for good."""

    group_id: str
    "The group to delete."


class GenerateTokenInput(BaseModel):
    """A new token for an application user."""

    application_user_id: str
    "Whose token it will be."
    description: Optional[str] = None
    "What it is for, at most 1000 characters."
    max_age_seconds: Optional[int] = None
    "How long it lives, from 600 to 315360000 seconds; without, for ever."
    extend_when_used: bool = False
    "Each use moves the expiry to `maxAgeSeconds` after it, which must be given; one in the last second comes too late."
    ip_allowlist: Optional[list[str]] = None
    "1 to 100 IPv4 or IPv6 networks, such as `192.0.2.0/24`, that it is accepted from; without, anywhere."
    scopes: Optional[list[str]] = None
    "1 to 100 of `availableScopes`, each `<resource>:<read or write>`; without, everything that its user may do. In this API, `authentication` covers application users and tokens, `user` everything else, and writing includes reading."
    idempotency_key: Optional[str] = None
    "1 to 255 printable ASCII characters of your choice, which make the call safe to repeat: the same key and input again never make a second token."


class GrantPermissionsInput(BaseModel):
    """Permissions to give to a user or a group on a resource."""

    principal_id: str
    "The user, a person or an application user, or the group."
    resource_id: str
    "The organization (`org_…`), or a resource in it (`resource_…`)."
    permissions: list[str]
    "1 to 100 roles and permissions of `permissionCatalogue`, each at a level that the resource has."


class GroupFilter(BaseModel):
    """Which groups to list; all without a field."""

    search: Optional[str] = None
    "With this text in the name, upper and lower case alike."
    member_id: Optional[str] = None
    "Those that this user is in, a person or an application user."


class OrganizationUserFilter(BaseModel):
    """Which users to list; without `states`, all but deleted ones."""

    states: Optional[list[UserState]] = None
    "In one of these states. Without it, deleted ones are left out."
    search: Optional[str] = None
    "With this text in the name, upper and lower case alike."
    created_after: Optional[datetime] = None
    "Created at this time or later."
    created_before: Optional[datetime] = None
    "Created before this time."
    last_activity_after: Optional[datetime] = None
    "Last active at this time or later."
    last_activity_before: Optional[datetime] = None
    "Last active before this time; leaves out those that never were."
    never_active: Optional[bool] = None
    "True keeps those that were never active, false the others."
    is_application_user: Optional[bool] = None
    "True keeps application users, false people."


class PermissionGrantFilter(BaseModel):
    """Which grants to list; those that every field keeps."""

    principal_id: Optional[str] = None
    "To this user or group itself; what a user has through groups is theirs."
    resource_id: Optional[str] = None
    "On this organization or resource itself, not above or below."
    permission: Optional[str] = None
    "Of this role or permission itself, not of what includes it."


class RemoveGroupMembersInput(BaseModel):
    """Users to take out of a group."""

    group_id: str
    "The group."
    user_ids: list[str]
    "1 to 1000 people and application users of the organization. Where one of them is missing or deleted, none is removed."


class RevokeAllTokensInput(BaseModel):
    """The application user whose tokens to revoke, for good."""

    application_user_id: str
    "Whose tokens (`user_…`)."


class RevokePermissionsInput(BaseModel):
    """Permissions to take from a user or a group on a resource."""

    principal_id: str
    "The user, a person or an application user, or the group."
    resource_id: str
    "The organization (`org_…`), or a resource in it (`resource_…`)."
    permissions: list[str]
    "1 to 100 roles and permissions, as they were granted: taking what a role includes from who holds the role takes nothing."


class RevokeTokenInput(BaseModel):
    """The token to revoke, for good."""

    token_id: str
    "The id (`token_…`) of the token to revoke; not its text."


class RevokeTokensInput(BaseModel):
    """The tokens to revoke, for good."""

    token_ids: list[str]
    "1 to 1000 ids (`token_…`), each once, all of one organization."


class RotateTokenInput(BaseModel):
    """A token of an application user to put a successor in the place of."""

    token_id: str
    "The token to rotate (`token_…`); not its text."
    overlap_seconds: int = 0
    "How long the token is accepted beside its successor, from 0 to 604800 seconds (a week), and not beyond its own expiry."
    idempotency_key: Optional[str] = None
    "1 to 255 printable ASCII characters of your choice, which make the call safe to repeat: the same key and input again never make a second token."


class SetPermissionsInput(BaseModel):
    """What a user or a group is to hold on a resource, and no more."""

    principal_id: str
    "The user, a person or an application user, or the group."
    resource_id: str
    "The organization (`org_…`), or a resource in it (`resource_…`)."
    permissions: list[str]
    "Up to 100 roles and permissions of `permissionCatalogue`, each at a level that the resource has; none takes all away."


class TokenFilter(BaseModel):
    """Which tokens to list; all without a field."""

    statuses: Optional[list[TokenStatus]] = None
    "In one of these statuses."
    search: Optional[str] = None
    "With this text in the description, upper and lower case alike; or a token's prefix, to find the one that it belongs to."
    created_after: Optional[datetime] = None
    "Generated at this time or later."
    created_before: Optional[datetime] = None
    "Generated before this time."
    expires_after: Optional[datetime] = None
    "Expiring at this time or later; leaves out those that never do. A rotated token expires with its overlap."
    expires_before: Optional[datetime] = None
    "Expiring before this time, or expired. A rotated token expires with its overlap."
    last_used_after: Optional[datetime] = None
    "Last used at this time or later."
    last_used_before: Optional[datetime] = None
    "Last used before this time; leaves out those that never were."
    never_used: Optional[bool] = None
    "True keeps those that were never used, false the others."


class TokenOrder(BaseModel):
    """How to order tokens."""

    field: TokenOrderField
    "What to order by."
    direction: OrderDirection = OrderDirection.DESC
    "Which end comes first."


class UpdateApplicationUserInput(BaseModel):
    """Changes to an application user; a field left out stays as it is."""

    application_user_id: str
    "The application user to change."
    name: Optional[str] = None
    "Its new name; cannot be null."
    description: Optional[str] = None
    "Its new description; null clears it."
    state: Optional[UserState] = None
    "DEACTIVATED refuses its tokens at once, ACTIVE accepts them again. DELETED is an error: use `deleteApplicationUser`."
    is_super_admin: Optional[bool] = None
    "Leave it out: true is refused."


class UpdateGroupInput(BaseModel):
    """Changes to a group; a field left out stays as it is."""

    group_id: str
    "The group to change."
    name: Optional[str] = None
    "Its new name; cannot be null."
    description: Optional[str] = None
    "Its new description; null clears it."


class UpdateTokenInput(BaseModel):
    """A new description for a token."""

    token_id: str
    "The token to describe."
    description: Optional[str] = None
    "What it is for, at most 1000 characters; null clears it."


class UserOrder(BaseModel):
    """How to order users."""

    field: UserOrderField
    "What to order by."
    direction: OrderDirection = OrderDirection.DESC
    "Which end comes first."
