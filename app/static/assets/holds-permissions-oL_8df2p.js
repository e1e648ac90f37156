import{g as e,a3 as s,a4 as t}from"./index-BKlBIX0s.js";import{j as o}from"./preload-helper-DGcySwpN.js";const n=e`
    fragment GroupSummary on Group {
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
    `,d=e`
    query Groups($organizationId: ID!, $first: Int!, $after: String, $filter: GroupFilter, $orderBy: GroupOrder) {
  groups(
    organizationId: $organizationId
    first: $first
    after: $after
    filter: $filter
    orderBy: $orderBy
  ) {
    nodes {
      ...GroupSummary
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    ${n}`,p=e`
    query Group($id: ID!, $first: Int!, $after: String) {
  group(id: $id) {
    organizationId
    ...GroupSummary
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
    ${n}`,m=e`
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
    `,g=e`
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
    `,I=e`
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
    `,$=e`
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
    `,f=e`
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
    `,G=e`
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
    `,h=e`
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
    `;function D({group:i}){const{holdsPermissions:r}=i;return o.jsx(s,{multiline:!0,maw:280,label:r?"Its members hold what it was granted. Only organization admins change it and its members.":"Being in it gives nothing yet. Whoever may manage groups can change it and its members.",children:o.jsx(t,{className:"badge",variant:"light",color:r?"iris":"gray",radius:"sm",tt:"none",tabIndex:0,children:r?"Holds permissions":"None"})})}export{G as A,l as C,f as D,d as G,D as H,h as R,$ as U,I as a,c as b,p as c,g as d,m as e};
