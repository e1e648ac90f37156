from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import InvalidInputCode
from .fragments import ApplicationUserFields


class UpdateApplicationUser(BaseModel):
    update_application_user: Union[
        "UpdateApplicationUserUpdateApplicationUserUpdateApplicationUserSuccess",
        "UpdateApplicationUserUpdateApplicationUserInvalidInputError",
        "UpdateApplicationUserUpdateApplicationUserNotFoundError",
        "UpdateApplicationUserUpdateApplicationUserNameTakenError",
    ] = Field(discriminator="typename__")


class UpdateApplicationUserUpdateApplicationUserUpdateApplicationUserSuccess(BaseModel):
    typename__: Literal["UpdateApplicationUserSuccess"] = Field(alias="__typename")
    application_user: "UpdateApplicationUserUpdateApplicationUserUpdateApplicationUserSuccessApplicationUser"


UpdateApplicationUserUpdateApplicationUserUpdateApplicationUserSuccessApplicationUser = ApplicationUserFields


class UpdateApplicationUserUpdateApplicationUserInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["UpdateApplicationUserUpdateApplicationUserInvalidInputErrorFields"]


class UpdateApplicationUserUpdateApplicationUserInvalidInputErrorFields(BaseModel):
    path: str
    code: InvalidInputCode
    message: str


class UpdateApplicationUserUpdateApplicationUserNotFoundError(BaseModel):
    typename__: Literal["NotFoundError"] = Field(alias="__typename")
    message: str


class UpdateApplicationUserUpdateApplicationUserNameTakenError(BaseModel):
    typename__: Literal["NameTakenError"] = Field(alias="__typename")
    message: str


UpdateApplicationUser.model_rebuild()
UpdateApplicationUserUpdateApplicationUserUpdateApplicationUserSuccess.model_rebuild()
UpdateApplicationUserUpdateApplicationUserInvalidInputError.model_rebuild()
