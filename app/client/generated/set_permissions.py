from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import InvalidInputCode


class SetPermissions(BaseModel):
    set_permissions: Union[
        "SetPermissionsSetPermissionsSetPermissionsSuccess",
        "SetPermissionsSetPermissionsInvalidInputError",
        "SetPermissionsSetPermissionsNotFoundError",
        "SetPermissionsSetPermissionsLastAdministratorError",
    ] = Field(discriminator="typename__")


class SetPermissionsSetPermissionsSetPermissionsSuccess(BaseModel):
    typename__: Literal["SetPermissionsSuccess"] = Field(alias="__typename")
    permissions: list[str]
    granted: list[str]
    revoked: list[str]


class SetPermissionsSetPermissionsInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["SetPermissionsSetPermissionsInvalidInputErrorFields"]


class SetPermissionsSetPermissionsInvalidInputErrorFields(BaseModel):
    path: str
    code: InvalidInputCode
    message: str


class SetPermissionsSetPermissionsNotFoundError(BaseModel):
    typename__: Literal["NotFoundError"] = Field(alias="__typename")
    message: str


class SetPermissionsSetPermissionsLastAdministratorError(BaseModel):
    typename__: Literal["LastAdministratorError"] = Field(alias="__typename")
    message: str


SetPermissions.model_rebuild()
SetPermissionsSetPermissionsInvalidInputError.model_rebuild()
