from datetime import datetime
from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import AuditActorKind, AuditOutcome, AuditTargetKind
from .fragments import PageInfo


class AuditEvents(BaseModel):
    audit_events: "AuditEventsAuditEvents"


class AuditEventsAuditEvents(BaseModel):
    nodes: list["AuditEventsAuditEventsNodes"]
    page_info: "AuditEventsAuditEventsPageInfo"


class AuditEventsAuditEventsNodes(BaseModel):
    id: str
    sequence: int
    event_time: datetime
    action_name: str
    outcome: AuditOutcome
    reason: Optional[str]
    actor_kind: AuditActorKind
    actor_id: Optional[str]
    actor_token_id: Optional[str]
    actor: Optional["AuditEventsAuditEventsNodesActor"]
    target_kind: Optional[AuditTargetKind]
    target_id: str
    principal_id: Optional[str]
    ip: Optional[str]
    user_agent: Optional[str]
    request_id: Optional[str]
    changes: list["AuditEventsAuditEventsNodesChanges"]


class AuditEventsAuditEventsNodesActor(BaseModel):
    typename__: Literal["ApplicationUser", "OrganizationUser", "User"] = Field(
        alias="__typename"
    )
    id: str
    name: str
    is_application_user: bool


class AuditEventsAuditEventsNodesChanges(BaseModel):
    field: str
    before: Optional[str]
    after: Optional[str]


AuditEventsAuditEventsPageInfo = PageInfo
AuditEvents.model_rebuild()
AuditEventsAuditEvents.model_rebuild()
AuditEventsAuditEventsNodes.model_rebuild()
