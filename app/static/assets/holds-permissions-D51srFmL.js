import{g as e,a2 as i,a3 as s}from"./index-CbZt9yqa.js";import{j as o}from"./preload-helper-DGcySwpN.js";const d=e`
    query Groups($organizationId: ID!, $first: Int!, $after: String, $filter: GroupFilter, $orderBy: GroupOrder) {
  groups(
    organizationId: $organizationId
    first: $first
    after: $after
    filter: $filter
    orderBy: $orderBy
  ) {
    nodes {
      id
      name
      description
      createTime
      createdBy {
        id
        name
        isApplicationUser
      }
      holdsPermissions
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `,u=e`
    query Group($id: ID!, $first: Int!, $after: String) {
  group(id: $id) {
    id
    name
    description
    createTime
    createdBy {
      id
      name
      isApplicationUser
    }
    holdsPermissions
    viewerCanUpdate
    viewerCanDelete
    viewerCanChangeMembers
    members(first: $first, after: $after) {
      edges {
        joinTime
        node {
          id
          name
          email
          isApplicationUser
          state
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `,p=e`
    query GroupsOf($organizationId: ID!, $memberId: ID!) {
  groups(
    organizationId: $organizationId
    first: 100
    filter: {memberId: $memberId}
    orderBy: {field: NAME, direction: ASC}
  ) {
    nodes {
      id
      name
      description
      holdsPermissions
      viewerCanChangeMembers
    }
    pageInfo {
      hasNextPage
    }
  }
}
    `,m=e`
    query GroupChoices($organizationId: ID!, $search: String) {
  groups(
    organizationId: $organizationId
    first: 20
    filter: {search: $search}
    orderBy: {field: NAME, direction: ASC}
  ) {
    nodes {
      id
      name
      holdsPermissions
      viewerCanChangeMembers
    }
  }
}
    `,c=e`
    query UserChoices($organizationId: ID!, $search: String) {
  organizationUsers(
    organizationId: $organizationId
    first: 20
    filter: {search: $search}
    orderBy: {field: NAME, direction: ASC}
  ) {
    nodes {
      id
      name
      isApplicationUser
    }
  }
}
    `,g=e`
    query GroupDeletion($organizationId: ID!, $groupId: ID!, $isAdmin: Boolean!) {
  group(id: $groupId) {
    members(first: 6) {
      nodes {
        id
        name
      }
      pageInfo {
        hasNextPage
      }
    }
  }
  permissionGrants(
    organizationId: $organizationId
    first: 20
    filter: {principalId: $groupId}
  ) @include(if: $isAdmin) {
    nodes {
      resourceId
      permission
    }
    pageInfo {
      hasNextPage
    }
  }
}
    `,l=e`
    mutation CreateGroup($input: CreateGroupInput!) {
  createGroup(input: $input) {
    ... on CreateGroupSuccess {
      group {
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
  }
}
    `,I=e`
    mutation UpdateGroup($input: UpdateGroupInput!) {
  updateGroup(input: $input) {
    ... on UpdateGroupSuccess {
      group {
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
  }
}
    `,$=e`
    mutation DeleteGroup($input: DeleteGroupInput!) {
  deleteGroup(input: $input) {
    ... on DeleteGroupSuccess {
      groupId
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
    `,f=e`
    mutation AddGroupMembers($input: AddGroupMembersInput!) {
  addGroupMembers(input: $input) {
    ... on AddGroupMembersSuccess {
      addedCount
      group {
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
  }
}
    `,G=e`
    mutation RemoveGroupMembers($input: RemoveGroupMembersInput!) {
  removeGroupMembers(input: $input) {
    ... on RemoveGroupMembersSuccess {
      removedCount
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
    `;function h({group:n}){const{holdsPermissions:r}=n;return o.jsx(i,{multiline:!0,maw:280,label:r?"Its members hold what it was granted. Only organization admins change it and its members.":"Being in it gives nothing yet. Whoever may manage groups can change it and its members.",children:o.jsx(s,{className:"badge",variant:"light",color:r?"iris":"gray",radius:"sm",tt:"none",tabIndex:0,children:r?"Holds permissions":"None"})})}export{f as A,l as C,$ as D,d as G,h as H,G as R,I as U,g as a,c as b,u as c,m as d,p as e};
