import{j as t}from"./preload-helper-DGcySwpN.js";import{an as R,ao as f,J as g,ap as j,X as q,aq as v,ar as O,as as _,at as K,g as T,C as y,D as A,d as b,t as z,a_ as V,a8 as C,e as F,G as H,ae as B,E as G,S as W,i as M,ag as o}from"./index-B-T3R6wk.js";import{K as J,a as Q,r as X}from"./words-BbHC54Ru.js";const[Z,D]=R("DataList component was not found in tree");var x={root:"m_f84d0407",item:"m_f848fe38",itemLabel:"m_c791b39c",itemValue:"m_c81ec619"};const E=f(e=>{const{classNames:a,className:s,style:r,styles:i,vars:l,children:c,mod:u,...h}=g("DataListItem",null,e),p=D(),m={classNames:a,styles:i};return t.jsx(j,{...p.getStyles("item",{...m,className:s,style:r}),mod:u,...h,children:c})});E.classes=x;E.displayName="@mantine/core/DataListItem";const L=f(e=>{const{classNames:a,className:s,style:r,styles:i,vars:l,children:c,mod:u,...h}=g("DataListItemLabel",null,e),p=D(),m={classNames:a,styles:i};return t.jsx(j,{component:"dt",...p.getStyles("itemLabel",{...m,className:s,style:r}),mod:u,...h,children:c})});L.classes=x;L.displayName="@mantine/core/DataListItemLabel";const $=f(e=>{const{classNames:a,className:s,style:r,styles:i,vars:l,children:c,mod:u,...h}=g("DataListItemValue",null,e),p=D(),m={classNames:a,styles:i};return t.jsx(j,{component:"dd",...p.getStyles("itemValue",{...m,className:s,style:r}),mod:u,...h,children:c})});$.classes=x;$.displayName="@mantine/core/DataListItemValue";const Y={orientation:"horizontal"},S=v((e,{size:a,gap:s,labelWidth:r})=>({root:{"--data-list-fz":K(a),"--data-list-lh":_(a),"--data-list-gap":O(s),"--data-list-label-width":r!==void 0?typeof r=="number"?`${r}px`:r:void 0}})),n=f(e=>{const a=g("DataList",Y,e),{classNames:s,className:r,style:i,styles:l,unstyled:c,vars:u,children:h,gap:p,orientation:m,withDivider:k,labelWidth:ie,mod:P,attributes:U,...w}=a,N=q({name:"DataList",classes:x,props:a,className:r,style:i,classNames:s,styles:l,unstyled:c,attributes:U,vars:u,varsResolver:S});return t.jsx(Z,{value:{getStyles:N},children:t.jsx(j,{...N("root"),component:"dl",mod:[{orientation:m,"with-divider":k},P],...w,children:h})})});n.classes=x;n.varsResolver=S;n.displayName="@mantine/core/DataList";n.Item=E;n.ItemLabel=L;n.ItemValue=$;const de=T`
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
    `,le=T`
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
    `;function I({user:e}){const a=e.isApplicationUser?"application-users":"people";return t.jsx(y,{component:A,href:`/${a}/${e.id}`,underline:"always",inherit:!0,style:{overflowWrap:"anywhere"},children:e.name})}function te({event:e}){if(e.actor)return t.jsx(I,{user:e.actor});const a={OPERATOR:"The operator",SERVICE:"The service",USER:"Somebody unknown"};return t.jsx(b,{inherit:!0,children:a[e.actorKind]})}function se({event:e}){const{targetKind:a,targetUser:s}=e,r=a?J[a]:"Something",i=ae(e),l=i?t.jsx(y,{component:A,href:i,underline:"always",inherit:!0,children:r}):r,c=a==="APPLICATION_USER"||a==="ORGANIZATION_USER";return s?c?t.jsx(I,{user:s}):t.jsxs("span",{children:[l," · ",t.jsx(I,{user:s})]}):l}function ae({targetKind:e,targetId:a,targetUser:s}){switch(e){case"TOKEN":return s?.isApplicationUser?`/application-users/${s.id}/tokens/${a}`:null;case"GROUP":return`/groups/${a}`;case"WEBHOOK_ENDPOINT":return`/webhooks/${a}`;case"LIMIT_REQUEST":return"/limits";default:return null}}function ue({id:e,onClose:a}){const s=z(ee,{id:e}),r=s.data?.node,i=r?.__typename==="AuditEvent"?r:void 0;return t.jsxs(V,{opened:!0,onClose:a,position:"right",size:"lg",title:i?Q(i):"Event",closeButtonProps:{"aria-label":"Close"},children:[s.error&&t.jsx(C,{error:s.error,retry:s.refetch}),s.isLoading&&t.jsx(F,{h:320}),s.data&&!i&&t.jsx(b,{children:"There is no such event here."}),i&&t.jsx(re,{event:i})]})}function re({event:e}){const a=[["Outcome",t.jsxs(H,{gap:"xs",children:[t.jsx(B,{state:e.outcome,children:e.outcome==="REFUSED"?"Refused":"Done"}),e.reason&&X(e.reason)]},"outcome")],["When",t.jsx(G,{value:e.eventTime,isExact:!0},"when")],["Who",t.jsx(te,{event:e},"who")],["With the token",e.actorToken&&e.actor?.isApplicationUser?t.jsx(y,{component:A,href:`/application-users/${e.actor.id}/tokens/${e.actorToken.id}`,className:"mono",children:e.actorToken.tokenPrefix},"token"):e.actorToken?.tokenPrefix??e.actorTokenId],["About",t.jsx(se,{event:e},"about")],["Its id",t.jsx(d,{children:e.targetId},"id")],["From",e.ip&&t.jsx(d,{children:e.ip},"ip")],["Program",e.userAgent],["Request",e.requestId&&t.jsx(d,{children:e.requestId},"request")],["Action",t.jsx(d,{children:e.actionName},"action")],["Place in the trail",e.sequence.toLocaleString("en")],["Hash before",t.jsx(d,{children:e.previousHash},"before")],["Hash",t.jsx(d,{children:e.hash},"hash")]];return t.jsxs(W,{gap:"lg",children:[e.changes.length>0&&t.jsxs("div",{children:[t.jsx(M,{order:3,size:"h5",mb:"xs",children:"What changed"}),t.jsxs(o,{withTableBorder:!0,children:[t.jsx(o.Thead,{children:t.jsxs(o.Tr,{children:[t.jsx(o.Th,{scope:"col",children:"Field"}),t.jsx(o.Th,{scope:"col",children:"Before"}),t.jsx(o.Th,{scope:"col",children:"After"})]})}),t.jsx(o.Tbody,{children:e.changes.map(s=>t.jsxs(o.Tr,{children:[t.jsx(o.Td,{children:s.field}),t.jsx(o.Td,{children:t.jsx(d,{children:s.before??"–"})}),t.jsx(o.Td,{children:t.jsx(d,{children:s.after??"–"})})]},s.field))})]})]}),t.jsx(n,{orientation:"vertical",children:a.filter(([,s])=>s).map(([s,r])=>t.jsxs(n.Item,{children:[t.jsx(n.ItemLabel,{children:s}),t.jsx(n.ItemValue,{children:r})]},s))})]})}function d({children:e}){return t.jsx("span",{className:"mono",children:e})}export{le as A,ue as E,se as T,I as U,de as a,te as b};
