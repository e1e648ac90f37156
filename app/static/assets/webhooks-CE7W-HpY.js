import{r as I,j as t}from"./preload-helper-DGcySwpN.js";import{u as w,S as g,T as S,a as v,G as j,B as b,g as s,f as E,m as C,i as A,aA as T,M as $,n as O,s as D,p as P,r as N,t as R,v as z,w as U,x as _,P as K,z as F,N as M,aK as B,E as G,ag as k,A as L,L as q,d as V,F as H}from"./index-BKlBIX0s.js";import{A as J}from"./words-BbHC54Ru.js";import{M as Q}from"./MultiSelect-ClyOPIks.js";import{R as p}from"./Radio-CVYBf3V6.js";const x={...J,TOKEN_AUTHENTICATE:"Used a token, and was refused"},W=[["Application users",["APPLICATION_USER_"]],["Tokens",["TOKEN_","FOUND_TOKEN_","SUPERSEDED_TOKEN_"]],["People",["USER_"]],["Groups",["GROUP_"]],["Permissions",["PERMISSION_","ACCESS_"]],["Organization",[""]]],X=W.map(([e])=>({group:e,items:Object.entries(x).filter(([o])=>Y(o)===e).map(([o,n])=>({value:o,label:n}))}));function Y(e){return W.find(([,o])=>o.some(n=>e.startsWith(n)))?.[0]}function me(e,o){return e?x[e]:o}function Z(e){return e===null?"All actions":e.length===1?"1 action":`${e.length} actions`}function ee(e){try{return new URL(e).host}catch{return"Webhook"}}function te(e){return w({initialValues:e,validate:{url:o=>o.trim()?null:"Say where events are sent.",actions:(o,{toldOf:n})=>n==="some"&&o.length===0?"Choose at least one action.":null}})}function oe({url:e,description:o,toldOf:n,actions:i}){return{url:e.trim(),description:o||null,actions:n==="all"?null:i}}function ne({form:e,action:o,isBusy:n,onSubmit:i,onClose:d}){const[l,a]=I.useState("");return t.jsx("form",{onSubmit:e.onSubmit(i),noValidate:!0,children:t.jsxs(g,{children:[t.jsx(S,{label:"Address",description:"An https:// address. It has to be public, unless the operator of this service allowed others.",placeholder:"https://hooks.example.com/events",withAsterisk:!0,type:"url","data-autofocus":!0,autoComplete:"off",spellCheck:!1,...e.getInputProps("url")}),t.jsx(v,{label:"Description",description:"What listens there, and whom to ask about it.",autosize:!0,minRows:2,maxRows:8,...e.getInputProps("description")}),t.jsx(p.Group,{label:"Events",...e.getInputProps("toldOf"),children:t.jsxs(g,{gap:"sm",mt:"xs",children:[t.jsx(p,{value:"all",label:"All actions",description:"Those of later releases, too."}),t.jsx(p,{value:"some",label:"Chosen actions"})]})}),e.values.toldOf==="some"&&t.jsx(Q,{label:"Actions",description:"Type to find one.",data:X,searchable:!0,searchValue:l,onSearchChange:a,clearable:!0,hidePickedOptions:!0,nothingFoundMessage:"No action is called so",maxDropdownHeight:260,clearButtonProps:{"aria-label":"Clear the actions"},...e.getInputProps("actions")}),t.jsxs(j,{justify:"flex-end",children:[t.jsx(b,{variant:"default",onClick:d,children:"Cancel"}),t.jsx(b,{type:"submit",loading:n,children:o})]})]})})}const m=s`
    fragment WebhookFields on WebhookEndpoint {
  id
  url
  description
  actions
  isActive
  createTime
}
    `,se=s`
    query Webhooks($organizationId: ID!, $first: Int!, $after: String) {
  webhookEndpoints(organizationId: $organizationId, first: $first, after: $after) {
    nodes {
      ...WebhookFields
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    ${m}`,fe=s`
    query Webhook($id: ID!) {
  webhookEndpoint(id: $id) {
    organizationId
    ...WebhookFields
    previousKeyEndTime
    viewerCanUpdate
    createdBy {
      id
      name
      isApplicationUser
    }
  }
}
    ${m}`,be=s`
    query Deliveries($id: ID!, $first: Int!, $after: String) {
  webhookEndpoint(id: $id) {
    id
    deliveries(first: $first, after: $after) {
      nodes {
        eventId
        action
        actionName
        eventTime
        state
        attemptCount
        nextAttemptTime
        deliverTime
        lastStatus
        lastError
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `,ie=s`
    mutation CreateWebhookEndpoint($input: CreateWebhookEndpointInput!) {
  createWebhookEndpoint(input: $input) {
    ... on CreateWebhookEndpointSuccess {
      webhookEndpoint {
        id
      }
      signingKey
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
    `,ke=s`
    mutation UpdateWebhookEndpoint($input: UpdateWebhookEndpointInput!) {
  updateWebhookEndpoint(input: $input) {
    ... on UpdateWebhookEndpointSuccess {
      webhookEndpoint {
        ...WebhookFields
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
    ${m}`,Ee=s`
    mutation RotateWebhookSigningKey($input: RotateWebhookSigningKeyInput!) {
  rotateWebhookSigningKey(input: $input) {
    ... on RotateWebhookSigningKeySuccess {
      webhookEndpoint {
        id
      }
      signingKey
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
    `,xe=s`
    mutation DeleteWebhookEndpoint($input: DeleteWebhookEndpointInput!) {
  deleteWebhookEndpoint(input: $input) {
    ... on DeleteWebhookEndpointSuccess {
      webhookEndpointId
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
    `;function ae({isOpen:e,onClose:o}){const n=E(),[i,d]=C(ie),[,l]=A(),a=T(),r=te({url:"",description:"",toldOf:"all",actions:[]});async function h(c){const f=oe(c),u=await i({input:{organizationId:n,...f}});if(u){if(O(u))return D(u,r);r.reset(),o(),l(`/webhooks/${u.webhookEndpoint.id}`),a({title:`Signing key for ${ee(f.url)}`,noun:"signing key",text:u.signingKey,hint:"Give it to the receiver as the secret of a Standard Webhooks library: with it, it tells our events from forged ones."})}}return t.jsx($,{opened:e,onClose:o,title:"Create webhook",size:"lg",keepMounted:!1,children:t.jsx(ne,{form:r,action:"Create",isBusy:d,onSubmit:c=>{h(c)},onClose:o})})}const re=25,de=[{key:"address",title:"Address",width:"48%",render:e=>t.jsxs("div",{style:{minWidth:0},children:[t.jsx(L,{component:q,href:`/webhooks/${e.id}`,fw:550,lineClamp:2,style:{overflowWrap:"anywhere"},children:e.url}),e.description&&t.jsx(V,{size:"sm",c:"dimmed",lineClamp:1,style:{overflowWrap:"anywhere"},children:e.description})]})},{key:"state",title:"State",render:e=>t.jsx(y,{isActive:e.isActive})},{key:"actions",title:"Told of",render:e=>Z(e.actions)},{key:"created",title:"Created",render:e=>t.jsx(H,{value:e.createTime})}];function y({isActive:e}){return e?t.jsx(k,{state:"ACTIVE"}):t.jsx(k,{state:"DEACTIVATED",children:"Paused"})}function le(){const e=E(),o=P(),n=N(),[i,{open:d,close:l}]=R(),a=z(se,{organizationId:e,first:re,after:n.after}),r=a.data?.webhookEndpoints,h=t.jsx(U,{leftSection:t.jsx(_,{size:18}),onClick:d,isAllowed:o?.viewerCanManageWebhooks!==!1,why:"To create webhooks you need the permission role:organization:admin.",children:"Create webhook"});return t.jsxs(K,{title:"Webhooks",description:"Addresses that are told what happens in this organization, as it happens.",actions:h,children:[t.jsxs("div",{className:"surface",children:[t.jsx(F,{caption:"Webhooks",columns:de,reading:a,rows:r?.nodes,rowKey:c=>c.id,expected:3,empty:t.jsx(M,{icon:B,title:"No webhooks yet",action:h,children:t.jsxs(g,{gap:"xs",children:[t.jsx("div",{children:"A webhook sends the events of the audit log to an address of yours: to a chat, to your monitoring, or to a program that reacts when a token leaks."}),t.jsx("div",{children:"Each event is a CloudEvent in JSON, signed as the Standard Webhooks specification has it: its libraries verify the signature with the key that you get once. What cannot be delivered is tried again for three days."})]})})}),t.jsx(G,{paging:n,pageInfo:r?.pageInfo,isBusy:a.isStale})]}),t.jsx(ae,{isOpen:i,onClose:l})]})}const We=Object.freeze(Object.defineProperty({__proto__:null,ActiveBadge:y,default:le},Symbol.toStringTag,{value:"Module"}));export{y as A,xe as D,Ee as R,ke as U,ne as W,be as a,fe as b,oe as f,ee as h,me as t,te as u,We as w};
