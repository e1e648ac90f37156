from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import InvalidInputCode
from .fragments import GroupFields


class CreateGroup(BaseModel):
    create_group: Union[
        "CreateGroupCreateGroupCreateGroupSuccess",
        "CreateGroupCreateGroupInvalidInputError",
        "CreateGroupCreateGroupNotFoundError",
        "CreateGroupCreateGroupNameTakenError",
    ] = Field(discriminator="typename__")


class CreateGroupCreateGroupCreateGroupSuccess(BaseModel):
    typename__: Literal["CreateGroupSuccess"] = Field(alias="__typename")
    group: "CreateGroupCreateGroupCreateGroupSuccessGroup"


CreateGroupCreateGroupCreateGroupSuccessGroup = GroupFields


class CreateGroupCreateGroupInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["CreateGroupCreateGroupInvalidInputErrorFields"]


class CreateGroupCreateGroupInvalidInputErrorFields(BaseModel):
    path: str
    code: InvalidInputCode
    message: str


class CreateGroupCreateGroupNotFoundError(BaseModel):
    typename__: Literal["NotFoundError"] = Field(alias="__typename")
    message: str


class CreateGroupCreateGroupNameTakenError(BaseModel):
    typename__: Literal["NameTakenError"] = Field(alias="__typename")
    message: str


CreateGroup.model_rebuild()
CreateGroupCreateGroupCreateGroupSuccess.model_rebuild()
CreateGroupCreateGroupInvalidInputError.model_rebuild()
