from typing import Annotated, Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel


class OrganizationOf(BaseModel):
    node: Optional[
        Annotated[
            Union[
                "OrganizationOfNodeNode",
                "OrganizationOfNodeApplicationUser",
                "OrganizationOfNodeGroup",
                "OrganizationOfNodeOrganizationUser",
            ],
            Field(discriminator="typename__"),
        ]
    ]


class OrganizationOfNodeNode(BaseModel):
    typename__: Literal[
        "AuditEvent",
        "LimitIncreaseRequest",
        "Node",
        "Organization",
        "Resource",
        "Token",
        "WebhookEndpoint",
    ] = Field(alias="__typename")


class OrganizationOfNodeApplicationUser(BaseModel):
    typename__: Literal["ApplicationUser"] = Field(alias="__typename")
    organization_id: str


class OrganizationOfNodeGroup(BaseModel):
    typename__: Literal["Group"] = Field(alias="__typename")
    organization_id: str


class OrganizationOfNodeOrganizationUser(BaseModel):
    typename__: Literal["OrganizationUser"] = Field(alias="__typename")
    organization_id: str


OrganizationOf.model_rebuild()
