import{c as Q,F as j,a3 as ke,d as v,G as B,ag as ve,g as k,m as S,u as V,M as W,S as R,a as Z,B as I,n as A,s as C,o as z,aa as xe,b as ge,a5 as w,a6 as $,v as D,b9 as we,j as _,ar as ye,ba as ee,bb as Te,aj as je,f as Ie,aA as te}from"./index-BKlBIX0s.js";import{j as e,r as N}from"./preload-helper-DGcySwpN.js";import{a as ne}from"./copyable-BOWJ0lx7.js";import{S as Se,u as be}from"./SimpleGrid-DRPrHqxP.js";import{I as F}from"./IconCircleCheck-DH5s_i9j.js";import{d as G,D as oe}from"./duration-field-BFTcgGSn.js";import{u as se}from"./idempotency-key-Bmmw6ZIn.js";import{S as Re,T as Ae}from"./TagsInput-C4h_UL6I.js";import{L as X}from"./List-Cv6u1iEQ.js";import{A as Ce}from"./activity.generated-Ceb2aUxy.js";import{I as ie}from"./IconInfoCircle-CysNYXnD.js";import{M as Ee}from"./MultiSelect-ClyOPIks.js";const $e=[["path",{d:"M3 12a9 9 0 1 0 18 0a9 9 0 1 0 -18 0",key:"svg-0"}],["path",{d:"M5.7 5.7l12.6 12.6",key:"svg-1"}]],bt=Q("outline","ban","Ban",$e);const De=[["path",{d:"M20.986 12.502a9 9 0 1 0 -5.973 7.98",key:"svg-0"}],["path",{d:"M12 7v5l3 3",key:"svg-1"}],["path",{d:"M19 16v3",key:"svg-2"}],["path",{d:"M19 22v.01",key:"svg-3"}]],Ue=Q("outline","clock-exclamation","ClockExclamation",De),Pe=7*864e5;function H({token:t}){return e.jsxs("div",{children:[t.description&&e.jsx(v,{size:"sm",fw:550,lineClamp:3,style:{overflowWrap:"anywhere"},children:t.description}),e.jsx(v,{size:"sm",c:"dimmed",className:"mono",children:t.tokenPrefix})]})}function L({token:t}){const{lastUsedTime:n,lastIp:o,lastUserAgent:s,lastUserAgentHumanReadable:r}=t,a=[o,r].filter(Boolean);return e.jsxs("div",{children:[e.jsx(j,{value:n,empty:"Never used"}),a.length>0&&e.jsx(ke,{label:s,disabled:!s||s===r,multiline:!0,maw:420,children:e.jsx(v,{size:"sm",c:"dimmed",style:{overflowWrap:"anywhere"},children:a.join(" · ")})})]})}function Rt({token:t}){const{expiryTime:n,extendWhenUsed:o}=t;if(t.status==="REVOKED")return e.jsx(j,{value:null,empty:"–"});const s=t.status==="ACTIVE"&&t.overlapEndTime===null&&!o&&n!==null&&Date.parse(n)-Date.now()<Pe;return e.jsxs("div",{children:[s?e.jsxs(B,{gap:4,wrap:"nowrap",c:"var(--mantine-color-yellow-light-color)",fw:550,display:"inline-flex",children:[e.jsx(Ue,{size:16,"aria-label":"Soon:",role:"img"}),e.jsx(j,{value:n})]}):e.jsx(j,{value:n}),o&&e.jsx(v,{size:"sm",c:"dimmed",children:"Extends when used"})]})}function At({token:t}){return e.jsxs("div",{children:[e.jsx(j,{value:t.createTime}),e.jsxs(v,{size:"sm",c:"dimmed",lineClamp:1,style:{wordBreak:"break-all"},children:["by ",t.createdBy?.name??"the operator"]})]})}function Be(t){return t.status==="DEACTIVATED"&&(t.viewerCanActivate||t.user.state==="ACTIVE")}function ze(t){return t.status==="ACTIVE"&&t.supersedeTime!==null}function Ne({token:t}){const{state:n,title:o}=re(t);return e.jsx(ve,{state:n,children:o})}function Ct({token:t}){const{why:n}=re(t);return e.jsxs("div",{children:[e.jsx(Ne,{token:t}),n&&e.jsx(v,{size:"sm",c:"dimmed",mt:2,component:"div",children:n})]})}function re(t){const{status:n}=t;return n==="REVOKED"?{state:n,title:"Revoked",why:e.jsx(j,{value:t.revokeTime})}:n==="EXPIRED"&&t.supersedeTime!==null?{state:n,title:"Rotated",why:e.jsxs(e.Fragment,{children:["Ended ",e.jsx(j,{value:t.overlapEndTime})]})}:n==="EXPIRED"?{state:n,title:"Expired",why:e.jsx(j,{value:t.expiryTime})}:Be(t)?{state:n,title:"Deactivated",why:"Unused for too long"}:n==="DEACTIVATED"?{state:n,title:"Deactivated",why:"With its application user"}:t.blockedByPolicy?{state:"REFUSED",title:"Blocked",why:"By the policy"}:ze(t)?{state:"PENDING",title:"Rotated",why:e.jsxs(e.Fragment,{children:["Ends ",e.jsx(j,{value:t.overlapEndTime})]})}:{state:n,title:"Active"}}const ae=k`
    fragment TokenRow on Token {
  id
  tokenPrefix
  description
  status
  maxAgeSeconds
  extendWhenUsed
  createTime
  createdBy {
    name
  }
  expiryTime
  revokeTime
  revokedBy {
    name
  }
  supersedeTime
  overlapEndTime
  isCurrent
  lastUsedTime
  lastIp
  lastUserAgent
  lastUserAgentHumanReadable
  user {
    id
    name
    state
    isApplicationUser
  }
  blockedByPolicy
  usedSinceRotation
  viewerCanRevoke
  viewerCanRotate
  viewerCanActivate
}
    `,le=k`
    fragment CutOffFields on AccessPreview {
  liveTokenCount
  liveTokens(first: 5) {
    id
    tokenPrefix
    description
    lastUsedTime
    lastIp
    lastUserAgentHumanReadable
  }
}
    `,Et=k`
    query ApplicationUserTokens($applicationUserId: ID!, $first: Int!, $after: String, $filter: TokenFilter, $orderBy: TokenOrder) {
  applicationUser(id: $applicationUserId) {
    id
    name
    state
    tokens(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      nodes {
        ...TokenRow
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    ${ae}`,$t=k`
    query Token($tokenId: ID!) {
  token(id: $tokenId) {
    ...TokenRow
    organizationId
    familyId
    ipAllowlist
    scopes
    permissionCeiling
    predecessor {
      ...TokenRow
    }
    successor {
      ...TokenRow
    }
  }
  availableScopes {
    name
    description
  }
}
    ${ae}`,Oe=k`
    query GenerateTokenChoices($organizationId: ID!) {
  availableScopes {
    name
    description
  }
  organizationPolicy(organizationId: $organizationId) {
    allowedNetworks
    longestMaxAgeSeconds
    expiryRequired
    deactivateUnusedAfterDays
  }
}
    `,Fe=k`
    query TokensInUse($applicationUserId: ID!) {
  applicationUser(id: $applicationUserId) {
    id
    tokens(
      first: 20
      filter: {statuses: [ACTIVE], neverUsed: false}
      orderBy: {field: LAST_USED_TIME, direction: DESC}
    ) {
      nodes {
        id
        tokenPrefix
        description
      }
    }
  }
}
    `,Le=k`
    query RevocationPreview($tokenIds: [ID!]!) {
  revocationPreview(tokenIds: $tokenIds) {
    ...CutOffFields
  }
}
    ${le}`,Me=k`
    query RevokeAllTokensPreview($applicationUserId: ID!) {
  deletionPreview(applicationUserId: $applicationUserId) {
    ...CutOffFields
  }
}
    ${le}`,Ve=k`
    mutation GenerateToken($input: GenerateTokenInput!) {
  generateToken(input: $input) {
    ... on GenerateTokenSuccess {
      fullToken
      token {
        id
        tokenPrefix
      }
    }
    ... on GenerateTokenReplayed {
      token {
        id
        tokenPrefix
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
    `,We=k`
    mutation RotateToken($input: RotateTokenInput!) {
  rotateToken(input: $input) {
    ... on RotateTokenSuccess {
      fullToken
      token {
        id
        tokenPrefix
      }
    }
    ... on RotateTokenReplayed {
      token {
        id
        tokenPrefix
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
    ... on AlreadyRotatedError {
      successor {
        id
        tokenPrefix
      }
    }
  }
}
    `,_e=k`
    mutation UpdateToken($input: UpdateTokenInput!) {
  updateToken(input: $input) {
    ... on UpdateTokenSuccess {
      token {
        id
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
    `,Ge=k`
    mutation ActivateToken($input: ActivateTokenInput!) {
  activateToken(input: $input) {
    ... on ActivateTokenSuccess {
      token {
        id
        status
      }
    }
    ... on Error {
      message
    }
  }
}
    `,ce=k`
    mutation RevokeToken($input: RevokeTokenInput!) {
  revokeToken(input: $input) {
    ... on RevokeTokenSuccess {
      token {
        id
      }
    }
    ... on Error {
      message
    }
  }
}
    `,He=k`
    mutation RevokeTokens($input: RevokeTokensInput!) {
  revokeTokens(input: $input) {
    ... on RevokeTokensSuccess {
      revokedTokenCount
    }
    ... on Error {
      message
    }
  }
}
    `,qe=k`
    mutation RevokeAllTokens($input: RevokeAllTokensInput!) {
  revokeAllTokens(input: $input) {
    ... on RevokeAllTokensSuccess {
      revokedTokenCount
    }
    ... on Error {
      message
    }
  }
}
    `;function Ke({token:t,onClose:n}){const[o,s]=S(_e),r=V({mode:"uncontrolled",initialValues:{description:t.description??""}});async function a({description:l}){const i={tokenId:t.id,description:l.trim()||null},u=await o({input:i});if(u){if(A(u))return C(u,r);n(),z.show({color:"teal",message:"The description was saved."})}}return e.jsx(W,{opened:!0,onClose:n,title:"Edit description",children:e.jsx("form",{onSubmit:r.onSubmit(l=>{a(l)}),noValidate:!0,children:e.jsxs(R,{children:[e.jsx(Z,{label:"Description",description:"What the token is for, and where it is kept. Nothing else about it can change.",autosize:!0,minRows:2,maxRows:8,"data-autofocus":!0,...r.getInputProps("description")},r.key("description")),e.jsxs(B,{justify:"flex-end",children:[e.jsx(I,{variant:"default",onClick:n,children:"Cancel"}),e.jsx(I,{type:"submit",loading:s,children:"Save"})]})]})})})}function ue({reading:t,preview:n,isOne:o=!1}){if(t.error)return e.jsx(xe,{error:t.error,retry:t.refetch});if(t.isLoading)return e.jsx(ge,{h:96});if(!n)return e.jsx(w,{color:"gray",children:"There is nothing left to revoke."});const{liveTokenCount:s,liveTokens:r}=n;if(s===0)return e.jsxs(w,{color:"gray",icon:e.jsx(F,{}),children:[o?"It does not work at the moment":"None of them works at the moment",": nobody is cut off."]});const a=r.every(i=>i.lastUsedTime===null),l=s-r.length;return e.jsx(w,{color:a?"gray":"yellow",icon:a?e.jsx(F,{}):e.jsx($,{}),title:o?a?"Nobody has used it yet":"Whoever uses it is cut off at once. It was used last:":`${s.toLocaleString("en")} ${s===1?"token works":"tokens work"}, and would be refused at once`,children:e.jsxs(R,{gap:"sm",children:[r.map(i=>o?!a&&e.jsx(L,{token:{...i,lastUserAgent:null}},i.id):e.jsxs(Se,{cols:{base:1,xs:2},spacing:"md",verticalSpacing:0,children:[e.jsx(H,{token:i}),e.jsx(L,{token:{...i,lastUserAgent:null}})]},i.id)),l>0&&e.jsxs(v,{size:"sm",children:["And ",l.toLocaleString("en")," more."]})]})})}function Ye(t){const{tokens:n,onClose:o,onDone:s}=t,r=n.map(g=>g.id),a=D(Le,{tokenIds:r}),[l,i]=S(ce),[u,d]=S(He),[m]=n,c=n.length===1,p=n.length.toLocaleString("en");async function T(){const g=c?await l({input:{tokenId:m.id}}):await u({input:{tokenIds:r}});if(!g)return;if(o(),A(g))return C(g);s?.();const f=c?"The token was revoked.":`${p} tokens were revoked.`;z.show({color:"teal",message:f})}return e.jsxs(ne,{title:t.title??(c?"Revoke token":`Revoke ${p} tokens`),action:t.action??(c?"Revoke token":`Revoke ${p} tokens`),isBusy:i||d,isDisabled:!a.data,onConfirm:()=>{T()},onClose:o,children:[c&&e.jsx(H,{token:m}),e.jsxs(v,{size:"sm",children:[c?"It is refused from now on, for good.":"They are refused from now on, for good."," ","This cannot be undone."]}),n.some(g=>g.isCurrent)&&e.jsxs(w,{color:"red",icon:e.jsx(we,{}),children:["You are signed in with ",c?"this token":"one of them",": you will be signed out."]}),e.jsx(ue,{reading:a,preview:a.data?.revocationPreview,isOne:c})]})}function Dt({applicationUserId:t,name:n,onClose:o}){const s=D(Me,{applicationUserId:t}),[r,a]=S(qe);async function l(){const i=await r({input:{applicationUserId:t}});if(!i)return;if(o(),A(i))return C(i);const{revokedTokenCount:u}=i,d=u===0?"There was no token to revoke.":`${u.toLocaleString("en")} ${u===1?"token was":"tokens were"} revoked.`;z.show({color:"teal",message:d})}return e.jsxs(ne,{title:"Revoke all tokens",action:"Revoke all tokens",typed:n,isBusy:a,isDisabled:!s.data,onConfirm:()=>{l()},onClose:o,children:[e.jsx(v,{size:"sm",children:"Every token of this application user ends for good, deactivated ones too. The application user stays, and can be given new ones. This cannot be undone."}),e.jsx(ue,{reading:s,preview:s.data?.deletionPreview})]})}const de=3600,E=24*de,me=[[de,"1 hour"],[E,"1 day"],[30*E,"30 days"],[90*E,"90 days"],[365*E,"1 year"]],Xe=90*E,Je=600,Qe=3650*E;function M(t,n){const o=n?.longestMaxAgeSeconds??null;return t===null?o===null&&n?.expiryRequired!==!0:o===null||t<=o}function q({lifetime:t,customSeconds:n},o){if(t)return{lifetime:t,customSeconds:n};const s=me.filter(([r])=>r<=Xe&&M(r,o)).at(-1);return s?{lifetime:String(s[0]),customSeconds:n}:{lifetime:"custom",customSeconds:n??o?.longestMaxAgeSeconds??null}}function K({lifetime:t,customSeconds:n}){return t==="never"?null:t==="custom"?n??void 0:Number(t)}function Ze(t,n){const o=K(q(t,n));if(o===null)return null;if(o===void 0)return"Say how long.";if(o<Je)return"10 minutes at the least.";if(o>Qe)return"10 years at the most.";const s=n?.longestMaxAgeSeconds;return s&&o>s?`Your organization’s policy allows ${G(s)} at the most.`:null}function et({form:t,policy:n}){const o=q(t.values,n),s=K(o),r=o.lifetime==="custom",{error:a,...l}=t.getInputProps("customSeconds"),i=t.errors.lifetime,u=[...me.map(([d,m])=>({value:String(d),label:m,disabled:!M(d,n)})),{value:"custom",label:"Custom…"},{value:"never",label:"Never expires",disabled:!M(null,n)}];return e.jsxs(R,{gap:"xs",children:[e.jsx(_,{label:"Session duration",description:nt(n),data:u,allowDeselect:!1,value:o.lifetime,error:r?void 0:i,onChange:d=>t.setValues({lifetime:d??"",customSeconds:o.customSeconds}),inputContainer:d=>e.jsx(ye,{maw:320,children:d}),maxDropdownHeight:320}),r&&e.jsx(oe,{label:"Lifetime",description:"From 10 minutes to 10 years.",...l,value:o.customSeconds,error:a??i}),s===null?e.jsx(w,{color:"yellow",icon:e.jsx($,{}),title:"Works until somebody revokes it",children:"If it leaks, it goes on working. Prefer a duration with “Extend when used”, which ends when nobody needs the token any more."}):e.jsxs(e.Fragment,{children:[e.jsx(Re,{label:"Extend when used",description:"Each use moves the expiry: the token lives on as long as it is used.",...t.getInputProps("extendWhenUsed",{type:"checkbox"})}),e.jsx(v,{size:"sm",c:"dimmed","aria-live":"polite",children:s!==void 0&&tt(s,t.values.extendWhenUsed)})]})]})}function tt(t,n){if(n)return`Ends when it was not used for ${G(t)}.`;const o=new Date(Math.floor(Date.now()/6e4)*6e4+t*1e3);return Number.isNaN(o.getTime())?"":`Ends ${ee(o.toISOString())}.`}function nt(t){if(!t)return;const{longestMaxAgeSeconds:n,expiryRequired:o,deactivateUnusedAfterDays:s}=t,r=[n!==null&&`tokens live ${G(n)} at the most`,n===null&&o&&"tokens must expire",s!==null&&`a token that is unused for ${s} ${s===1?"day":"days"} is deactivated`].filter(Boolean);return r.length>0?`Your organization’s policy: ${r.join("; ")}.`:void 0}function pe({made:t,verb:n="generated"}){return e.jsx(w,{color:"yellow",icon:e.jsx($,{}),title:"An earlier try worked, but its answer was lost",role:"alert",children:t==="unknown"?"It made a token with the settings that stood here then. It is the newest in the list: revoke it, since nobody can see its text any more.":e.jsxs(e.Fragment,{children:["The token ",e.jsx("span",{className:"mono",children:t.tokenPrefix})," was ",n,". Its text cannot be shown again."]})})}function ot({tokenId:t,networks:n}){const[o]=be(n,300),{data:s,error:r}=D(Ce,{tokenId:t,ipAllowlist:o},{pause:o.length===0});if(n.length===0)return null;if(r)return e.jsx(w,{color:"gray",icon:e.jsx(ie,{}),children:"What this would cut off shows once all of them are networks."});const a=s?.allowlistPreview;return a?e.jsx("div",{role:"status",children:e.jsx(st,{preview:a})}):null}function st({preview:t}){const{useCount:n,cutOffUseCount:o,unknownUseCount:s,cutOffUses:r,isComplete:a}=t,l=a?"uses on record":"latest uses on record";return n===0?e.jsx(w,{color:"gray",icon:e.jsx(ie,{}),children:"No uses are on record: nobody can tell what this would cut off."}):o===0?e.jsxs(w,{color:"teal",icon:e.jsx(F,{}),children:["This would have let in ",s?"what is known of":"all of"," the"," ",n.toLocaleString("en")," ",l,"."]}):e.jsx(w,{color:"yellow",icon:e.jsx($,{}),title:`This would have cut off ${o.toLocaleString("en")} of ${n.toLocaleString("en")} ${l}`,children:e.jsx(X,{size:"sm",children:r.nodes.map(i=>e.jsxs(X.Item,{children:[e.jsx(v,{span:!0,inherit:!0,className:"mono",children:i.ip??"Unknown address"})," ",i.userAgentHumanReadable,", ",i.useCount.toLocaleString("en")," ",i.useCount===1?"use":"uses",", ",Te(i.lastUseTime)]},`${i.date} ${i.ip} ${i.userAgentHumanReadable}`))})})}const it=/[\s,;]+/;function rt({form:t,policy:n,applicationUserId:o}){const{networks:s}=t.values,r=s.length>0,l=D(Fe,{applicationUserId:o},{pause:!r}).data?.applicationUser?.tokens.nodes??[],[i,u]=N.useState(null),d=l.find(c=>c.id===i)??l[0],m=n?.allowedNetworks;return e.jsxs(R,{gap:"xs",children:[e.jsx(Ae,{label:"Allowed networks",description:e.jsxs(e.Fragment,{children:["Where it is accepted from, such as 192.0.2.0/24 or 2001:db8::/32.",m?` Without any, wherever your organization’s policy allows: ${at(m)}.`:" Without any, anywhere."]}),placeholder:r?"":m?"Wherever the policy allows":"Anywhere",splitChars:[","," ",";",`
`],acceptValueOnBlur:!0,...t.getInputProps("networks"),onChange:c=>t.setFieldValue("networks",c.flatMap(p=>p.split(it)).filter(Boolean))}),r&&d&&e.jsxs(R,{gap:"xs",children:[l.length>1&&e.jsx(_,{label:"Compare with the uses of",data:l.map(c=>({value:c.id,label:[c.description,c.tokenPrefix].filter(Boolean).join(" · ")})),value:d.id,onChange:u,allowDeselect:!1}),e.jsx(ot,{tokenId:d.id,networks:s})]})]})}function at(t){const n=t.slice(0,3).join(", ");return t.length>3?`${n} and ${t.length-3} more`:n}function lt({form:t,scopes:n}){const o=new Map(n.map(s=>[s.name,s.description]));return e.jsx(Ee,{label:"Scopes",description:"What the token may be used for, of what its user may do. Without any, everything.",placeholder:t.values.scopes.length>0?"":"Everything its user may do",data:n.map(s=>s.name),searchable:!0,clearable:!0,clearButtonProps:{"aria-label":"Remove all scopes"},nothingFoundMessage:"No scope has this name",withScrollArea:!1,styles:{options:{maxHeight:260,overflowY:"auto"}},renderOption:({option:s})=>e.jsxs("div",{children:[e.jsx("span",{className:"mono",children:s.value}),e.jsx(v,{size:"xs",c:"dimmed",children:o.get(s.value)})]}),...t.getInputProps("scopes")})}const ct={description:"",lifetime:"",customSeconds:null,extendWhenUsed:!1,networks:[],scopes:[]},ut={maxAgeSeconds:"lifetime",ipAllowlist:"networks"};function Ut({applicationUserId:t,isOpen:n,onClose:o,onLeft:s}){const r=Ie(),a=D(Oe,{organizationId:r},{pause:!n}),[l,i]=S(Ve),[u,d]=S(ce),[m,c]=se(),[p,T]=N.useState(null),g=te(),f=a.data?.organizationPolicy,x=V({initialValues:ct,validate:{customSeconds:(h,O)=>Ze(O,f)}});async function U(h,O=m){const Y=K(q(h,f))??null,b=await l({input:{applicationUserId:t,description:h.description.trim()||null,maxAgeSeconds:Y,extendWhenUsed:h.extendWhenUsed&&Y!==null,ipAllowlist:h.networks.length>0?h.networks:null,scopes:h.scopes.length>0?h.scopes:null,idempotencyKey:O}});if(b){if(b.__typename==="GenerateTokenReplayed")return T(b.token);if(b.__typename==="IdempotencyConflictError")return T("unknown");if(A(b))return C(b,x,ut);x.reset(),T(null),c(),o(),g({title:"Token generated",noun:"token",text:b.fullToken,hint:e.jsx(he,{}),onClose:s})}}async function y(){if(p&&p!=="unknown"){const h=await u({input:{tokenId:p.id}});if(!h)return;A(h)&&C(h)}T(null),await U(x.getValues(),c())}function P(){o(),s()}return e.jsx(W,{opened:n,onClose:P,title:"Generate token",size:"lg",returnFocus:!1,children:e.jsx("form",{onSubmit:x.onSubmit(h=>{U(h)}),noValidate:!0,children:e.jsxs(R,{children:[e.jsx(Z,{label:"Description",description:"What the token is for, and where it is kept.",autosize:!0,minRows:1,maxRows:6,"data-autofocus":!0,...x.getInputProps("description")}),e.jsx(et,{form:x,policy:f}),e.jsx(rt,{form:x,policy:f,applicationUserId:t}),e.jsx(lt,{form:x,scopes:a.data?.availableScopes??[]}),p&&e.jsx(pe,{made:p}),e.jsxs(B,{justify:"flex-end",children:[e.jsx(I,{variant:"default",onClick:P,children:"Cancel"}),p?e.jsx(I,{loading:i||d,onClick:()=>{y()},children:p==="unknown"?"Generate another":"Revoke it and generate another"}):e.jsx(I,{type:"submit",loading:i,children:"Generate token"})]})]})})})}function he(){return e.jsxs(e.Fragment,{children:["Programs send it in a header, ",e.jsx(je,{children:"Authorization: Bearer …"}),". Keep it in a secret store or an environment variable, never in code."]})}const dt=[{value:"0",label:"None: the old token ends at once"},{value:"3600",label:"1 hour"},{value:"86400",label:"1 day"},{value:"604800",label:"1 week"},{value:"custom",label:"Custom…"}];function mt({token:t,onClose:n,from:o}){const[s,r]=S(We),[a,l]=se(),[i,u]=N.useState(null),d=te(),m=V({initialValues:{overlap:"86400",overlapSeconds:2*86400},validate:{overlapSeconds:(f,{overlap:x})=>x==="custom"&&f===null?"Say how long.":null}}),{values:c}=m,p=J(c);async function T(f,x,U){const y=await s({input:{tokenId:f,overlapSeconds:x,idempotencyKey:U}});if(y){if(y.__typename==="RotateTokenReplayed")return u(y.token);if(y.__typename==="IdempotencyConflictError"){const P={tokenId:f,overlapSeconds:x,idempotencyKey:l()},h=await s({input:P});h?.__typename==="AlreadyRotatedError"&&u(h.successor);return}if(y.__typename==="AlreadyRotatedError"&&n(),A(y))return C(y,m);n(),d({title:"Token rotated",noun:"new token",text:y.fullToken,hint:e.jsxs(e.Fragment,{children:["Put it where the old one is. ",e.jsx(he,{})," The page of the old token shows whether somebody still uses it."]}),onClose:()=>fe(o)})}}function g(f){T(f.id,0,l())}return e.jsx(W,{opened:!0,onClose:n,title:"Rotate token",size:"lg",returnFocus:!1,children:e.jsx("form",{onSubmit:m.onSubmit(f=>{T(t.id,J(f)??0,a)}),noValidate:!0,children:e.jsxs(R,{children:[e.jsx(H,{token:t}),e.jsx(v,{size:"sm",children:"It gets a successor with the same settings and a life of its own. Both work during the overlap, so that you can change over without an interruption."}),e.jsx(_,{label:"Overlap",description:"How long the old token works beside the new one.",data:dt,allowDeselect:!1,"data-autofocus":!0,...m.getInputProps("overlap"),...c.overlap!=="custom"&&{error:m.errors.overlapSeconds}}),c.overlap==="custom"&&e.jsx(oe,{label:"Custom overlap",description:"A week at the most.",...m.getInputProps("overlapSeconds")}),p===0?e.jsx(w,{color:t.lastUsedTime?"yellow":"gray",icon:e.jsx($,{}),title:"Whoever uses the old token is cut off at once",children:e.jsx(L,{token:t})}):e.jsx(v,{size:"sm",c:"dimmed","aria-live":"polite",children:p!==null&&`The old token works until ${pt(t,p)}.`}),i&&e.jsx(pe,{made:i,verb:"made its successor"}),e.jsxs(B,{justify:"flex-end",children:[e.jsx(I,{variant:"default",onClick:n,children:"Cancel"}),i?e.jsx(I,{loading:r,onClick:()=>g(i),children:"Replace the successor"}):e.jsx(I,{type:"submit",loading:r,children:"Rotate token"})]})]})})})}function J({overlap:t,overlapSeconds:n}){return t==="custom"?n:Number(t)}function pt(t,n){const o=Math.floor(Date.now()/6e4)*6e4+n*1e3,s=t.expiryTime?Date.parse(t.expiryTime):1/0;return ee(new Date(Math.min(o,s)).toISOString())}function Pt(){const[t,n]=N.useState(null),[o]=S(Ge);function s(){n(null),fe(t?.from)}async function r(l){const i=await o({input:{tokenId:l.id}});if(!i)return;if(A(i))return C(i);const u=i.token.status==="ACTIVE"?"The token works again.":"The token is no longer unused; it works when its application user is active.";z.show({color:"teal",message:u})}const a=t&&{token:t.token,onClose:s};return{begin:(l,i,u)=>n({act:l,token:i,from:u}),activate:l=>{r(l)},dialog:a&&e.jsxs(e.Fragment,{children:[t.act==="describe"&&e.jsx(Ke,{...a}),t.act==="rotate"&&e.jsx(mt,{...a,from:t.from}),t.act==="revoke"&&e.jsx(Ye,{tokens:[t.token],onClose:s})]})}}function fe(t){setTimeout(()=>t?.isConnected&&t.focus(),20)}export{Et as A,At as C,Rt as E,Ut as G,bt as I,L,Ye as R,H as T,Ct as a,Be as b,$t as c,Ne as d,Dt as e,fe as f,ze as i,Pt as u};
