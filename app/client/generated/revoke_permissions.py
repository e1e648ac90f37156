from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import InvalidInputCode


class RevokePermissions(BaseModel):
    revoke_permissions: Union[
        "RevokePermissionsRevokePermissionsRevokePermissionsSuccess",
        "RevokePermissionsRevokePermissionsInvalidInputError",
        "RevokePermissionsRevokePermissionsNotFoundError",
        "RevokePermissionsRevokePermissionsLastAdministratorError",
    ] = Field(discriminator="typename__")


class RevokePermissionsRevokePermissionsRevokePermissionsSuccess(BaseModel):
    typename__: Literal["RevokePermissionsSuccess"] = Field(alias="__typename")
    permissions: list[str]
    revoked: list[str]


class RevokePermissionsRevokePermissionsInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["RevokePermissionsRevokePermissionsInvalidInputErrorFields"]


class RevokePermissionsRevokePermissionsInvalidInputErrorFields(BaseModel):
    path: str
    code: InvalidInputCode
    message: str


class RevokePermissionsRevokePermissionsNotFoundError(BaseModel):
    typename__: Literal["NotFoundError"] = Field(alias="__typename")
    message: str


class RevokePermissionsRevokePermissionsLastAdministratorError(BaseModel):
    typename__: Literal["LastAdministratorError"] = Field(alias="__typename")
    message: str


RevokePermissions.model_rebuild()
RevokePermissionsRevokePermissionsInvalidInputError.model_rebuild()
