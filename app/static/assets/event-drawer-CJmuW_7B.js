import{j as e}from"./preload-helper-DGcySwpN.js";import{ap as v,aq as f,K as g,ar as I,Y as w,as as q,at as O,au as K,av as _,g as T,d as N,A as b,L as $,v as z,a8 as F,b0 as V,aa as B,b as C,G as H,ag as G,F as W,S as M,l as Q,ai as n}from"./index-BKlBIX0s.js";import{E as Y}from"./elsewhere-DxAhEdDk.js";import{U as j}from"./user-link-DFh151yK.js";import{K as Z,a as J,r as X}from"./words-BbHC54Ru.js";const[ee,A]=v("DataList component was not found in tree");var x={root:"m_f84d0407",item:"m_f848fe38",itemLabel:"m_c791b39c",itemValue:"m_c81ec619"};const D=f(t=>{const{classNames:a,className:s,style:r,styles:i,vars:o,children:d,mod:u,...m}=g("DataListItem",null,t),p=A(),h={classNames:a,styles:i};return e.jsx(I,{...p.getStyles("item",{...h,className:s,style:r}),mod:u,...m,children:d})});D.classes=x;D.displayName="@mantine/core/DataListItem";const E=f(t=>{const{classNames:a,className:s,style:r,styles:i,vars:o,children:d,mod:u,...m}=g("DataListItemLabel",null,t),p=A(),h={classNames:a,styles:i};return e.jsx(I,{component:"dt",...p.getStyles("itemLabel",{...h,className:s,style:r}),mod:u,...m,children:d})});E.classes=x;E.displayName="@mantine/core/DataListItemLabel";const L=f(t=>{const{classNames:a,className:s,style:r,styles:i,vars:o,children:d,mod:u,...m}=g("DataListItemValue",null,t),p=A(),h={classNames:a,styles:i};return e.jsx(I,{component:"dd",...p.getStyles("itemValue",{...h,className:s,style:r}),mod:u,...m,children:d})});L.classes=x;L.displayName="@mantine/core/DataListItemValue";const te={orientation:"horizontal"},S=q((t,{size:a,gap:s,labelWidth:r})=>({root:{"--data-list-fz":_(a),"--data-list-lh":K(a),"--data-list-gap":O(s),"--data-list-label-width":r!==void 0?typeof r=="number"?`${r}px`:r:void 0}})),c=f(t=>{const a=g("DataList",te,t),{classNames:s,className:r,style:i,styles:o,unstyled:d,vars:u,children:m,gap:p,orientation:h,withDivider:k,labelWidth:ne,mod:P,attributes:R,...U}=a,y=w({name:"DataList",classes:x,props:a,className:r,style:i,classNames:s,styles:o,unstyled:d,attributes:R,vars:u,varsResolver:S});return e.jsx(ee,{value:{getStyles:y},children:e.jsx(I,{...y("root"),component:"dl",mod:[{orientation:h,"with-divider":k},P],...U,children:m})})});c.classes=x;c.varsResolver=S;c.displayName="@mantine/core/DataList";c.Item=D;c.ItemLabel=E;c.ItemValue=L;const he=T`
    query AuditEvents($organizationId: ID!, $first: Int!, $after: String, $filter: AuditEventFilter, $direction: OrderDirection!) {
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
      action
      actionName
      outcome
      actorKind
      actor {
        id
        name
        isApplicationUser
      }
      targetKind
      targetId
      principalId
      targetUser {
        id
        name
        isApplicationUser
      }
      ip
      reason
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `,se=T`
    query AuditEvent($id: ID!) {
  node(id: $id) {
    ... on AuditEvent {
      id
      organizationId
      sequence
      eventTime
      action
      actionName
      outcome
      reason
      actorKind
      actorTokenId
      actor {
        id
        name
        isApplicationUser
      }
      actorToken {
        id
        tokenPrefix
      }
      ip
      userAgent
      requestId
      targetKind
      targetId
      principalId
      targetUser {
        id
        name
        isApplicationUser
      }
      changes {
        field
        before
        after
      }
      previousHash
      hash
    }
  }
}
    `,pe=T`
    query AuditExport($organizationId: ID!, $after: String, $filter: AuditEventFilter, $direction: OrderDirection!) {
  auditEvents(
    organizationId: $organizationId
    first: 100
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
      ip
      userAgent
      requestId
      targetKind
      targetId
      principalId
      changes {
        field
        before
        after
      }
      previousHash
      hash
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `;function ae({event:t}){if(t.actor)return e.jsx(j,{user:t.actor,isInText:!0});const a={OPERATOR:"The operator",SERVICE:"The service",USER:"Somebody unknown"};return e.jsx(N,{inherit:!0,children:a[t.actorKind]})}function re({event:t}){const{targetKind:a,targetUser:s}=t,r=a?Z[a]:"Something",i=ie(t),o=i?e.jsx(b,{component:$,href:i,underline:"always",inherit:!0,children:r}):r,d=a==="APPLICATION_USER"||a==="ORGANIZATION_USER";return s?d?e.jsx(j,{user:s,isInText:!0}):e.jsxs("span",{children:[o," · ",e.jsx(j,{user:s,isInText:!0})]}):o}function ie({targetKind:t,targetId:a,targetUser:s}){switch(t){case"TOKEN":return s?.isApplicationUser?`/application-users/${s.id}/tokens/${a}`:null;case"GROUP":return`/groups/${a}`;case"WEBHOOK_ENDPOINT":return`/webhooks/${a}`;case"LIMIT_REQUEST":return"/limits";default:return null}}function xe({id:t,onClose:a}){const s=z(se,{id:t}),r=s.data?.node,i=r?.__typename==="AuditEvent"?r:void 0,o=F(i);return e.jsxs(V,{opened:!0,onClose:a,position:"right",size:"lg",title:o?J(o):"Event",closeButtonProps:{"aria-label":"Close"},children:[s.error&&e.jsx(B,{error:s.error,retry:s.refetch}),s.isLoading&&e.jsx(C,{h:320}),s.data&&!o&&e.jsxs(N,{children:["There is no such event here.",e.jsx(Y,{thing:i})]}),o&&e.jsx(oe,{event:o})]})}function oe({event:t}){const a=[["Outcome",e.jsxs(H,{gap:"xs",children:[e.jsx(G,{state:t.outcome,children:t.outcome==="REFUSED"?"Refused":"Done"}),t.reason&&X(t.reason)]},"outcome")],["When",e.jsx(W,{value:t.eventTime,isExact:!0},"when")],["Who",e.jsx(ae,{event:t},"who")],["With the token",t.actorToken&&t.actor?.isApplicationUser?e.jsx(b,{component:$,href:`/application-users/${t.actor.id}/tokens/${t.actorToken.id}`,className:"mono",children:t.actorToken.tokenPrefix},"token"):t.actorToken?.tokenPrefix??t.actorTokenId],["About",e.jsx(re,{event:t},"about")],["Its id",e.jsx(l,{children:t.targetId},"id")],["From",t.ip&&e.jsx(l,{children:t.ip},"ip")],["Program",t.userAgent],["Request",t.requestId&&e.jsx(l,{children:t.requestId},"request")],["Action",e.jsx(l,{children:t.actionName},"action")],["Place in the trail",t.sequence.toLocaleString("en")],["Hash before",e.jsx(l,{children:t.previousHash},"before")],["Hash",e.jsx(l,{children:t.hash},"hash")]];return e.jsxs(M,{gap:"lg",children:[t.changes.length>0&&e.jsxs("div",{children:[e.jsx(Q,{order:3,size:"h5",mb:"xs",children:"What changed"}),e.jsxs(n,{withTableBorder:!0,className:"cards",children:[e.jsx(n.Thead,{children:e.jsxs(n.Tr,{children:[e.jsx(n.Th,{scope:"col",children:"Field"}),e.jsx(n.Th,{scope:"col",children:"Before"}),e.jsx(n.Th,{scope:"col",children:"After"})]})}),e.jsx(n.Tbody,{children:t.changes.map(s=>e.jsxs(n.Tr,{children:[e.jsx(n.Td,{children:s.field}),e.jsx(n.Td,{"data-title":"Before",children:e.jsx(l,{children:s.before??"–"})}),e.jsx(n.Td,{"data-title":"After",children:e.jsx(l,{children:s.after??"–"})})]},s.field))})]})]}),e.jsx(c,{orientation:"vertical",children:a.filter(([,s])=>s).map(([s,r])=>e.jsxs(c.Item,{children:[e.jsx(c.ItemLabel,{children:s}),e.jsx(c.ItemValue,{children:r})]},s))})]})}function l({children:t}){return e.jsx("span",{className:"mono",children:t})}export{pe as A,xe as E,re as T,he as a,ae as b};
