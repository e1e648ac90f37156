from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import InvalidInputCode


class GrantPermissions(BaseModel):
    grant_permissions: Union[
        "GrantPermissionsGrantPermissionsGrantPermissionsSuccess",
        "GrantPermissionsGrantPermissionsInvalidInputError",
        "GrantPermissionsGrantPermissionsNotFoundError",
    ] = Field(discriminator="typename__")


class GrantPermissionsGrantPermissionsGrantPermissionsSuccess(BaseModel):
    typename__: Literal["GrantPermissionsSuccess"] = Field(alias="__typename")
    permissions: list[str]
    granted: list[str]


class GrantPermissionsGrantPermissionsInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["GrantPermissionsGrantPermissionsInvalidInputErrorFields"]


class GrantPermissionsGrantPermissionsInvalidInputErrorFields(BaseModel):
    path: str
    code: InvalidInputCode
    message: str


class GrantPermissionsGrantPermissionsNotFoundError(BaseModel):
    typename__: Literal["NotFoundError"] = Field(alias="__typename")
    message: str


GrantPermissions.model_rebuild()
GrantPermissionsGrantPermissionsInvalidInputError.model_rebuild()
