from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import InvalidInputCode


class DeleteGroup(BaseModel):
    delete_group: Union[
        "DeleteGroupDeleteGroupDeleteGroupSuccess",
        "DeleteGroupDeleteGroupInvalidInputError",
        "DeleteGroupDeleteGroupNotFoundError",
        "DeleteGroupDeleteGroupLastAdministratorError",
    ] = Field(discriminator="typename__")


class DeleteGroupDeleteGroupDeleteGroupSuccess(BaseModel):
    typename__: Literal["DeleteGroupSuccess"] = Field(alias="__typename")
    group_id: str


class DeleteGroupDeleteGroupInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["DeleteGroupDeleteGroupInvalidInputErrorFields"]


class DeleteGroupDeleteGroupInvalidInputErrorFields(BaseModel):
    path: str
    code: InvalidInputCode
    message: str


class DeleteGroupDeleteGroupNotFoundError(BaseModel):
    typename__: Literal["NotFoundError"] = Field(alias="__typename")
    message: str


class DeleteGroupDeleteGroupLastAdministratorError(BaseModel):
    typename__: Literal["LastAdministratorError"] = Field(alias="__typename")
    message: str


DeleteGroup.model_rebuild()
DeleteGroupDeleteGroupInvalidInputError.model_rebuild()
