from datetime import datetime
from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import TokenStatus, UserState


class AccessPreview(BaseModel):
    live_token_count: int
    live_tokens: list["AccessPreviewLiveTokens"]
    held_groups: list["AccessPreviewHeldGroups"]
    held_permissions: list["AccessPreviewHeldPermissions"]


class AccessPreviewLiveTokens(BaseModel):
    id: str
    token_prefix: str
    description: Optional[str]
    last_used_time: Optional[datetime]
    last_ip: Optional[str]
    last_user_agent_human_readable: Optional[str]


class AccessPreviewHeldGroups(BaseModel):
    group_id: str
    name: str


class AccessPreviewHeldPermissions(BaseModel):
    resource_id: str
    permission: str


class ApplicationUserFields(BaseModel):
    id: str
    organization_id: str
    name: str
    email: str
    description: Optional[str]
    state: UserState
    is_super_admin: bool
    create_time: datetime
    last_activity_time: Optional[datetime]
    live_token_count: int


class GroupFields(BaseModel):
    id: str
    organization_id: str
    name: str
    description: Optional[str]
    create_time: datetime
    holds_permissions: bool


class PageInfo(BaseModel):
    has_next_page: bool
    end_cursor: Optional[str]


class TokenFields(BaseModel):
    id: str
    organization_id: str
    token_prefix: str
    description: Optional[str]
    status: TokenStatus
    max_age_seconds: Optional[int]
    extend_when_used: bool
    ip_allowlist: Optional[list[str]]
    scopes: Optional[list[str]]
    create_time: datetime
    expiry_time: Optional[datetime]
    revoke_time: Optional[datetime]
    last_used_time: Optional[datetime]
    last_ip: Optional[str]
    last_user_agent: Optional[str]
    last_user_agent_human_readable: Optional[str]
    is_current: bool
    family_id: str
    supersede_time: Optional[datetime]
    overlap_end_time: Optional[datetime]
    user: "TokenFieldsUser"
    created_by: Optional["TokenFieldsCreatedBy"]


class TokenFieldsUser(BaseModel):
    typename__: Literal["ApplicationUser", "OrganizationUser", "User"] = Field(
        alias="__typename"
    )
    id: str
    name: str
    is_application_user: bool


class TokenFieldsCreatedBy(BaseModel):
    typename__: Literal["ApplicationUser", "OrganizationUser", "User"] = Field(
        alias="__typename"
    )
    id: str
    name: str
    is_application_user: bool


AccessPreview.model_rebuild()
ApplicationUserFields.model_rebuild()
GroupFields.model_rebuild()
PageInfo.model_rebuild()
TokenFields.model_rebuild()
