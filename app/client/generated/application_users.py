from .base_model import BaseModel
from .fragments import ApplicationUserFields, PageInfo


class ApplicationUsers(BaseModel):
    application_users: "ApplicationUsersApplicationUsers"


class ApplicationUsersApplicationUsers(BaseModel):
    nodes: list["ApplicationUsersApplicationUsersNodes"]
    page_info: "ApplicationUsersApplicationUsersPageInfo"


ApplicationUsersApplicationUsersNodes = ApplicationUserFields
ApplicationUsersApplicationUsersPageInfo = PageInfo
ApplicationUsers.model_rebuild()
ApplicationUsersApplicationUsers.model_rebuild()
