from typing import Optional

from .base_model import BaseModel
from .fragments import Token


class Token(BaseModel):
    token: Optional["TokenToken"]


TokenToken = Token
Token.model_rebuild()
