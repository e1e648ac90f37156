from .base_model import BaseModel
from .fragments import PageInfo, TokenFields


class Tokens(BaseModel):
    tokens: "TokensTokens"


class TokensTokens(BaseModel):
    nodes: list["TokensTokensNodes"]
    page_info: "TokensTokensPageInfo"


TokensTokensNodes = TokenFields
TokensTokensPageInfo = PageInfo
Tokens.model_rebuild()
TokensTokens.model_rebuild()
