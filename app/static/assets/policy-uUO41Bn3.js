import{r as A,j as e}from"./preload-helper-DGcySwpN.js";import{g,f as I,m as O,v as S,s as v,M as R,S as c,aa as D,b as z,G as k,B as x,a5 as m,ah as N,a6 as b,ai as l,A as $,L as B,d as j,F as U,n as E,o as F,u as M,l as y,P as q}from"./index-BKlBIX0s.js";import{N as T}from"./NumberInput-MDZnYMWn.js";import{S as h,T as V}from"./TagsInput-C4h_UL6I.js";import{D as W}from"./duration-field-BFTcgGSn.js";import{L as P}from"./List-Cv6u1iEQ.js";import{I as Y}from"./IconCircleCheck-DH5s_i9j.js";import"./PillsInput-BRthTKzH.js";const C=g`
    fragment PolicyFields on OrganizationPolicy {
  allowedNetworks
  longestMaxAgeSeconds
  expiryRequired
  deactivateUnusedAfterDays
  revokeUnusedAfterDays
  updateTime
  updatedBy {
    name
  }
  viewerCanSet
}
    `,Q=g`
    query OrganizationPolicy($organizationId: ID!) {
  organizationPolicy(organizationId: $organizationId) {
    ...PolicyFields
  }
}
    ${C}`,_=g`
    query PreviewOrganizationPolicy($organizationId: ID!, $policy: OrganizationPolicyInput!) {
  previewOrganizationPolicy(organizationId: $organizationId, policy: $policy) {
    liveTokenCount
    blockedTokenCount
    blockCounts {
      reason
      tokenCount
    }
    deactivatedTokenCount
    revokedTokenCount
    blocksViewer
    viewerReasons
    blockedTokens(first: 10) {
      nodes {
        reasons
        token {
          id
          tokenPrefix
          description
          lastUsedTime
          lastIp
          lastUserAgentHumanReadable
          user {
            id
            name
          }
        }
      }
    }
  }
}
    `,G=g`
    mutation SetOrganizationPolicy($input: SetOrganizationPolicyInput!) {
  setOrganizationPolicy(input: $input) {
    ... on SetOrganizationPolicySuccess {
      policy {
        ...PolicyFields
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
    ... on PolicyLocksOutCallerError {
      reasons
      address
    }
  }
}
    ${C}`,f={EXPIRY_REQUIRED:"never expires",LIFETIME:"lives too long",NETWORK:"is used from elsewhere"};function H({policy:s,form:t,onClose:n}){const o=I(),[d,r]=O(G),a=S(_,{organizationId:o,policy:s}),i=a.data?.previewOrganizationPolicy,p=a.error?.graphQLErrors[0]?.extensions?.fields;A.useEffect(()=>{if(!Array.isArray(p))return;const u=a.error?.graphQLErrors[0]?.message??"";v({__typename:"InvalidInputError",message:u,fields:p},t),n()},[p]);async function L(){const u=await d({input:{organizationId:o,policy:s}});if(u){if(E(u))return n(),v(u,t);t.resetDirty(t.getValues()),n(),F.show({color:"teal",message:"The policy is in force."})}}return e.jsx(R,{opened:!0,onClose:n,title:"What this policy would do",size:"xl",children:e.jsxs(c,{children:[a.error&&e.jsx(D,{error:a.error,retry:a.refetch}),a.isLoading&&e.jsx(z,{h:180}),i&&e.jsx(K,{preview:i}),e.jsxs(k,{justify:"flex-end",children:[e.jsx(x,{variant:"default",onClick:n,children:"Back"}),e.jsx(x,{color:i?.blockedTokenCount?"red":"iris",loading:r,disabled:!i||i.blocksViewer,onClick:()=>{L()},"data-autofocus":!0,children:i?.blockedTokenCount?`Save, and refuse ${w(i.blockedTokenCount)}`:"Save the policy"})]})]})})}function K({preview:s}){const{blockedTokens:t,blockedTokenCount:n}=s;return e.jsxs(e.Fragment,{children:[s.blocksViewer&&e.jsxs(m,{color:"red",icon:e.jsx(N,{}),title:"This would lock you out",children:["Your own token ",s.viewerReasons.map(o=>f[o]).join(" and "),". Change the policy so that it complies, or sign in otherwise."]}),n===0?e.jsxs(m,{color:"teal",icon:e.jsx(Y,{}),children:["All of the ",w(s.liveTokenCount)," that work comply: none is refused."]}):e.jsx(m,{color:"yellow",icon:e.jsx(b,{}),title:`${w(n)} of ${s.liveTokenCount.toLocaleString("en")} would be refused at once`,children:e.jsx(P,{size:"sm",children:s.blockCounts.filter(o=>o.tokenCount>0).map(o=>e.jsxs(P.Item,{children:[o.tokenCount.toLocaleString("en"),": ",f[o.reason]]},o.reason))})}),s.deactivatedTokenCount+s.revokedTokenCount>0&&e.jsxs(m,{color:"yellow",icon:e.jsx(b,{}),children:["Of unused tokens, ",s.deactivatedTokenCount.toLocaleString("en")," would soon be deactivated and ",s.revokedTokenCount.toLocaleString("en")," revoked for good."]}),t.nodes.length>0&&e.jsxs(l,{className:"cards",children:[e.jsx(l.Caption,{children:n>t.nodes.length?`The ${t.nodes.length} that were used last`:"All of them, the latest used first"}),e.jsx(l.Thead,{children:e.jsxs(l.Tr,{children:[e.jsx(l.Th,{scope:"col",children:"Token"}),e.jsx(l.Th,{scope:"col",children:"Why"}),e.jsx(l.Th,{scope:"col",children:"Last used"})]})}),e.jsx(l.Tbody,{children:t.nodes.map(({token:o,reasons:d})=>e.jsxs(l.Tr,{children:[e.jsx(l.Td,{"data-title":"Token",children:e.jsxs("div",{children:[e.jsx($,{component:B,href:`/application-users/${o.user.id}/tokens/${o.id}`,children:o.user.name}),e.jsxs(j,{size:"sm",c:"dimmed",children:[e.jsx("span",{className:"mono",children:o.tokenPrefix})," ",o.description]})]})}),e.jsx(l.Td,{"data-title":"Why",children:d.map(r=>f[r]).join(", ")}),e.jsx(l.Td,{"data-title":"Last used",children:e.jsxs("div",{children:[e.jsx(U,{value:o.lastUsedTime}),e.jsx(j,{size:"sm",c:"dimmed",children:[o.lastIp,o.lastUserAgentHumanReadable].filter(Boolean).join(" · ")})]})})]},o.id))})]})]})}function w(s){return`${s.toLocaleString("en")} ${s===1?"token":"tokens"}`}const X=86400;function J(s){return{isBoundToNetworks:s.allowedNetworks!==null,allowedNetworks:s.allowedNetworks??[],isLifetimeBound:s.longestMaxAgeSeconds!==null,longestMaxAgeSeconds:s.longestMaxAgeSeconds??90*X,expiryRequired:s.expiryRequired,deactivatesUnused:s.deactivateUnusedAfterDays!==null,deactivateUnusedAfterDays:s.deactivateUnusedAfterDays??90,revokesUnused:s.revokeUnusedAfterDays!==null,revokeUnusedAfterDays:s.revokeUnusedAfterDays??365}}function Z(s){return{allowedNetworks:s.isBoundToNetworks?s.allowedNetworks:null,longestMaxAgeSeconds:s.isLifetimeBound?s.longestMaxAgeSeconds:null,expiryRequired:s.expiryRequired,deactivateUnusedAfterDays:s.deactivatesUnused?Number(s.deactivateUnusedAfterDays):null,revokeUnusedAfterDays:s.revokesUnused?Number(s.revokeUnusedAfterDays):null}}function ee({policy:s}){const[t,n]=A.useState(null),o=M({initialValues:J(s),validate:{allowedNetworks:(a,{isBoundToNetworks:i})=>i&&a.length===0?"Name at least one network.":null,longestMaxAgeSeconds:(a,{isLifetimeBound:i})=>i&&a===null?"Say how long.":null,deactivateUnusedAfterDays:(a,{deactivatesUnused:i})=>i&&a===""?"Say after how many days.":null,revokeUnusedAfterDays:(a,{revokesUnused:i})=>i&&a===""?"Say after how many days.":null}}),{values:d}=o,r=!s.viewerCanSet;return e.jsxs("form",{onSubmit:o.onSubmit(a=>n(Z(a))),noValidate:!0,children:[e.jsxs(c,{className:"surface",p:{base:"md",sm:"xl"},gap:"xl",children:[e.jsxs(c,{gap:"sm",children:[e.jsx(y,{order:2,size:"h4",children:"Lifetime"}),e.jsx(h,{label:"Tokens must expire",description:"Tokens that never expire are refused, and none can be generated.",disabled:r,...o.getInputProps("expiryRequired",{type:"checkbox"})}),e.jsx(h,{label:"Limit how long a token lives",description:"Counted from its creation, however often a use extends it.",disabled:r,...o.getInputProps("isLifetimeBound",{type:"checkbox"})}),d.isLifetimeBound&&e.jsx("div",{className:"rule",children:e.jsx(W,{label:"Longest lifetime",disabled:r,...o.getInputProps("longestMaxAgeSeconds")})})]}),e.jsxs(c,{gap:"sm",children:[e.jsx(y,{order:2,size:"h4",children:"Networks"}),e.jsx(h,{label:"Accept tokens from some networks only",description:"Beside what a token's own allowlist asks for.",disabled:r,...o.getInputProps("isBoundToNetworks",{type:"checkbox"})}),d.isBoundToNetworks&&e.jsx("div",{className:"rule",children:e.jsx(V,{label:"Allowed networks",description:"IPv4 or IPv6 addresses or networks, such as 192.0.2.0/24.",placeholder:d.allowedNetworks.length?"":"192.0.2.0/24",splitChars:[","," ",`
`],acceptValueOnBlur:!0,disabled:r,maw:560,...o.getInputProps("allowedNetworks")})})]}),e.jsxs(c,{gap:"sm",children:[e.jsx(y,{order:2,size:"h4",children:"Disuse"}),e.jsx(h,{label:"Deactivate tokens that nobody uses",description:"Whoever may manage application users can activate them again.",disabled:r,...o.getInputProps("deactivatesUnused",{type:"checkbox"})}),d.deactivatesUnused&&e.jsx("div",{className:"rule",children:e.jsx(T,{label:"Deactivate after",suffix:Number(d.deactivateUnusedAfterDays)===1?" day":" days",min:1,allowDecimal:!1,disabled:r,maw:200,...o.getInputProps("deactivateUnusedAfterDays")})}),e.jsx(h,{label:"Revoke tokens that nobody uses",description:"For good. Where both are on, a deactivated token is given the time between the two.",disabled:r,...o.getInputProps("revokesUnused",{type:"checkbox"})}),d.revokesUnused&&e.jsx("div",{className:"rule",children:e.jsx(T,{label:"Revoke after",suffix:Number(d.revokeUnusedAfterDays)===1?" day":" days",min:1,allowDecimal:!1,disabled:r,maw:200,...o.getInputProps("revokeUnusedAfterDays")})})]}),s.viewerCanSet&&e.jsxs(k,{justify:"space-between",className:"foot",children:[e.jsx(j,{size:"sm",c:"dimmed",children:"You see what it would do before anything changes."}),e.jsxs(k,{children:[e.jsx(x,{variant:"default",onClick:o.reset,disabled:!o.isDirty(),children:"Discard changes"}),e.jsx(x,{type:"submit",disabled:!o.isDirty(),children:"Review changes"})]})]})]}),t&&e.jsx(H,{policy:t,form:o,onClose:()=>n(null)})]})}function de(){const s=I(),t=S(Q,{organizationId:s}),n=t.data?.organizationPolicy;return e.jsxs(q,{title:"Policy",description:"What your organization asks of its application users' tokens. A token that does not comply is refused at once, and works again when the policy lets it.",children:[t.error&&e.jsx(D,{error:t.error,retry:t.refetch}),t.isLoading&&e.jsx(z,{h:520}),n&&e.jsxs(c,{children:[!n.viewerCanSet&&e.jsx(m,{color:"gray",icon:e.jsx(N,{}),children:"Organization admins can change the policy. You can read it."}),e.jsx(ee,{policy:n}),n.updateTime&&e.jsxs("p",{className:"note",children:["Set ",e.jsx(U,{value:n.updateTime}),n.updatedBy?` by ${n.updatedBy.name}`:" by the operator of the service","."]})]})]})}export{de as default};
