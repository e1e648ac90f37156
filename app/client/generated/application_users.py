from .base_model import BaseModel
from .fragments import ApplicationUser, PageInfo


class ApplicationUsers(BaseModel):
    application_users: "ApplicationUsersApplicationUsers"


class ApplicationUsersApplicationUsers(BaseModel):
    nodes: list["ApplicationUsersApplicationUsersNodes"]
    page_info: "ApplicationUsersApplicationUsersPageInfo"


ApplicationUsersApplicationUsersNodes = ApplicationUser
ApplicationUsersApplicationUsersPageInfo = PageInfo
ApplicationUsers.model_rebuild()
ApplicationUsersApplicationUsers.model_rebuild()
