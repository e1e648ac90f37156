from .base_model import BaseModel
from .fragments import PageInfo, Token


class Tokens(BaseModel):
    tokens: "TokensTokens"


class TokensTokens(BaseModel):
    nodes: list["TokensTokensNodes"]
    page_info: "TokensTokensPageInfo"


TokensTokensNodes = Token
TokensTokensPageInfo = PageInfo
Tokens.model_rebuild()
TokensTokens.model_rebuild()
