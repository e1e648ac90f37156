from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import InvalidInputCode


class RemoveGroupMembers(BaseModel):
    remove_group_members: Union[
        "RemoveGroupMembersRemoveGroupMembersRemoveGroupMembersSuccess",
        "RemoveGroupMembersRemoveGroupMembersInvalidInputError",
        "RemoveGroupMembersRemoveGroupMembersNotFoundError",
        "RemoveGroupMembersRemoveGroupMembersLastAdministratorError",
    ] = Field(discriminator="typename__")


class RemoveGroupMembersRemoveGroupMembersRemoveGroupMembersSuccess(BaseModel):
    typename__: Literal["RemoveGroupMembersSuccess"] = Field(alias="__typename")
    removed_count: int


class RemoveGroupMembersRemoveGroupMembersInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["RemoveGroupMembersRemoveGroupMembersInvalidInputErrorFields"]


class RemoveGroupMembersRemoveGroupMembersInvalidInputErrorFields(BaseModel):
    path: str
    code: InvalidInputCode
    message: str


class RemoveGroupMembersRemoveGroupMembersNotFoundError(BaseModel):
    typename__: Literal["NotFoundError"] = Field(alias="__typename")
    message: str


class RemoveGroupMembersRemoveGroupMembersLastAdministratorError(BaseModel):
    typename__: Literal["LastAdministratorError"] = Field(alias="__typename")
    message: str


RemoveGroupMembers.model_rebuild()
RemoveGroupMembersRemoveGroupMembersInvalidInputError.model_rebuild()
