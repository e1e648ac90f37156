from .base_model import BaseModel


class EffectivePermissions(BaseModel):
    effective_permissions: "EffectivePermissionsEffectivePermissions"


class EffectivePermissionsEffectivePermissions(BaseModel):
    permissions: list[str]


EffectivePermissions.model_rebuild()
