from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import InvalidInputCode
from .fragments import ApplicationUserFields


class CreateApplicationUser(BaseModel):
    create_application_user: Union[
        "CreateApplicationUserCreateApplicationUserCreateApplicationUserSuccess",
        "CreateApplicationUserCreateApplicationUserInvalidInputError",
        "CreateApplicationUserCreateApplicationUserNotFoundError",
        "CreateApplicationUserCreateApplicationUserNameTakenError",
        "CreateApplicationUserCreateApplicationUserLimitReachedError",
    ] = Field(discriminator="typename__")


class CreateApplicationUserCreateApplicationUserCreateApplicationUserSuccess(BaseModel):
    typename__: Literal["CreateApplicationUserSuccess"] = Field(alias="__typename")
    application_user: "CreateApplicationUserCreateApplicationUserCreateApplicationUserSuccessApplicationUser"


CreateApplicationUserCreateApplicationUserCreateApplicationUserSuccessApplicationUser = ApplicationUserFields


class CreateApplicationUserCreateApplicationUserInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["CreateApplicationUserCreateApplicationUserInvalidInputErrorFields"]


class CreateApplicationUserCreateApplicationUserInvalidInputErrorFields(BaseModel):
    path: str
    code: InvalidInputCode
    message: str


class CreateApplicationUserCreateApplicationUserNotFoundError(BaseModel):
    typename__: Literal["NotFoundError"] = Field(alias="__typename")
    message: str


class CreateApplicationUserCreateApplicationUserNameTakenError(BaseModel):
    typename__: Literal["NameTakenError"] = Field(alias="__typename")
    message: str


class CreateApplicationUserCreateApplicationUserLimitReachedError(BaseModel):
    typename__: Literal["LimitReachedError"] = Field(alias="__typename")
    message: str


CreateApplicationUser.model_rebuild()
CreateApplicationUserCreateApplicationUserCreateApplicationUserSuccess.model_rebuild()
CreateApplicationUserCreateApplicationUserInvalidInputError.model_rebuild()
