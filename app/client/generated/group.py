from typing import Optional

from .base_model import BaseModel
from .fragments import GroupFields


class Group(BaseModel):
    group: Optional["GroupGroup"]


GroupGroup = GroupFields
Group.model_rebuild()
