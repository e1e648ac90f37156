from datetime import datetime
from typing import Optional

from .base_model import BaseModel


class ExplainPermission(BaseModel):
    explain_permission: list["ExplainPermissionExplainPermission"]


class ExplainPermissionExplainPermission(BaseModel):
    granted: str
    resource_id: str
    group_id: Optional[str]
    create_time: datetime


ExplainPermission.model_rebuild()
