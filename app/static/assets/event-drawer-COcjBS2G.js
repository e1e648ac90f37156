import{j as e}from"./preload-helper-DGcySwpN.js";import{an as q,ao as f,J as g,ap as I,X as v,aq as w,ar as O,as as _,at as K,g as T,d as N,A as $,L as b,t as z,a_ as V,a8 as F,b as B,G as C,ae as H,E as G,S as W,i as M,ag as o}from"./index-CbZt9yqa.js";import{U as j}from"./user-link-DdZjbx7Q.js";import{K as J,a as Q,r as X}from"./words-BbHC54Ru.js";const[Z,A]=q("DataList component was not found in tree");var x={root:"m_f84d0407",item:"m_f848fe38",itemLabel:"m_c791b39c",itemValue:"m_c81ec619"};const D=f(t=>{const{classNames:a,className:s,style:r,styles:i,vars:l,children:c,mod:u,...m}=g("DataListItem",null,t),p=A(),h={classNames:a,styles:i};return e.jsx(I,{...p.getStyles("item",{...h,className:s,style:r}),mod:u,...m,children:c})});D.classes=x;D.displayName="@mantine/core/DataListItem";const L=f(t=>{const{classNames:a,className:s,style:r,styles:i,vars:l,children:c,mod:u,...m}=g("DataListItemLabel",null,t),p=A(),h={classNames:a,styles:i};return e.jsx(I,{component:"dt",...p.getStyles("itemLabel",{...h,className:s,style:r}),mod:u,...m,children:c})});L.classes=x;L.displayName="@mantine/core/DataListItemLabel";const y=f(t=>{const{classNames:a,className:s,style:r,styles:i,vars:l,children:c,mod:u,...m}=g("DataListItemValue",null,t),p=A(),h={classNames:a,styles:i};return e.jsx(I,{component:"dd",...p.getStyles("itemValue",{...h,className:s,style:r}),mod:u,...m,children:c})});y.classes=x;y.displayName="@mantine/core/DataListItemValue";const Y={orientation:"horizontal"},S=w((t,{size:a,gap:s,labelWidth:r})=>({root:{"--data-list-fz":K(a),"--data-list-lh":_(a),"--data-list-gap":O(s),"--data-list-label-width":r!==void 0?typeof r=="number"?`${r}px`:r:void 0}})),n=f(t=>{const a=g("DataList",Y,t),{classNames:s,className:r,style:i,styles:l,unstyled:c,vars:u,children:m,gap:p,orientation:h,withDivider:k,labelWidth:ie,mod:P,attributes:R,...U}=a,E=v({name:"DataList",classes:x,props:a,className:r,style:i,classNames:s,styles:l,unstyled:c,attributes:R,vars:u,varsResolver:S});return e.jsx(Z,{value:{getStyles:E},children:e.jsx(I,{...E("root"),component:"dl",mod:[{orientation:h,"with-divider":k},P],...U,children:m})})});n.classes=x;n.varsResolver=S;n.displayName="@mantine/core/DataList";n.Item=D;n.ItemLabel=L;n.ItemValue=y;const le=T`
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
    `,ee=T`
    query AuditEvent($id: ID!) {
  node(id: $id) {
    ... on AuditEvent {
      id
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
    `,ue=T`
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
    `;function te({event:t}){if(t.actor)return e.jsx(j,{user:t.actor,isInText:!0});const a={OPERATOR:"The operator",SERVICE:"The service",USER:"Somebody unknown"};return e.jsx(N,{inherit:!0,children:a[t.actorKind]})}function se({event:t}){const{targetKind:a,targetUser:s}=t,r=a?J[a]:"Something",i=ae(t),l=i?e.jsx($,{component:b,href:i,underline:"always",inherit:!0,children:r}):r,c=a==="APPLICATION_USER"||a==="ORGANIZATION_USER";return s?c?e.jsx(j,{user:s,isInText:!0}):e.jsxs("span",{children:[l," · ",e.jsx(j,{user:s,isInText:!0})]}):l}function ae({targetKind:t,targetId:a,targetUser:s}){switch(t){case"TOKEN":return s?.isApplicationUser?`/application-users/${s.id}/tokens/${a}`:null;case"GROUP":return`/groups/${a}`;case"WEBHOOK_ENDPOINT":return`/webhooks/${a}`;case"LIMIT_REQUEST":return"/limits";default:return null}}function me({id:t,onClose:a}){const s=z(ee,{id:t}),r=s.data?.node,i=r?.__typename==="AuditEvent"?r:void 0;return e.jsxs(V,{opened:!0,onClose:a,position:"right",size:"lg",title:i?Q(i):"Event",closeButtonProps:{"aria-label":"Close"},children:[s.error&&e.jsx(F,{error:s.error,retry:s.refetch}),s.isLoading&&e.jsx(B,{h:320}),s.data&&!i&&e.jsx(N,{children:"There is no such event here."}),i&&e.jsx(re,{event:i})]})}function re({event:t}){const a=[["Outcome",e.jsxs(C,{gap:"xs",children:[e.jsx(H,{state:t.outcome,children:t.outcome==="REFUSED"?"Refused":"Done"}),t.reason&&X(t.reason)]},"outcome")],["When",e.jsx(G,{value:t.eventTime,isExact:!0},"when")],["Who",e.jsx(te,{event:t},"who")],["With the token",t.actorToken&&t.actor?.isApplicationUser?e.jsx($,{component:b,href:`/application-users/${t.actor.id}/tokens/${t.actorToken.id}`,className:"mono",children:t.actorToken.tokenPrefix},"token"):t.actorToken?.tokenPrefix??t.actorTokenId],["About",e.jsx(se,{event:t},"about")],["Its id",e.jsx(d,{children:t.targetId},"id")],["From",t.ip&&e.jsx(d,{children:t.ip},"ip")],["Program",t.userAgent],["Request",t.requestId&&e.jsx(d,{children:t.requestId},"request")],["Action",e.jsx(d,{children:t.actionName},"action")],["Place in the trail",t.sequence.toLocaleString("en")],["Hash before",e.jsx(d,{children:t.previousHash},"before")],["Hash",e.jsx(d,{children:t.hash},"hash")]];return e.jsxs(W,{gap:"lg",children:[t.changes.length>0&&e.jsxs("div",{children:[e.jsx(M,{order:3,size:"h5",mb:"xs",children:"What changed"}),e.jsxs(o,{withTableBorder:!0,className:"cards",children:[e.jsx(o.Thead,{children:e.jsxs(o.Tr,{children:[e.jsx(o.Th,{scope:"col",children:"Field"}),e.jsx(o.Th,{scope:"col",children:"Before"}),e.jsx(o.Th,{scope:"col",children:"After"})]})}),e.jsx(o.Tbody,{children:t.changes.map(s=>e.jsxs(o.Tr,{children:[e.jsx(o.Td,{children:s.field}),e.jsx(o.Td,{"data-title":"Before",children:e.jsx(d,{children:s.before??"–"})}),e.jsx(o.Td,{"data-title":"After",children:e.jsx(d,{children:s.after??"–"})})]},s.field))})]})]}),e.jsx(n,{orientation:"vertical",children:a.filter(([,s])=>s).map(([s,r])=>e.jsxs(n.Item,{children:[e.jsx(n.ItemLabel,{children:s}),e.jsx(n.ItemValue,{children:r})]},s))})]})}function d({children:t}){return e.jsx("span",{className:"mono",children:t})}export{ue as A,me as E,se as T,le as a,te as b};
