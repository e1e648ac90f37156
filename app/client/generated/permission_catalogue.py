from typing import Optional

from .base_model import BaseModel
from .enums import ResourceKind


class PermissionCatalogue(BaseModel):
    permission_catalogue: list["PermissionCataloguePermissionCatalogue"]


class PermissionCataloguePermissionCatalogue(BaseModel):
    name: str
    title: Optional[str]
    description: str
    levels: list[ResourceKind]
    is_role: bool
    includes: list[str]
    scope: Optional[str]
    is_enforced_here: bool


PermissionCatalogue.model_rebuild()
