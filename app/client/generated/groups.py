from .base_model import BaseModel
from .fragments import Group, PageInfo


class Groups(BaseModel):
    groups: "GroupsGroups"


class GroupsGroups(BaseModel):
    nodes: list["GroupsGroupsNodes"]
    page_info: "GroupsGroupsPageInfo"


GroupsGroupsNodes = Group
GroupsGroupsPageInfo = PageInfo
Groups.model_rebuild()
GroupsGroups.model_rebuild()
