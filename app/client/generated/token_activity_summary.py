from datetime import date, datetime
from typing import Optional

from .base_model import BaseModel


class TokenActivitySummary(BaseModel):
    token_activity_summary: "TokenActivitySummaryTokenActivitySummary"


class TokenActivitySummaryTokenActivitySummary(BaseModel):
    use_count: int
    is_complete: bool
    days: list["TokenActivitySummaryTokenActivitySummaryDays"]
    sources: list["TokenActivitySummaryTokenActivitySummarySources"]


class TokenActivitySummaryTokenActivitySummaryDays(BaseModel):
    date: date
    use_count: int


class TokenActivitySummaryTokenActivitySummarySources(BaseModel):
    ip: Optional[str]
    user_agent: Optional[str]
    user_agent_human_readable: Optional[str]
    is_other: bool
    use_count: int
    first_use_time: datetime
    last_use_time: datetime


TokenActivitySummary.model_rebuild()
TokenActivitySummaryTokenActivitySummary.model_rebuild()
