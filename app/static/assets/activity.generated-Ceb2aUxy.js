import{g as e}from"./index-BKlBIX0s.js";const i=e`
    query TokenActivitySummary($organizationId: ID!, $applicationUserId: ID!, $tokenId: ID, $since: DateTime!) {
  tokenActivitySummary(
    organizationId: $organizationId
    applicationUserId: $applicationUserId
    tokenId: $tokenId
    since: $since
  ) {
    useCount
    isComplete
    days {
      date
      useCount
    }
    sources(first: 25) {
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
    `,s=e`
    query RefusedUses($organizationId: ID!, $targetId: ID!, $first: Int!, $after: String) {
  auditEvents(
    organizationId: $organizationId
    first: $first
    after: $after
    filter: {targetId: $targetId, actions: [TOKEN_AUTHENTICATE, SUPERSEDED_TOKEN_AUTHENTICATE], outcome: REFUSED}
  ) {
    nodes {
      id
      eventTime
      reason
      ip
      userAgent
      targetId
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `,n=e`
    query AllowlistPreview($tokenId: ID!, $ipAllowlist: [String!]!) {
  allowlistPreview(tokenId: $tokenId, ipAllowlist: $ipAllowlist) {
    useCount
    cutOffUseCount
    unknownUseCount
    isComplete
    cutOffUses(first: 5) {
      nodes {
        date
        ip
        userAgentHumanReadable
        useCount
        lastUseTime
      }
    }
  }
}
    `;export{n as A,s as R,i as T};
