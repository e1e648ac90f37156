from datetime import datetime

from .base_model import BaseModel
from .fragments import PageInfo


class PermissionGrants(BaseModel):
    permission_grants: "PermissionGrantsPermissionGrants"


class PermissionGrantsPermissionGrants(BaseModel):
    nodes: list["PermissionGrantsPermissionGrantsNodes"]
    page_info: "PermissionGrantsPermissionGrantsPageInfo"


class PermissionGrantsPermissionGrantsNodes(BaseModel):
    principal_id: str
    resource_id: str
    permission: str
    create_time: datetime


PermissionGrantsPermissionGrantsPageInfo = PageInfo
PermissionGrants.model_rebuild()
PermissionGrantsPermissionGrants.model_rebuild()
