from .base_model import BaseModel
from .fragments import GroupFields, PageInfo


class Groups(BaseModel):
    groups: "GroupsGroups"


class GroupsGroups(BaseModel):
    nodes: list["GroupsGroupsNodes"]
    page_info: "GroupsGroupsPageInfo"


GroupsGroupsNodes = GroupFields
GroupsGroupsPageInfo = PageInfo
Groups.model_rebuild()
GroupsGroups.model_rebuild()
