from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import InvalidInputCode
from .fragments import GroupFields


class UpdateGroup(BaseModel):
    update_group: Union[
        "UpdateGroupUpdateGroupUpdateGroupSuccess",
        "UpdateGroupUpdateGroupInvalidInputError",
        "UpdateGroupUpdateGroupNotFoundError",
        "UpdateGroupUpdateGroupNameTakenError",
    ] = Field(discriminator="typename__")


class UpdateGroupUpdateGroupUpdateGroupSuccess(BaseModel):
    typename__: Literal["UpdateGroupSuccess"] = Field(alias="__typename")
    group: "UpdateGroupUpdateGroupUpdateGroupSuccessGroup"


UpdateGroupUpdateGroupUpdateGroupSuccessGroup = GroupFields


class UpdateGroupUpdateGroupInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["UpdateGroupUpdateGroupInvalidInputErrorFields"]


class UpdateGroupUpdateGroupInvalidInputErrorFields(BaseModel):
    path: str
    code: InvalidInputCode
    message: str


class UpdateGroupUpdateGroupNotFoundError(BaseModel):
    typename__: Literal["NotFoundError"] = Field(alias="__typename")
    message: str


class UpdateGroupUpdateGroupNameTakenError(BaseModel):
    typename__: Literal["NameTakenError"] = Field(alias="__typename")
    message: str


UpdateGroup.model_rebuild()
UpdateGroupUpdateGroupUpdateGroupSuccess.model_rebuild()
UpdateGroupUpdateGroupInvalidInputError.model_rebuild()
