from datetime import datetime
from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel


class Viewer(BaseModel):
    viewer: "ViewerViewer"


class ViewerViewer(BaseModel):
    memberships: list["ViewerViewerMemberships"]
    token: Optional["ViewerViewerToken"]


class ViewerViewerMemberships(BaseModel):
    organization_id: str
    organization_name: str
    permissions: list[str]
    user: "ViewerViewerMembershipsUser"


class ViewerViewerMembershipsUser(BaseModel):
    typename__: Literal["ApplicationUser", "OrganizationUser", "User"] = Field(
        alias="__typename"
    )
    id: str
    name: str
    email: str
    is_application_user: bool


class ViewerViewerToken(BaseModel):
    id: str
    token_prefix: str
    expiry_time: Optional[datetime]


Viewer.model_rebuild()
ViewerViewer.model_rebuild()
ViewerViewerMemberships.model_rebuild()
