from typing import Optional

from .base_model import BaseModel
from .fragments import TokenFields


class Token(BaseModel):
    token: Optional["TokenToken"]


TokenToken = TokenFields
Token.model_rebuild()
