from datetime import datetime
from typing import Any, Optional, Union

from .activate_token import (
    ActivateToken,
    ActivateTokenActivateTokenActivateTokenSuccess,
)
from .add_group_members import (
    AddGroupMembers,
    AddGroupMembersAddGroupMembersAddGroupMembersSuccess,
)
from .application_user import ApplicationUser, ApplicationUserApplicationUser
from .application_users import ApplicationUsers, ApplicationUsersApplicationUsers
from .async_base_client import AsyncBaseClient
from .audit_events import AuditEvents, AuditEventsAuditEvents
from .base_model import UNSET, UnsetType
from .create_application_user import (
    CreateApplicationUser,
    CreateApplicationUserCreateApplicationUserCreateApplicationUserSuccess,
)
from .create_group import (
    CreateGroup,
    CreateGroupCreateGroupCreateGroupSuccess,
)
from .delete_application_user import (
    DeleteApplicationUser,
    DeleteApplicationUserDeleteApplicationUserDeleteApplicationUserSuccess,
)
from .delete_group import (
    DeleteGroup,
    DeleteGroupDeleteGroupDeleteGroupSuccess,
)
from .deletion_preview import DeletionPreview, DeletionPreviewDeletionPreview
from .effective_permissions import (
    EffectivePermissions,
    EffectivePermissionsEffectivePermissions,
)
from .enums import OrderDirection
from .explain_permission import ExplainPermission, ExplainPermissionExplainPermission
from .generate_token import (
    GenerateToken,
    GenerateTokenGenerateTokenGenerateTokenReplayed,
    GenerateTokenGenerateTokenGenerateTokenSuccess,
)
from .grant_permissions import (
    GrantPermissions,
    GrantPermissionsGrantPermissionsGrantPermissionsSuccess,
)
from .group import Group, GroupGroup
from .group_members import GroupMembers, GroupMembersGroup
from .groups import Groups, GroupsGroups
from .input_types import (
    ActivateTokenInput,
    AddGroupMembersInput,
    ApplicationUserFilter,
    AuditEventFilter,
    CreateApplicationUserInput,
    CreateGroupInput,
    DeleteApplicationUserInput,
    DeleteGroupInput,
    GenerateTokenInput,
    GrantPermissionsInput,
    GroupFilter,
    OrganizationUserFilter,
    PermissionGrantFilter,
    RemoveGroupMembersInput,
    RevokeAllTokensInput,
    RevokePermissionsInput,
    RevokeTokenInput,
    RevokeTokensInput,
    RotateTokenInput,
    SetPermissionsInput,
    TokenFilter,
    TokenOrder,
    UpdateApplicationUserInput,
    UpdateGroupInput,
    UpdateTokenInput,
    UserOrder,
)
from .organization_of import (
    OrganizationOf,
    OrganizationOfNodeApplicationUser,
    OrganizationOfNodeGroup,
    OrganizationOfNodeNode,
    OrganizationOfNodeOrganizationUser,
)
from .organization_users import OrganizationUsers, OrganizationUsersOrganizationUsers
from .permission_catalogue import (
    PermissionCatalogue,
    PermissionCataloguePermissionCatalogue,
)
from .permission_grants import PermissionGrants, PermissionGrantsPermissionGrants
from .remove_group_members import (
    RemoveGroupMembers,
    RemoveGroupMembersRemoveGroupMembersRemoveGroupMembersSuccess,
)
from .revocation_preview import RevocationPreview, RevocationPreviewRevocationPreview
from .revoke_all_tokens import (
    RevokeAllTokens,
    RevokeAllTokensRevokeAllTokensRevokeAllTokensSuccess,
)
from .revoke_permissions import (
    RevokePermissions,
    RevokePermissionsRevokePermissionsRevokePermissionsSuccess,
)
from .revoke_token import (
    RevokeToken,
    RevokeTokenRevokeTokenRevokeTokenSuccess,
)
from .revoke_tokens import (
    RevokeTokens,
    RevokeTokensRevokeTokensRevokeTokensSuccess,
)
from .rotate_token import (
    RotateToken,
    RotateTokenRotateTokenRotateTokenReplayed,
    RotateTokenRotateTokenRotateTokenSuccess,
)
from .set_permissions import (
    SetPermissions,
    SetPermissionsSetPermissionsSetPermissionsSuccess,
)
from .token import Token, TokenToken
from .token_activity_summary import (
    TokenActivitySummary,
    TokenActivitySummaryTokenActivitySummary,
)
from .tokens import Tokens, TokensTokens
from .update_application_user import (
    UpdateApplicationUser,
    UpdateApplicationUserUpdateApplicationUserUpdateApplicationUserSuccess,
)
from .update_group import (
    UpdateGroup,
    UpdateGroupUpdateGroupUpdateGroupSuccess,
)
from .update_token import (
    UpdateToken,
    UpdateTokenUpdateTokenUpdateTokenSuccess,
)
from .viewer import Viewer, ViewerViewer


