from typing import Optional

from .base_model import BaseModel
from .fragments import Group


class Group(BaseModel):
    group: Optional["GroupGroup"]


GroupGroup = Group
Group.model_rebuild()
