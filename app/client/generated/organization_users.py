from datetime import datetime
from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import UserState
from .fragments import PageInfo


class OrganizationUsers(BaseModel):
    organization_users: "OrganizationUsersOrganizationUsers"


class OrganizationUsersOrganizationUsers(BaseModel):
    nodes: list["OrganizationUsersOrganizationUsersNodes"]
    page_info: "OrganizationUsersOrganizationUsersPageInfo"


class OrganizationUsersOrganizationUsersNodes(BaseModel):
    typename__: Literal["ApplicationUser", "OrganizationUser", "User"] = Field(
        alias="__typename"
    )
    id: str
    name: str
    email: str
    is_application_user: bool
    state: UserState
    join_time: datetime
    last_activity_time: Optional[datetime]


OrganizationUsersOrganizationUsersPageInfo = PageInfo
OrganizationUsers.model_rebuild()
OrganizationUsersOrganizationUsers.model_rebuild()
