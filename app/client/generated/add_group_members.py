from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import InvalidInputCode


class AddGroupMembers(BaseModel):
    add_group_members: Union[
        "AddGroupMembersAddGroupMembersAddGroupMembersSuccess",
        "AddGroupMembersAddGroupMembersInvalidInputError",
        "AddGroupMembersAddGroupMembersNotFoundError",
    ] = Field(discriminator="typename__")


class AddGroupMembersAddGroupMembersAddGroupMembersSuccess(BaseModel):
    typename__: Literal["AddGroupMembersSuccess"] = Field(alias="__typename")
    added_count: int


class AddGroupMembersAddGroupMembersInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["AddGroupMembersAddGroupMembersInvalidInputErrorFields"]


class AddGroupMembersAddGroupMembersInvalidInputErrorFields(BaseModel):
    path: str
    code: InvalidInputCode
    message: str


class AddGroupMembersAddGroupMembersNotFoundError(BaseModel):
    typename__: Literal["NotFoundError"] = Field(alias="__typename")
    message: str


AddGroupMembers.model_rebuild()
AddGroupMembersAddGroupMembersInvalidInputError.model_rebuild()
