import{j as n}from"./preload-helper-DGcySwpN.js";import{d as t,C as a,D as d,g as e,a2 as p,a3 as u}from"./index-B-T3R6wk.js";function g({user:r,fw:o,isInText:i=!1}){if(!r)return n.jsx(t,{span:!0,inherit:!0,children:"the operator of the service"});const s=r.isApplicationUser?"application-users":"people";return n.jsx(a,{component:d,href:`/${s}/${r.id}`,inherit:!0,underline:i?"always":"hover",...o&&{fw:o},style:{overflowWrap:"anywhere"},children:r.name})}const l=e`
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
    `,I=e`
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
    `,f=e`
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
    `,h=e`
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
    `,$=e`
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
    `,G=e`
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
    `,D=e`
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
    `,b=e`
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
    `,C=e`
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
    `,v=e`
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
    `,y=e`
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
    `;function A({group:r}){const{holdsPermissions:o}=r;return n.jsx(p,{multiline:!0,maw:280,label:o?"Its members hold what it was granted. Only organization admins change it and its members.":"Being in it gives nothing yet. Whoever may manage groups can change it and its members.",children:n.jsx(u,{className:"badge",variant:"light",color:o?"iris":"gray",radius:"sm",tt:"none",tabIndex:0,children:o?"Holds permissions":"None"})})}export{v as A,D as C,C as D,l as G,A as H,y as R,g as U,G as a,b,$ as c,I as d,h as e,f};
