from typing import Optional

from .base_model import BaseModel
from .fragments import ApplicationUser


class ApplicationUser(BaseModel):
    application_user: Optional["ApplicationUserApplicationUser"]


ApplicationUserApplicationUser = ApplicationUser
ApplicationUser.model_rebuild()
