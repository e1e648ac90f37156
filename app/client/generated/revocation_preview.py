from typing import Optional

from .base_model import BaseModel
from .fragments import AccessPreview


class RevocationPreview(BaseModel):
    revocation_preview: Optional["RevocationPreviewRevocationPreview"]


RevocationPreviewRevocationPreview = AccessPreview
RevocationPreview.model_rebuild()
