from typing import Optional

from .base_model import BaseModel
from .fragments import AccessPreview


class DeletionPreview(BaseModel):
    deletion_preview: Optional["DeletionPreviewDeletionPreview"]


DeletionPreviewDeletionPreview = AccessPreview
DeletionPreview.model_rebuild()
