import{g as e}from"./index-BKlBIX0s.js";const n=e`
    fragment PersonFields on OrganizationUser {
  id
  name
  email
  state
  joinTime
  lastActivityTime
  viewerCanUpdate
  viewerCanRemove
}
    `,i=e`
    query People($organizationId: ID!, $first: Int!, $after: String, $filter: OrganizationUserFilter, $orderBy: UserOrder) {
  organizationUsers(
    organizationId: $organizationId
    first: $first
    after: $after
    filter: $filter
    orderBy: $orderBy
  ) {
    nodes {
      id
      name
      email
      state
      joinTime
      lastActivityTime
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `,a=e`
    query Person($id: ID!) {
  organizationUser(id: $id) {
    organizationId
    ...PersonFields
  }
}
    ${n}`,o=e`
    query PersonEvents($organizationId: ID!, $actorId: ID!) {
  auditEvents(
    organizationId: $organizationId
    first: 5
    filter: {actorId: $actorId}
  ) {
    nodes {
      id
      eventTime
      action
      actionName
      outcome
      targetKind
      targetId
      principalId
      targetUser {
        id
        name
        isApplicationUser
      }
    }
  }
}
    `,t=e`
    mutation AddOrganizationUser($input: AddOrganizationUserInput!) {
  addOrganizationUser(input: $input) {
    ... on AddOrganizationUserSuccess {
      organizationUser {
        id
        name
      }
    }
    ... on AddOrganizationUserWithTokenSuccess {
      organizationUser {
        id
        name
      }
      fullToken
    }
    ... on AddOrganizationUserReplayed {
      organizationUser {
        id
        name
      }
    }
    ... on Error {
      message
    }
    ... on InvalidInputError {
      fields {
        path
        code
        message
      }
    }
    ... on AlreadyMemberError {
      organizationUserId
    }
  }
}
    `,s=e`
    mutation UpdateOrganizationUser($input: UpdateOrganizationUserInput!) {
  updateOrganizationUser(input: $input) {
    ... on UpdateOrganizationUserSuccess {
      organizationUser {
        ...PersonFields
      }
    }
    ... on Error {
      message
    }
    ... on InvalidInputError {
      fields {
        path
        code
        message
      }
    }
  }
}
    ${n}`,d=e`
    mutation RemoveOrganizationUser($input: RemoveOrganizationUserInput!) {
  removeOrganizationUser(input: $input) {
    ... on RemoveOrganizationUserSuccess {
      organizationUserId
      revokedTokenCount
    }
    ... on Error {
      message
    }
    ... on InvalidInputError {
      fields {
        path
        code
        message
      }
    }
  }
}
    `;export{t as A,i as P,d as R,s as U,o as a,a as b};