def gql(q: str) -> str:
    return q


class GeneratedClient(AsyncBaseClient):
    async def audit_events(
        self,
        organization_id: str,
        direction: OrderDirection,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        filter_: Union[Optional[AuditEventFilter], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> AuditEventsAuditEvents:
        query = gql("""
            query AuditEvents($organizationId: ID!, $first: Int, $after: String, $filter: AuditEventFilter, $direction: OrderDirection!) {
              auditEvents(
                organizationId: $organizationId
                first: $first
                after: $after
                filter: $filter
                direction: $direction
              ) {
                nodes {
                  id
                  sequence
                  eventTime
                  actionName
                  outcome
                  reason
                  actorKind
                  actorId
                  actorTokenId
                  actor {
                    __typename
                    id
                    name
                    isApplicationUser
                  }
                  targetKind
                  targetId
                  principalId
                  ip
                  userAgent
                  requestId
                  changes {
                    field
                    before
                    after
                  }
                }
                pageInfo {
                  ...PageInfo
                }
              }
            }

            fragment PageInfo on PageInfo {
              hasNextPage
              endCursor
            }
            """)
        variables: dict[str, object] = {
            "organizationId": organization_id,
            "first": first,
            "after": after,
            "filter": filter_,
            "direction": direction,
        }
        response = await self.execute(
            query=query, operation_name="AuditEvents", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return AuditEvents.model_validate(data).audit_events

    async def groups(
        self,
        organization_id: str,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        filter_: Union[Optional[GroupFilter], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> GroupsGroups:
        query = gql("""
            query Groups($organizationId: ID!, $first: Int, $after: String, $filter: GroupFilter) {
              groups(
                organizationId: $organizationId
                first: $first
                after: $after
                filter: $filter
              ) {
                nodes {
                  ...GroupFields
                }
                pageInfo {
                  ...PageInfo
                }
              }
            }

            fragment GroupFields on Group {
              id
              organizationId
              name
              description
              createTime
              holdsPermissions
            }

            fragment PageInfo on PageInfo {
              hasNextPage
              endCursor
            }
            """)
        variables: dict[str, object] = {
            "organizationId": organization_id,
            "first": first,
            "after": after,
            "filter": filter_,
        }
        response = await self.execute(
            query=query, operation_name="Groups", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Groups.model_validate(data).groups

    async def group(self, id: str, **kwargs: Any) -> Optional[GroupGroup]:
        query = gql("""
            query Group($id: ID!) {
              group(id: $id) {
                ...GroupFields
              }
            }

            fragment GroupFields on Group {
              id
              organizationId
              name
              description
              createTime
              holdsPermissions
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="Group", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Group.model_validate(data).group

    async def group_members(
        self,
        id: str,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Optional[GroupMembersGroup]:
        query = gql("""
            query GroupMembers($id: ID!, $first: Int, $after: String) {
              group(id: $id) {
                members(first: $first, after: $after) {
                  edges {
                    joinTime
                    node {
                      __typename
                      id
                      name
                      isApplicationUser
                      state
                    }
                  }
                  pageInfo {
                    ...PageInfo
                  }
                }
              }
            }

            fragment PageInfo on PageInfo {
              hasNextPage
              endCursor
            }
            """)
        variables: dict[str, object] = {"id": id, "first": first, "after": after}
        response = await self.execute(
            query=query, operation_name="GroupMembers", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return GroupMembers.model_validate(data).group

    async def create_group(
        self, input: CreateGroupInput, **kwargs: Any
    ) -> Union[CreateGroupCreateGroupCreateGroupSuccess]:
        query = gql("""
            mutation CreateGroup($input: CreateGroupInput!) {
              createGroup(input: $input) {
                __typename
                ... on CreateGroupSuccess {
                  group {
                    ...GroupFields
                  }
                }
                ...Problem
              }
            }

            fragment GroupFields on Group {
              id
              organizationId
              name
              description
              createTime
              holdsPermissions
            }

            fragment Problem on Error {
              message
              ... on InvalidInputError {
                fields {
                  path
                  code
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="CreateGroup", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return CreateGroup.model_validate(data).create_group

    async def update_group(
        self, input: UpdateGroupInput, **kwargs: Any
    ) -> Union[UpdateGroupUpdateGroupUpdateGroupSuccess]:
        query = gql("""
            mutation UpdateGroup($input: UpdateGroupInput!) {
              updateGroup(input: $input) {
                __typename
                ... on UpdateGroupSuccess {
                  group {
                    ...GroupFields
                  }
                }
                ...Problem
              }
            }

            fragment GroupFields on Group {
              id
              organizationId
              name
              description
              createTime
              holdsPermissions
            }

            fragment Problem on Error {
              message
              ... on InvalidInputError {
                fields {
                  path
                  code
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="UpdateGroup", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return UpdateGroup.model_validate(data).update_group

    async def delete_group(
        self, input: DeleteGroupInput, **kwargs: Any
    ) -> Union[DeleteGroupDeleteGroupDeleteGroupSuccess]:
        query = gql("""
            mutation DeleteGroup($input: DeleteGroupInput!) {
              deleteGroup(input: $input) {
                __typename
                ... on DeleteGroupSuccess {
                  groupId
                }
                ...Problem
              }
            }

            fragment Problem on Error {
              message
              ... on InvalidInputError {
                fields {
                  path
                  code
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="DeleteGroup", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return DeleteGroup.model_validate(data).delete_group

    async def add_group_members(
        self, input: AddGroupMembersInput, **kwargs: Any
    ) -> Union[AddGroupMembersAddGroupMembersAddGroupMembersSuccess]:
        query = gql("""
            mutation AddGroupMembers($input: AddGroupMembersInput!) {
              addGroupMembers(input: $input) {
                __typename
                ... on AddGroupMembersSuccess {
                  addedCount
                }
                ...Problem
              }
            }

            fragment Problem on Error {
              message
              ... on InvalidInputError {
                fields {
                  path
                  code
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="AddGroupMembers", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return AddGroupMembers.model_validate(data).add_group_members

    async def remove_group_members(
        self, input: RemoveGroupMembersInput, **kwargs: Any
    ) -> Union[RemoveGroupMembersRemoveGroupMembersRemoveGroupMembersSuccess]:
        query = gql("""
            mutation RemoveGroupMembers($input: RemoveGroupMembersInput!) {
              removeGroupMembers(input: $input) {
                __typename
                ... on RemoveGroupMembersSuccess {
                  removedCount
                }
                ...Problem
              }
            }

            fragment Problem on Error {
              message
              ... on InvalidInputError {
                fields {
                  path
                  code
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query,
            operation_name="RemoveGroupMembers",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return RemoveGroupMembers.model_validate(data).remove_group_members

    async def organization_of(
        self, id: str, **kwargs: Any
    ) -> Optional[
        Union[
            OrganizationOfNodeNode,
            OrganizationOfNodeApplicationUser,
            OrganizationOfNodeGroup,
            OrganizationOfNodeOrganizationUser,
        ]
    ]:
        query = gql("""
            query OrganizationOf($id: ID!) {
              node(id: $id) {
                __typename
                ... on ApplicationUser {
                  organizationId
                }
                ... on OrganizationUser {
                  organizationId
                }
                ... on Group {
                  organizationId
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="OrganizationOf", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return OrganizationOf.model_validate(data).node

    async def permission_catalogue(
        self, **kwargs: Any
    ) -> list[PermissionCataloguePermissionCatalogue]:
        query = gql("""
            query PermissionCatalogue {
              permissionCatalogue {
                name
                title
                description
                levels
                isRole
                includes
                scope
                isEnforcedHere
              }
            }
            """)
        variables: dict[str, object] = {}
        response = await self.execute(
            query=query,
            operation_name="PermissionCatalogue",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return PermissionCatalogue.model_validate(data).permission_catalogue

    async def permission_grants(
        self,
        organization_id: str,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        filter_: Union[Optional[PermissionGrantFilter], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> PermissionGrantsPermissionGrants:
        query = gql("""
            query PermissionGrants($organizationId: ID!, $first: Int, $after: String, $filter: PermissionGrantFilter) {
              permissionGrants(
                organizationId: $organizationId
                first: $first
                after: $after
                filter: $filter
              ) {
                nodes {
                  principalId
                  resourceId
                  permission
                  createTime
                }
                pageInfo {
                  ...PageInfo
                }
              }
            }

            fragment PageInfo on PageInfo {
              hasNextPage
              endCursor
            }
            """)
        variables: dict[str, object] = {
            "organizationId": organization_id,
            "first": first,
            "after": after,
            "filter": filter_,
        }
        response = await self.execute(
            query=query,
            operation_name="PermissionGrants",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return PermissionGrants.model_validate(data).permission_grants

    async def effective_permissions(
        self, principal_id: str, resource_id: str, **kwargs: Any
    ) -> EffectivePermissionsEffectivePermissions:
        query = gql("""
            query EffectivePermissions($principalId: ID!, $resourceId: ID!) {
              effectivePermissions(principalId: $principalId, resourceId: $resourceId) {
                permissions
              }
            }
            """)
        variables: dict[str, object] = {
            "principalId": principal_id,
            "resourceId": resource_id,
        }
        response = await self.execute(
            query=query,
            operation_name="EffectivePermissions",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return EffectivePermissions.model_validate(data).effective_permissions

    async def explain_permission(
        self, principal_id: str, resource_id: str, permission: str, **kwargs: Any
    ) -> list[ExplainPermissionExplainPermission]:
        query = gql("""
            query ExplainPermission($principalId: ID!, $resourceId: ID!, $permission: String!) {
              explainPermission(
                principalId: $principalId
                resourceId: $resourceId
                permission: $permission
              ) {
                granted
                resourceId
                groupId
                createTime
              }
            }
            """)
        variables: dict[str, object] = {
            "principalId": principal_id,
            "resourceId": resource_id,
            "permission": permission,
        }
        response = await self.execute(
            query=query,
            operation_name="ExplainPermission",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return ExplainPermission.model_validate(data).explain_permission

    async def grant_permissions(
        self, input: GrantPermissionsInput, **kwargs: Any
    ) -> Union[GrantPermissionsGrantPermissionsGrantPermissionsSuccess]:
        query = gql("""
            mutation GrantPermissions($input: GrantPermissionsInput!) {
              grantPermissions(input: $input) {
                __typename
                ... on GrantPermissionsSuccess {
                  permissions
                  granted
                }
                ...Problem
              }
            }

            fragment Problem on Error {
              message
              ... on InvalidInputError {
                fields {
                  path
                  code
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query,
            operation_name="GrantPermissions",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return GrantPermissions.model_validate(data).grant_permissions

    async def revoke_permissions(
        self, input: RevokePermissionsInput, **kwargs: Any
    ) -> Union[RevokePermissionsRevokePermissionsRevokePermissionsSuccess]:
        query = gql("""
            mutation RevokePermissions($input: RevokePermissionsInput!) {
              revokePermissions(input: $input) {
                __typename
                ... on RevokePermissionsSuccess {
                  permissions
                  revoked
                }
                ...Problem
              }
            }

            fragment Problem on Error {
              message
              ... on InvalidInputError {
                fields {
                  path
                  code
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query,
            operation_name="RevokePermissions",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return RevokePermissions.model_validate(data).revoke_permissions

    async def set_permissions(
        self, input: SetPermissionsInput, **kwargs: Any
    ) -> Union[SetPermissionsSetPermissionsSetPermissionsSuccess]:
        query = gql("""
            mutation SetPermissions($input: SetPermissionsInput!) {
              setPermissions(input: $input) {
                __typename
                ... on SetPermissionsSuccess {
                  permissions
                  granted
                  revoked
                }
                ...Problem
              }
            }

            fragment Problem on Error {
              message
              ... on InvalidInputError {
                fields {
                  path
                  code
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="SetPermissions", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return SetPermissions.model_validate(data).set_permissions

    async def tokens(
        self,
        organization_id: str,
        application_user_id: Union[Optional[str], UnsetType] = UNSET,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        filter_: Union[Optional[TokenFilter], UnsetType] = UNSET,
        order_by: Union[Optional[TokenOrder], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> TokensTokens:
        query = gql("""
            query Tokens($organizationId: ID!, $applicationUserId: ID, $first: Int, $after: String, $filter: TokenFilter, $orderBy: TokenOrder) {
              tokens(
                organizationId: $organizationId
                applicationUserId: $applicationUserId
                first: $first
                after: $after
                filter: $filter
                orderBy: $orderBy
              ) {
                nodes {
                  ...TokenFields
                }
                pageInfo {
                  ...PageInfo
                }
              }
            }

            fragment PageInfo on PageInfo {
              hasNextPage
              endCursor
            }

            fragment TokenFields on Token {
              id
              organizationId
              tokenPrefix
              description
              status
              maxAgeSeconds
              extendWhenUsed
              ipAllowlist
              scopes
              createTime
              expiryTime
              revokeTime
              lastUsedTime
              lastIp
              lastUserAgent
              lastUserAgentHumanReadable
              isCurrent
              familyId
              supersedeTime
              overlapEndTime
              user {
                __typename
                id
                name
                isApplicationUser
              }
              createdBy {
                __typename
                id
                name
                isApplicationUser
              }
            }
            """)
        variables: dict[str, object] = {
            "organizationId": organization_id,
            "applicationUserId": application_user_id,
            "first": first,
            "after": after,
            "filter": filter_,
            "orderBy": order_by,
        }
        response = await self.execute(
            query=query, operation_name="Tokens", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Tokens.model_validate(data).tokens

    async def token(self, id: str, **kwargs: Any) -> Optional[TokenToken]:
        query = gql("""
            query Token($id: ID!) {
              token(id: $id) {
                ...TokenFields
              }
            }

            fragment TokenFields on Token {
              id
              organizationId
              tokenPrefix
              description
              status
              maxAgeSeconds
              extendWhenUsed
              ipAllowlist
              scopes
              createTime
              expiryTime
              revokeTime
              lastUsedTime
              lastIp
              lastUserAgent
              lastUserAgentHumanReadable
              isCurrent
              familyId
              supersedeTime
              overlapEndTime
              user {
                __typename
                id
                name
                isApplicationUser
              }
              createdBy {
                __typename
                id
                name
                isApplicationUser
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="Token", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Token.model_validate(data).token

    async def revocation_preview(
        self, token_ids: list[str], **kwargs: Any
    ) -> Optional[RevocationPreviewRevocationPreview]:
        query = gql("""
            query RevocationPreview($tokenIds: [ID!]!) {
              revocationPreview(tokenIds: $tokenIds) {
                ...AccessPreview
              }
            }

            fragment AccessPreview on AccessPreview {
              liveTokenCount
              liveTokens {
                id
                tokenPrefix
                description
                lastUsedTime
                lastIp
                lastUserAgentHumanReadable
              }
              heldGroups {
                groupId
                name
              }
              heldPermissions {
                resourceId
                permission
              }
            }
            """)
        variables: dict[str, object] = {"tokenIds": token_ids}
        response = await self.execute(
            query=query,
            operation_name="RevocationPreview",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return RevocationPreview.model_validate(data).revocation_preview

    async def token_activity_summary(
        self,
        organization_id: str,
        application_user_id: Union[Optional[str], UnsetType] = UNSET,
        token_id: Union[Optional[str], UnsetType] = UNSET,
        since: Union[Optional[datetime], UnsetType] = UNSET,
        until: Union[Optional[datetime], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> TokenActivitySummaryTokenActivitySummary:
        query = gql("""
            query TokenActivitySummary($organizationId: ID!, $applicationUserId: ID, $tokenId: ID, $since: DateTime, $until: DateTime) {
              tokenActivitySummary(
                organizationId: $organizationId
                applicationUserId: $applicationUserId
                tokenId: $tokenId
                since: $since
                until: $until
              ) {
                useCount
                isComplete
                days {
                  date
                  useCount
                }
                sources {
                  ip
                  userAgent
                  userAgentHumanReadable
                  isOther
                  useCount
                  firstUseTime
                  lastUseTime
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "organizationId": organization_id,
            "applicationUserId": application_user_id,
            "tokenId": token_id,
            "since": since,
            "until": until,
        }
        response = await self.execute(
            query=query,
            operation_name="TokenActivitySummary",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return TokenActivitySummary.model_validate(data).token_activity_summary

    async def generate_token(
        self, input: GenerateTokenInput, **kwargs: Any
    ) -> Union[
        GenerateTokenGenerateTokenGenerateTokenSuccess,
        GenerateTokenGenerateTokenGenerateTokenReplayed,
    ]:
        query = gql("""
            mutation GenerateToken($input: GenerateTokenInput!) {
              generateToken(input: $input) {
                __typename
                ... on GenerateTokenSuccess {
                  token {
                    ...TokenFields
                  }
                  fullToken
                }
                ... on GenerateTokenReplayed {
                  token {
                    ...TokenFields
                  }
                }
                ...Problem
              }
            }

            fragment Problem on Error {
              message
              ... on InvalidInputError {
                fields {
                  path
                  code
                  message
                }
              }
            }

            fragment TokenFields on Token {
              id
              organizationId
              tokenPrefix
              description
              status
              maxAgeSeconds
              extendWhenUsed
              ipAllowlist
              scopes
              createTime
              expiryTime
              revokeTime
              lastUsedTime
              lastIp
              lastUserAgent
              lastUserAgentHumanReadable
              isCurrent
              familyId
              supersedeTime
              overlapEndTime
              user {
                __typename
                id
                name
                isApplicationUser
              }
              createdBy {
                __typename
                id
                name
                isApplicationUser
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="GenerateToken", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return GenerateToken.model_validate(data).generate_token

    async def rotate_token(
        self, input: RotateTokenInput, **kwargs: Any
    ) -> Union[
        RotateTokenRotateTokenRotateTokenSuccess,
        RotateTokenRotateTokenRotateTokenReplayed,
    ]:
        query = gql("""
            mutation RotateToken($input: RotateTokenInput!) {
              rotateToken(input: $input) {
                __typename
                ... on RotateTokenSuccess {
                  token {
                    ...TokenFields
                  }
                  predecessor {
                    ...TokenFields
                  }
                  fullToken
                }
                ... on RotateTokenReplayed {
                  token {
                    ...TokenFields
                  }
                  predecessor {
                    ...TokenFields
                  }
                }
                ...Problem
              }
            }

            fragment Problem on Error {
              message
              ... on InvalidInputError {
                fields {
                  path
                  code
                  message
                }
              }
            }

            fragment TokenFields on Token {
              id
              organizationId
              tokenPrefix
              description
              status
              maxAgeSeconds
              extendWhenUsed
              ipAllowlist
              scopes
              createTime
              expiryTime
              revokeTime
              lastUsedTime
              lastIp
              lastUserAgent
              lastUserAgentHumanReadable
              isCurrent
              familyId
              supersedeTime
              overlapEndTime
              user {
                __typename
                id
                name
                isApplicationUser
              }
              createdBy {
                __typename
                id
                name
                isApplicationUser
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="RotateToken", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return RotateToken.model_validate(data).rotate_token

    async def update_token(
        self, input: UpdateTokenInput, **kwargs: Any
    ) -> Union[UpdateTokenUpdateTokenUpdateTokenSuccess]:
        query = gql("""
            mutation UpdateToken($input: UpdateTokenInput!) {
              updateToken(input: $input) {
                __typename
                ... on UpdateTokenSuccess {
                  token {
                    ...TokenFields
                  }
                }
                ...Problem
              }
            }

            fragment Problem on Error {
              message
              ... on InvalidInputError {
                fields {
                  path
                  code
                  message
                }
              }
            }

            fragment TokenFields on Token {
              id
              organizationId
              tokenPrefix
              description
              status
              maxAgeSeconds
              extendWhenUsed
              ipAllowlist
              scopes
              createTime
              expiryTime
              revokeTime
              lastUsedTime
              lastIp
              lastUserAgent
              lastUserAgentHumanReadable
              isCurrent
              familyId
              supersedeTime
              overlapEndTime
              user {
                __typename
                id
                name
                isApplicationUser
              }
              createdBy {
                __typename
                id
                name
                isApplicationUser
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="UpdateToken", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return UpdateToken.model_validate(data).update_token

    async def revoke_token(
        self, input: RevokeTokenInput, **kwargs: Any
    ) -> Union[RevokeTokenRevokeTokenRevokeTokenSuccess]:
        query = gql("""
            mutation RevokeToken($input: RevokeTokenInput!) {
              revokeToken(input: $input) {
                __typename
                ... on RevokeTokenSuccess {
                  token {
                    ...TokenFields
                  }
                }
                ...Problem
              }
            }

            fragment Problem on Error {
              message
              ... on InvalidInputError {
                fields {
                  path
                  code
                  message
                }
              }
            }

            fragment TokenFields on Token {
              id
              organizationId
              tokenPrefix
              description
              status
              maxAgeSeconds
              extendWhenUsed
              ipAllowlist
              scopes
              createTime
              expiryTime
              revokeTime
              lastUsedTime
              lastIp
              lastUserAgent
              lastUserAgentHumanReadable
              isCurrent
              familyId
              supersedeTime
              overlapEndTime
              user {
                __typename
                id
                name
                isApplicationUser
              }
              createdBy {
                __typename
                id
                name
                isApplicationUser
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="RevokeToken", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return RevokeToken.model_validate(data).revoke_token

    async def revoke_tokens(
        self, input: RevokeTokensInput, **kwargs: Any
    ) -> Union[RevokeTokensRevokeTokensRevokeTokensSuccess]:
        query = gql("""
            mutation RevokeTokens($input: RevokeTokensInput!) {
              revokeTokens(input: $input) {
                __typename
                ... on RevokeTokensSuccess {
                  tokenIds
                  revokedTokenCount
                }
                ...Problem
              }
            }

            fragment Problem on Error {
              message
              ... on InvalidInputError {
                fields {
                  path
                  code
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="RevokeTokens", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return RevokeTokens.model_validate(data).revoke_tokens

    async def revoke_all_tokens(
        self, input: RevokeAllTokensInput, **kwargs: Any
    ) -> Union[RevokeAllTokensRevokeAllTokensRevokeAllTokensSuccess]:
        query = gql("""
            mutation RevokeAllTokens($input: RevokeAllTokensInput!) {
              revokeAllTokens(input: $input) {
                __typename
                ... on RevokeAllTokensSuccess {
                  revokedTokenCount
                }
                ...Problem
              }
            }

            fragment Problem on Error {
              message
              ... on InvalidInputError {
                fields {
                  path
                  code
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="RevokeAllTokens", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return RevokeAllTokens.model_validate(data).revoke_all_tokens

    async def activate_token(
        self, input: ActivateTokenInput, **kwargs: Any
    ) -> Union[ActivateTokenActivateTokenActivateTokenSuccess]:
        query = gql("""
            mutation ActivateToken($input: ActivateTokenInput!) {
              activateToken(input: $input) {
                __typename
                ... on ActivateTokenSuccess {
                  token {
                    ...TokenFields
                  }
                }
                ...Problem
              }
            }

            fragment Problem on Error {
              message
              ... on InvalidInputError {
                fields {
                  path
                  code
                  message
                }
              }
            }

            fragment TokenFields on Token {
              id
              organizationId
              tokenPrefix
              description
              status
              maxAgeSeconds
              extendWhenUsed
              ipAllowlist
              scopes
              createTime
              expiryTime
              revokeTime
              lastUsedTime
              lastIp
              lastUserAgent
              lastUserAgentHumanReadable
              isCurrent
              familyId
              supersedeTime
              overlapEndTime
              user {
                __typename
                id
                name
                isApplicationUser
              }
              createdBy {
                __typename
                id
                name
                isApplicationUser
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="ActivateToken", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ActivateToken.model_validate(data).activate_token

    async def application_users(
        self,
        organization_id: str,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        filter_: Union[Optional[ApplicationUserFilter], UnsetType] = UNSET,
        order_by: Union[Optional[UserOrder], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> ApplicationUsersApplicationUsers:
        query = gql("""
            query ApplicationUsers($organizationId: ID!, $first: Int, $after: String, $filter: ApplicationUserFilter, $orderBy: UserOrder) {
              applicationUsers(
                organizationId: $organizationId
                first: $first
                after: $after
                filter: $filter
                orderBy: $orderBy
              ) {
                nodes {
                  ...ApplicationUserFields
                }
                pageInfo {
                  ...PageInfo
                }
              }
            }

            fragment ApplicationUserFields on ApplicationUser {
              id
              organizationId
              name
              email
              description
              state
              isSuperAdmin
              createTime
              lastActivityTime
              liveTokenCount
            }

            fragment PageInfo on PageInfo {
              hasNextPage
              endCursor
            }
            """)
        variables: dict[str, object] = {
            "organizationId": organization_id,
            "first": first,
            "after": after,
            "filter": filter_,
            "orderBy": order_by,
        }
        response = await self.execute(
            query=query,
            operation_name="ApplicationUsers",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return ApplicationUsers.model_validate(data).application_users

    async def application_user(
        self, id: str, **kwargs: Any
    ) -> Optional[ApplicationUserApplicationUser]:
        query = gql("""
            query ApplicationUser($id: ID!) {
              applicationUser(id: $id) {
                ...ApplicationUserFields
              }
            }

            fragment ApplicationUserFields on ApplicationUser {
              id
              organizationId
              name
              email
              description
              state
              isSuperAdmin
              createTime
              lastActivityTime
              liveTokenCount
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="ApplicationUser", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ApplicationUser.model_validate(data).application_user

    async def organization_users(
        self,
        organization_id: str,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        filter_: Union[Optional[OrganizationUserFilter], UnsetType] = UNSET,
        order_by: Union[Optional[UserOrder], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> OrganizationUsersOrganizationUsers:
        query = gql("""
            query OrganizationUsers($organizationId: ID!, $first: Int, $after: String, $filter: OrganizationUserFilter, $orderBy: UserOrder) {
              organizationUsers(
                organizationId: $organizationId
                first: $first
                after: $after
                filter: $filter
                orderBy: $orderBy
              ) {
                nodes {
                  __typename
                  id
                  name
                  email
                  isApplicationUser
                  state
                  joinTime
                  lastActivityTime
                }
                pageInfo {
                  ...PageInfo
                }
              }
            }

            fragment PageInfo on PageInfo {
              hasNextPage
              endCursor
            }
            """)
        variables: dict[str, object] = {
            "organizationId": organization_id,
            "first": first,
            "after": after,
            "filter": filter_,
            "orderBy": order_by,
        }
        response = await self.execute(
            query=query,
            operation_name="OrganizationUsers",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return OrganizationUsers.model_validate(data).organization_users

    async def deletion_preview(
        self, application_user_id: str, **kwargs: Any
    ) -> Optional[DeletionPreviewDeletionPreview]:
        query = gql("""
            query DeletionPreview($applicationUserId: ID!) {
              deletionPreview(applicationUserId: $applicationUserId) {
                ...AccessPreview
              }
            }

            fragment AccessPreview on AccessPreview {
              liveTokenCount
              liveTokens {
                id
                tokenPrefix
                description
                lastUsedTime
                lastIp
                lastUserAgentHumanReadable
              }
              heldGroups {
                groupId
                name
              }
              heldPermissions {
                resourceId
                permission
              }
            }
            """)
        variables: dict[str, object] = {"applicationUserId": application_user_id}
        response = await self.execute(
            query=query, operation_name="DeletionPreview", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return DeletionPreview.model_validate(data).deletion_preview

    async def create_application_user(
        self, input: CreateApplicationUserInput, **kwargs: Any
    ) -> Union[CreateApplicationUserCreateApplicationUserCreateApplicationUserSuccess]:
        query = gql("""
            mutation CreateApplicationUser($input: CreateApplicationUserInput!) {
              createApplicationUser(input: $input) {
                __typename
                ... on CreateApplicationUserSuccess {
                  applicationUser {
                    ...ApplicationUserFields
                  }
                }
                ...Problem
              }
            }

            fragment ApplicationUserFields on ApplicationUser {
              id
              organizationId
              name
              email
              description
              state
              isSuperAdmin
              createTime
              lastActivityTime
              liveTokenCount
            }

            fragment Problem on Error {
              message
              ... on InvalidInputError {
                fields {
                  path
                  code
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query,
            operation_name="CreateApplicationUser",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CreateApplicationUser.model_validate(data).create_application_user

    async def update_application_user(
        self, input: UpdateApplicationUserInput, **kwargs: Any
    ) -> Union[UpdateApplicationUserUpdateApplicationUserUpdateApplicationUserSuccess]:
        query = gql("""
            mutation UpdateApplicationUser($input: UpdateApplicationUserInput!) {
              updateApplicationUser(input: $input) {
                __typename
                ... on UpdateApplicationUserSuccess {
                  applicationUser {
                    ...ApplicationUserFields
                  }
                }
                ...Problem
              }
            }

            fragment ApplicationUserFields on ApplicationUser {
              id
              organizationId
              name
              email
              description
              state
              isSuperAdmin
              createTime
              lastActivityTime
              liveTokenCount
            }

            fragment Problem on Error {
              message
              ... on InvalidInputError {
                fields {
                  path
                  code
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query,
            operation_name="UpdateApplicationUser",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return UpdateApplicationUser.model_validate(data).update_application_user

    async def delete_application_user(
        self, input: DeleteApplicationUserInput, **kwargs: Any
    ) -> Union[DeleteApplicationUserDeleteApplicationUserDeleteApplicationUserSuccess]:
        query = gql("""
            mutation DeleteApplicationUser($input: DeleteApplicationUserInput!) {
              deleteApplicationUser(input: $input) {
                __typename
                ... on DeleteApplicationUserSuccess {
                  applicationUserId
                  revokedTokenCount
                }
                ...Problem
              }
            }

            fragment Problem on Error {
              message
              ... on InvalidInputError {
                fields {
                  path
                  code
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query,
            operation_name="DeleteApplicationUser",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return DeleteApplicationUser.model_validate(data).delete_application_user

    async def viewer(self, **kwargs: Any) -> ViewerViewer:
        query = gql("""
            query Viewer {
              viewer {
                memberships {
                  organizationId
                  organizationName
                  permissions
                  user {
                    __typename
                    id
                    name
                    email
                    isApplicationUser
                  }
                }
                token {
                  id
                  tokenPrefix
                  expiryTime
                }
              }
            }
            """)
        variables: dict[str, object] = {}
        response = await self.execute(
            query=query, operation_name="Viewer", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Viewer.model_validate(data).viewer
