import{j as e}from"./preload-helper-DGcySwpN.js";import{ap as T,aq as j,K as v,ar as S,Y as _,as as E,aP as M,aO as B,aE as D,aW as W,aX as F,aN as G,Z as O,g as z,f as R,m as V,u as Y,M as H,S as P,a5 as K,a as X,G as A,B as I,n as Z,s as J,o as Q,l as U,d as g,aj as ee,z as se,N as te,b3 as ae,E as ie,ag as re,F as q,p as oe,r as ne,k as le,v as ce,P as de,w as me,b4 as ue,b as pe}from"./index-BKlBIX0s.js";import{N as ge}from"./NumberInput-MDZnYMWn.js";const[he,k]=T("Progress.Root component was not found in tree");var y={root:"m_db6d6462",section:"m_2242eb65","stripes-animation":"m_81a374bd","stripes-animation-vertical":"m_e0fb7a86",label:"m_91e40b74"};const N=j(t=>{const{classNames:s,className:a,style:i,styles:o,vars:n,...d}=v("ProgressLabel",null,t),r=k();return e.jsx(S,{...r.getStyles("label",{className:a,style:i,classNames:s,styles:o}),...d})});N.classes=y;N.displayName="@mantine/core/ProgressLabel";const $=E((t,{size:s,radius:a,transitionDuration:i})=>({root:{"--progress-size":B(s,"progress-size"),"--progress-radius":a===void 0?void 0:M(a),"--progress-transition-duration":typeof i=="number"?`${i}ms`:void 0}})),w=j(t=>{const s=v("ProgressRoot",null,t),{classNames:a,className:i,style:o,styles:n,unstyled:d,vars:r,autoContrast:m,transitionDuration:l,orientation:p,attributes:u,mod:c,...f}=s,h=_({name:"Progress",classes:y,props:s,className:i,style:o,classNames:a,styles:n,unstyled:d,attributes:u,vars:r,varsResolver:$});return e.jsx(he,{value:{getStyles:h,autoContrast:m},children:e.jsx(S,{mod:[{orientation:p},c],...h("root"),...f})})});w.classes=y;w.varsResolver=$;w.displayName="@mantine/core/ProgressRoot";const fe={withAria:!0},L=j(t=>{const{classNames:s,className:a,style:i,styles:o,vars:n,value:d,withAria:r,color:m,striped:l,animated:p,mod:u,...c}=v("ProgressSection",fe,t),f=k(),h=D(),C=r?{role:"progressbar","aria-valuemax":100,"aria-valuemin":0,"aria-valuenow":d,"aria-valuetext":`${d}%`}:{};return e.jsx(S,{...f.getStyles("section",{className:a,classNames:s,styles:o,style:i}),...c,...C,mod:[{striped:l||p,animated:p},u],__vars:{"--progress-section-size":`${d}%`,"--progress-section-color":G(m,h),"--progress-label-color":W(f.autoContrast,h)?F({color:m,theme:h,autoContrast:f.autoContrast}):void 0}})});L.classes=y;L.displayName="@mantine/core/ProgressSection";const x=j(t=>{const s=v("Progress",null,t),{value:a,classNames:i,styles:o,vars:n,color:d,striped:r,animated:m,"aria-label":l,...p}=s,{resolvedClassNames:u,resolvedStyles:c}=O({classNames:i,styles:o,props:s});return e.jsx(w,{classNames:u,styles:c,vars:n,...p,children:e.jsx(L,{value:a,color:d,striped:r,animated:m,"aria-label":l})})});x.classes=y;x.displayName="@mantine/core/Progress";x.Section=L;x.Root=w;x.Label=N;const xe=z`
    query LimitRequests($organizationId: ID!, $first: Int!, $after: String) {
  organization(id: $organizationId) {
    id
    limitIncreaseRequests(first: $first, after: $after) {
      nodes {
        id
        applicationUserLimit
        reason
        state
        createTime
        answerTime
        answeredLimit
        createdBy {
          id
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `,ye=z`
    mutation RequestLimitIncrease($input: RequestLimitIncreaseInput!) {
  requestLimitIncrease(input: $input) {
    ... on RequestLimitIncreaseSuccess {
      limitIncreaseRequest {
        id
        applicationUserLimit
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
    ... on LimitRequestPendingError {
      applicationUserLimit
      createTime
    }
  }
}
    `,b=1e6;function we({isOpen:t,limit:s,missing:a,onClose:i}){const o=R(),[n,d]=V(ye),r=Y({mode:"uncontrolled",initialValues:{applicationUserLimit:Math.min(s*2,b),reason:""},validate:{applicationUserLimit:l=>typeof l=="number"&&l>s&&l<=b?null:`From ${(s+1).toLocaleString("en")} to ${b.toLocaleString("en")}.`}});async function m({applicationUserLimit:l,reason:p}){const u={organizationId:o,applicationUserLimit:Number(l),reason:p||null},c=await n({input:u});if(!c)return;if(c.__typename==="LimitRequestPendingError"){const h=c.applicationUserLimit.toLocaleString("en");return r.setFieldError("applicationUserLimit",`A request for ${h} already waits for an answer. Ask again after it.`)}if(Z(c))return J(c,r);r.reset(),i();const f=c.limitIncreaseRequest.applicationUserLimit.toLocaleString("en");Q.show({color:"teal",message:`You asked for ${f} application users.`})}return e.jsx(H,{opened:t,onClose:i,title:"Request a higher limit",keepMounted:!1,children:e.jsx("form",{onSubmit:r.onSubmit(l=>{m(l)}),noValidate:!0,children:e.jsxs(P,{children:[a&&e.jsx(K,{color:"yellow",children:a}),e.jsx(ge,{label:"Application users",description:`How many you need in all. The limit is ${s.toLocaleString("en")}.`,withAsterisk:!0,"data-autofocus":!0,allowDecimal:!1,allowNegative:!1,thousandSeparator:",",...r.getInputProps("applicationUserLimit")},r.key("applicationUserLimit")),e.jsx(X,{label:"Reason",description:"For the operator of the service, who answers.",autosize:!0,minRows:2,maxRows:8,...r.getInputProps("reason")},r.key("reason")),e.jsxs(A,{justify:"flex-end",children:[e.jsx(I,{variant:"default",onClick:i,children:"Cancel"}),e.jsx(I,{type:"submit",loading:d,disabled:a!==void 0,children:"Send the request"})]})]})})})}const je=[{key:"limit",title:"Asked for",width:"44%",render:t=>e.jsxs("div",{style:{minWidth:0},children:[e.jsx(g,{fw:550,className:"digits",children:t.applicationUserLimit.toLocaleString("en")}),t.reason&&e.jsx(g,{size:"sm",c:"dimmed",style:{overflowWrap:"anywhere",whiteSpace:"pre-line"},children:t.reason})]})},{key:"state",title:"State",render:t=>e.jsx(re,{state:t.state})},{key:"asked",title:"Asked",render:t=>e.jsxs("div",{children:[e.jsx(q,{value:t.createTime}),e.jsxs(g,{size:"sm",c:"dimmed",style:{overflowWrap:"anywhere"},children:["by ",t.createdBy.name]})]})},{key:"answered",title:"Answered",render:t=>e.jsxs("div",{children:[e.jsx(q,{value:t.answerTime,empty:"Not yet"}),t.answeredLimit!==null&&e.jsxs(g,{size:"sm",c:"dimmed",className:"digits",children:["the limit became ",t.answeredLimit.toLocaleString("en")]})]})}];function ve({reading:t,requests:s,paging:a}){const i=R(),o=s?.nodes.find(n=>n.state==="PENDING");return e.jsxs(P,{component:"section","aria-labelledby":"requests",gap:"sm",children:[e.jsx(U,{order:2,size:"h4",id:"requests",children:"Requests"}),o&&e.jsxs(g,{size:"sm",c:"dimmed",component:"div",children:["The operator answers on the service's host, for example with"," ",e.jsxs(ee,{style:{overflowWrap:"anywhere"},children:["appusers organization set-limit ",i," ",o.applicationUserLimit]})]}),e.jsxs("div",{className:"surface",children:[e.jsx(se,{caption:"Requests for a higher limit",columns:je,reading:t,rows:s?.nodes,rowKey:n=>n.id,expected:2,empty:e.jsx(te,{icon:ae,title:"Nothing was asked for yet",children:"When the limit is not enough, request a higher one. What becomes of it shows here."})}),e.jsx(ie,{paging:a,pageInfo:s?.pageInfo,isBusy:t.isStale})]})]})}const Le=10,be=.9;function qe(){const t=R(),s=oe(),a=ne(),[i,o]=le(),n=ce(xe,{organizationId:t,first:Le,after:a.after}),d=n.data?.organization?.limitIncreaseRequests,r=d?.nodes.find(u=>u.state==="PENDING");function m(u){const c=new URLSearchParams(i);u?c.set("request","true"):c.delete("request"),o(c,{replace:!0})}const l=s&&Se(s,r),p=i.get("request")==="true";return e.jsxs(e.Fragment,{children:[e.jsxs(de,{title:"Limits",description:"How much your organization may have. The operator of this service sets it.",actions:e.jsx(me,{leftSection:e.jsx(ue,{size:18}),isAllowed:l===void 0,why:l??"",onClick:()=>m(!0),children:"Request more"}),children:[e.jsx(Re,{organization:s}),e.jsx(ve,{reading:n,requests:d,paging:a})]}),s&&e.jsx(we,{isOpen:p,limit:s.applicationUserLimit,missing:l,onClose:()=>m(!1)})]})}function Se(t,s){return t.viewerCanRequestLimitIncrease?s?`A request for ${s.applicationUserLimit.toLocaleString("en")} waits for an answer. Ask again after it.`:void 0:"You need the permission organization:app_users:write for this."}function Re({organization:t}){if(!t)return e.jsx(pe,{h:146});const{applicationUserCount:s,applicationUserLimit:a}=t,i=Math.max(a-s,0),o=a>0?Math.min(s/a,1):1,n=i===0?"red":o>=be?"yellow":"iris";return e.jsxs(P,{className:"surface",p:"lg",gap:"sm",component:"section","aria-labelledby":"usage",children:[e.jsx(U,{order:2,size:"h4",id:"usage",children:"Application users"}),e.jsxs(A,{justify:"space-between",align:"baseline",gap:"xs",children:[e.jsxs(g,{fz:"xl",fw:600,className:"digits",children:[s.toLocaleString("en")," ",e.jsxs(g,{span:!0,c:"dimmed",fz:"md",fw:400,children:["of ",a.toLocaleString("en")]})]}),e.jsx(g,{size:"sm",c:"dimmed",className:"digits",children:i===0?"The limit is reached":`${i.toLocaleString("en")} left`})]}),e.jsx(x,{value:o*100,color:n,size:"lg","aria-label":`${s} of ${a} application users`}),e.jsx(g,{size:"sm",c:"dimmed",children:"Deactivated ones count, deleted ones do not."})]})}export{qe as default};
