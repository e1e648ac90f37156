from datetime import datetime
from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import UserState
from .fragments import PageInfo


class GroupMembers(BaseModel):
    group: Optional["GroupMembersGroup"]


class GroupMembersGroup(BaseModel):
    members: "GroupMembersGroupMembers"


class GroupMembersGroupMembers(BaseModel):
    edges: list["GroupMembersGroupMembersEdges"]
    page_info: "GroupMembersGroupMembersPageInfo"


class GroupMembersGroupMembersEdges(BaseModel):
    join_time: datetime
    node: "GroupMembersGroupMembersEdgesNode"


class GroupMembersGroupMembersEdgesNode(BaseModel):
    typename__: Literal["ApplicationUser", "OrganizationUser", "User"] = Field(
        alias="__typename"
    )
    id: str
    name: str
    is_application_user: bool
    state: UserState


GroupMembersGroupMembersPageInfo = PageInfo
GroupMembers.model_rebuild()
GroupMembersGroup.model_rebuild()
GroupMembersGroupMembers.model_rebuild()
GroupMembersGroupMembersEdges.model_rebuild()
