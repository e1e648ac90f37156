from typing import Optional

from .base_model import BaseModel
from .fragments import ApplicationUserFields


class ApplicationUser(BaseModel):
    application_user: Optional["ApplicationUserApplicationUser"]


ApplicationUserApplicationUser = ApplicationUserFields
ApplicationUser.model_rebuild()
