import{j as e,r as g}from"./preload-helper-DGcySwpN.js";import{c as S,G as O,bh as ke,d as x,j as M,l as T,t as N,M as Z,S as $,f as oe,a4 as V,B as z,m as D,s as _,n as E,g as P,az as K,a2 as L,A as re,L as ae,a3 as q,r as ce,y as le,C as be,ai as J,T as Ne,bi as Pe,am as Se,I as $e,bj as ze,a5 as Me,o as Ce,q as Oe,D as Ge,v as Re,E as de,b as R,bk as Ae,aw as Te,a8 as De,bl as _e,p as Ee,af as Le}from"./index-CbZt9yqa.js";import{A as Be,d as We,R as Fe,H as He,e as Ue}from"./holds-permissions-D51srFmL.js";import{S as B}from"./section-BFQrkLHe.js";import{u as me,S as qe}from"./SimpleGrid-C4XVh76t.js";import{I as Ze}from"./IconInfoCircle-DVF19Da_.js";import{L as H}from"./List-DfJgAkEn.js";import{a as he}from"./copyable-D8kKjTzM.js";import{a as Ve,I as Ke}from"./IconTrash-BTRUfdt5.js";import{U as ue}from"./user-link-DdZjbx7Q.js";import{I as Je}from"./IconChevronDown-C0h5r9o0.js";const Ye=[["path",{d:"M12 3l8 4.5l0 9l-8 4.5l-8 -4.5l0 -9l8 -4.5",key:"svg-0"}],["path",{d:"M12 12l8 -4.5",key:"svg-1"}],["path",{d:"M12 12l0 9",key:"svg-2"}],["path",{d:"M12 12l-8 -4.5",key:"svg-3"}]],Qe=S("outline","box","Box",Ye);const Xe=[["path",{d:"M3 21l18 0",key:"svg-0"}],["path",{d:"M9 8l1 0",key:"svg-1"}],["path",{d:"M9 12l1 0",key:"svg-2"}],["path",{d:"M9 16l1 0",key:"svg-3"}],["path",{d:"M14 8l1 0",key:"svg-4"}],["path",{d:"M14 12l1 0",key:"svg-5"}],["path",{d:"M14 16l1 0",key:"svg-6"}],["path",{d:"M5 21v-16a2 2 0 0 1 2 -2h10a2 2 0 0 1 2 2v16",key:"svg-7"}]],es=S("outline","building","Building",Xe);const ss=[["path",{d:"M6 6v6a3 3 0 0 0 3 3h10l-4 -4m0 8l4 -4",key:"svg-0"}]],ns=S("outline","corner-down-right","CornerDownRight",ss);const ts=[["path",{d:"M3 19a2 2 0 1 0 4 0a2 2 0 0 0 -4 0",key:"svg-0"}],["path",{d:"M19 7a2 2 0 1 0 0 -4a2 2 0 0 0 0 4",key:"svg-1"}],["path",{d:"M11 19h5.5a3.5 3.5 0 0 0 0 -7h-8a3.5 3.5 0 0 1 0 -7h4.5",key:"svg-2"}]],is=S("outline","route","Route",ts);const os=[["path",{d:"M17.67 17.667a12 12 0 0 1 -5.67 3.333a12 12 0 0 1 -8.5 -15c.794 .036 1.583 -.006 2.357 -.124m3.128 -.926a11.997 11.997 0 0 0 3.015 -1.95a12 12 0 0 0 8.5 3a12 12 0 0 1 -1.116 9.376",key:"svg-0"}],["path",{d:"M3 3l18 18",key:"svg-1"}]],rs=S("outline","shield-off","ShieldOff",os);const as=[["path",{d:"M12.462 20.87c-.153 .047 -.307 .09 -.462 .13a12 12 0 0 1 -8.5 -15a12 12 0 0 0 8.5 -3a12 12 0 0 0 8.5 3a12 12 0 0 1 .11 6.37",key:"svg-0"}],["path",{d:"M16 19h6",key:"svg-1"}],["path",{d:"M19 16v6",key:"svg-2"}]],se=S("outline","shield-plus","ShieldPlus",as);const cs=[["path",{d:"M3 17a2 2 0 0 1 2 -2h2a2 2 0 0 1 2 2v2a2 2 0 0 1 -2 2h-2a2 2 0 0 1 -2 -2l0 -2",key:"svg-0"}],["path",{d:"M15 17a2 2 0 0 1 2 -2h2a2 2 0 0 1 2 2v2a2 2 0 0 1 -2 2h-2a2 2 0 0 1 -2 -2l0 -2",key:"svg-1"}],["path",{d:"M9 5a2 2 0 0 1 2 -2h2a2 2 0 0 1 2 2v2a2 2 0 0 1 -2 2h-2a2 2 0 0 1 -2 -2l0 -2",key:"svg-2"}],["path",{d:"M6 15v-1a2 2 0 0 1 2 -2h8a2 2 0 0 1 2 2v1",key:"svg-3"}],["path",{d:"M12 9l0 3",key:"svg-4"}]],ls=S("outline","sitemap","Sitemap",cs);const ds=[["path",{d:"M8 7a4 4 0 1 0 8 0a4 4 0 0 0 -8 0",key:"svg-0"}],["path",{d:"M6 21v-2a4 4 0 0 1 4 -4h4c.348 0 .686 .045 1.009 .128",key:"svg-1"}],["path",{d:"M16 19h6",key:"svg-2"}]],ms=S("outline","user-minus","UserMinus",ds);const hs=[["path",{d:"M5 7a4 4 0 1 0 8 0a4 4 0 0 0 -8 0",key:"svg-0"}],["path",{d:"M3 21v-2a4 4 0 0 1 4 -4h4c.96 0 1.84 .338 2.53 .901",key:"svg-1"}],["path",{d:"M16 3.13a4 4 0 0 1 0 7.75",key:"svg-2"}],["path",{d:"M16 19h6",key:"svg-3"}],["path",{d:"M19 16v6",key:"svg-4"}]],us=S("outline","users-plus","UsersPlus",hs);function W({icon:n,title:s,children:t}){return e.jsxs(O,{wrap:"nowrap",align:"flex-start",gap:"md",px:"md",pt:4,pb:"lg",children:[e.jsx(ke,{size:40,radius:"xl",variant:"light",color:"gray",children:e.jsx(n,{size:22,stroke:1.6})}),e.jsxs("div",{children:[e.jsx(x,{fw:550,children:s}),e.jsx(x,{size:"sm",c:"dimmed",maw:620,component:"div",children:t})]})]})}function ps({isOpen:n,onClose:s,principalId:t,among:i}){const a=M(),[r,h]=T(Be),[o,m]=g.useState(null),[l,c]=g.useState(""),[d,j]=g.useState(null),[y]=me(l.trim(),250),f=y===o?.name?null:y||null,b=N(We,{organizationId:a,search:f},{pause:!n}),k=b.data?.groups.nodes??[],p=o&&!k.some(({id:v})=>v===o.id)?[o,...k]:k;async function w(v){if(v.preventDefault(),!o)return j("Choose a group.");const u=await r({input:{groupId:o.id,userIds:[t]}});if(u){if(D(u))return _(u);m(null),s(),E.show({color:"teal",message:`Added to ${u.group.name}.`})}}return e.jsx(Z,{opened:n,onClose:s,title:"Add to group",keepMounted:!1,children:e.jsx("form",{onSubmit:v=>{w(v)},noValidate:!0,children:e.jsxs($,{children:[e.jsx(oe,{label:"Group",description:"Type a part of its name.",data:p.map(v=>({value:v.id,label:v.name,disabled:!v.viewerCanChangeMembers||i.includes(v.id)})),value:o?.id??null,onChange:v=>{j(null),m(p.find(u=>u.id===v)??null)},searchable:!0,filter:({options:v})=>v,onSearchChange:c,renderOption:({option:v})=>{const u=p.find(({id:I})=>I===v.value);return e.jsxs("div",{children:[v.label,e.jsx("div",{className:"note",children:u&&gs(u,i.includes(u.id))})]})},nothingFoundMessage:b.error?"The search failed":"No group has this name",error:d,withScrollArea:!1,classNames:{options:"choices"},"data-autofocus":!0}),o?.holdsPermissions&&e.jsxs(V,{color:"yellow",icon:e.jsx(Ze,{}),children:[o.name," holds permissions: whoever is in it holds them at once."]}),e.jsxs(O,{justify:"flex-end",children:[e.jsx(z,{variant:"default",onClick:s,children:"Cancel"}),e.jsx(z,{type:"submit",loading:h,children:"Add"})]})]})})})}function gs(n,s){return s?"Is in it already":n.holdsPermissions?n.viewerCanChangeMembers?"Holds permissions":"Organization admins only":"Holds no permission"}const fs=P`
    query PermissionCatalogue {
  permissionCatalogue {
    name
    title
    description
    levels
    isRole
    includes
    isEnforcedHere
  }
}
    `,xs=P`
    query DirectGrants($organizationId: ID!, $principalId: ID!, $first: Int!, $after: String) {
  permissionGrants(
    organizationId: $organizationId
    first: $first
    after: $after
    filter: {principalId: $principalId}
  ) {
    nodes {
      resourceId
      permission
      createTime
      createdBy {
        id
        name
        isApplicationUser
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `,vs=P`
    query EffectivePermissions($principalId: ID!, $resourceId: ID!) {
  effectivePermissions(principalId: $principalId, resourceId: $resourceId) {
    permissions
  }
}
    `,js=P`
    query ExplainPermission($principalId: ID!, $resourceId: ID!, $permission: String!) {
  explainPermission(
    principalId: $principalId
    resourceId: $resourceId
    permission: $permission
  ) {
    granted
    resourceId
    groupId
    createTime
    createdBy {
      id
      name
      isApplicationUser
    }
  }
}
    `,ys=P`
    mutation GrantPermissions($input: GrantPermissionsInput!) {
  grantPermissions(input: $input) {
    ... on GrantPermissionsSuccess {
      granted
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
    `,Is=P`
    mutation RevokePermissions($input: RevokePermissionsInput!) {
  revokePermissions(input: $input) {
    ... on RevokePermissionsSuccess {
      revoked
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
    `,pe=P`
    fragment Place on Resource {
  id
  kind
  name
}
    `,ge=P`
    query Resources($organizationId: ID!, $first: Int!, $search: String) {
  resources(
    organizationId: $organizationId
    first: $first
    filter: {search: $search}
    orderBy: {field: NAME, direction: ASC}
  ) {
    nodes {
      ...Place
      parent {
        id
        name
      }
    }
    pageInfo {
      hasNextPage
    }
  }
}
    ${pe}`,fe=P`
    query ResourcePath($id: ID!) {
  resource(id: $id) {
    ...Place
    parent {
      ...Place
      parent {
        ...Place
        parent {
          ...Place
          parent {
            ...Place
            parent {
              ...Place
              parent {
                ...Place
                parent {
                  ...Place
                  parent {
                    ...Place
                    parent {
                      ...Place
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
    ${pe}`,ws=P`
    query GroupName($id: ID!) {
  group(id: $id) {
    id
    name
  }
}
    `,ks=100,C={ORGANIZATION:"Organization",ORGANIZATIONAL_UNIT:"Organizational unit",PROJECT:"Project"},bs={ORGANIZATION:es,ORGANIZATIONAL_UNIT:ls,PROJECT:Qe},xe=g.createContext({places:new Map,isComplete:!1,isReading:!0});function Y(){return g.useContext(xe)}function Ns({on:n,isAdmin:s,children:t}){const i=M(),a=K()?.organizationName??"",r=N(ge,{organizationId:i,first:ks,search:null},{pause:!s}),h=N(fe,{id:n},{pause:!s||n===i}),o=g.useMemo(()=>{const m=new Map,l={id:i,kind:"ORGANIZATION",name:a};for(const d of[l,...r.data?.resources.nodes??[],...ve(h.data?.resource)])m.has(d.id)||m.set(d.id,d);const c=r.data?.resources.pageInfo.hasNextPage===!1;return{places:m,isComplete:c,isReading:s&&r.isLoading}},[i,a,r.data,r.isLoading,h.data,s]);return e.jsx(xe,{value:o,children:t})}function ve(n){const s=[];for(let t=n;t;t=t.parent)s.push(t);return s}function F({id:n}){const{places:s,isReading:t}=Y(),i=s.get(n),a=Q(),r=N(fe,{id:n},{pause:!a||t||!!i}),h=ve(r.data?.resource),o=i??h[0];if(!o)return e.jsx("span",{className:"mono",children:n});const m=bs[o.kind],l=i?.parent??h[1];return e.jsx(L,{label:l?`${C[o.kind]} in ${l.name}`:C[o.kind],children:e.jsxs("span",{className:"place",children:[e.jsx(m,{size:16,stroke:1.7,"aria-label":C[o.kind]}),o.name]})})}const je=g.createContext(void 0);function Ps({id:n}){const s=g.useContext(je),t=Q(),{data:i}=N(ws,{id:n},{pause:!t||!s||s.has(n)});return e.jsx(re,{component:ae,href:`/groups/${n}`,inherit:!0,underline:"always",style:{overflowWrap:"anywhere"},children:s?.get(n)??i?.group?.name??e.jsx("span",{className:"mono",children:n})})}function Q(){return K()?.permissions.includes("role:organization:admin")??!1}function A({name:n,catalogue:s,isDescribed:t=!1}){const i=s?.byName.get(n);return e.jsxs("div",{style:{minWidth:0},children:[e.jsxs(O,{gap:8,children:[e.jsx(x,{span:!0,fw:550,style:{overflowWrap:"anywhere"},children:i?.title??n}),i?.isRole&&e.jsx(q,{variant:"light",color:"iris",radius:"sm",size:"sm",tt:"none",children:"Role"})]}),i?.title&&e.jsx(x,{size:"sm",c:"dimmed",className:"mono",children:n}),t&&i&&e.jsx(x,{size:"sm",children:i.description}),s&&!i&&e.jsx(x,{size:"sm",c:"dimmed",children:"It left the catalogue, and gives nothing."})]})}const U=8;function Ss({principalId:n,grant:s,catalogue:t,onClose:i}){const[a,r]=T(Is),[h,o]=g.useState(!1),m=n.startsWith("group_"),l=t?.inOrder(t.givenBy(s.permission))??[];async function c(){const{resourceId:d,permission:j}=s,y=await a({input:{principalId:n,resourceId:d,permissions:[j]}});if(!y)return;if(y.__typename==="LastAdministratorError")return o(!0);if(D(y))return _(y);i();const f=t?.titleOf(j)??j;E.show({color:"teal",message:`${f} was revoked.`})}return e.jsxs(he,{title:"Revoke this permission?",action:"Revoke",isBusy:r,isDisabled:h,onConfirm:()=>{c()},onClose:i,children:[h&&e.jsx(ye,{}),e.jsx(A,{name:s.permission,catalogue:t,isDescribed:!0}),e.jsxs(x,{size:"sm",children:["It was granted on ",e.jsx(F,{id:s.resourceId}),"."]}),l.length>0&&e.jsxs("div",{children:[e.jsx(x,{size:"sm",children:"It takes with it what the role gives:"}),e.jsxs(H,{size:"sm",mt:4,children:[l.slice(0,U).map(d=>e.jsx(H.Item,{children:t?.titleOf(d)},d)),l.length>U&&e.jsxs(H.Item,{children:["and ",l.length-U," more"]})]})]}),e.jsx(x,{size:"sm",c:"dimmed",children:m?"It ends at once for every member. What they hold otherwise stays.":"It ends at once, for tokens too. What is held through groups or on levels above stays."})]})}function ye(){return e.jsx(V,{color:"red",role:"alert",icon:e.jsx(Ve,{}),title:"The organization would be without an administrator",children:"Nothing was changed. Make another person an administrator first: grant them Organization admin on the organization."})}function $s({group:n,user:s,onClose:t}){const[i,a]=T(Fe),[r,h]=g.useState(!1);async function o(){const m=await i({input:{groupId:n.id,userIds:[s.id]}});if(m){if(m.__typename==="LastAdministratorError")return h(!0);if(D(m))return _(m);t(),E.show({color:"teal",message:s.name?`${s.name} was removed from ${n.name}.`:`Removed from ${n.name}.`})}}return e.jsxs(he,{title:s.name?`Remove ${s.name} from ${n.name}?`:`Remove from ${n.name}?`,action:"Remove",isBusy:a,isDisabled:r,onConfirm:()=>{o()},onClose:t,children:[r&&e.jsx(ye,{}),e.jsx(x,{size:"sm",children:n.holdsPermissions?"What is held through this group alone ends at once, for tokens too. What is held directly or through other groups stays.":"The group holds no permission, so nothing else changes."})]})}const zs="It holds permissions, so only organization admins change who is in it.";function Ms({principalId:n,reading:s}){const[t,{open:i,close:a}]=ce(),[r,h]=g.useState(null),o=s.data?.groups,m=[{key:"name",title:"Group",width:"50%",render:l=>e.jsxs("div",{style:{minWidth:0},children:[e.jsx(re,{component:ae,href:`/groups/${l.id}`,fw:550,style:{overflowWrap:"anywhere"},children:l.name}),l.description&&e.jsx(x,{size:"sm",c:"dimmed",lineClamp:1,children:l.description})]})},{key:"permissions",title:"Permissions",render:l=>e.jsx(He,{group:l})},{key:"acts",title:"Acts",isTitleHidden:!0,width:60,render:l=>e.jsx(L,{label:l.viewerCanChangeMembers?"Remove from the group":zs,multiline:!0,maw:280,children:e.jsx(J,{variant:"subtle",color:"red","aria-label":`Remove from ${l.name}`,...!l.viewerCanChangeMembers&&{"data-disabled":!0,"aria-disabled":!0},onClick:()=>l.viewerCanChangeMembers&&h(l),children:e.jsx(ms,{size:18,stroke:1.7})})})}];return e.jsxs(B,{title:"Groups",description:"What a group holds, each of its members holds.",actions:e.jsx(z,{variant:"default",leftSection:e.jsx(us,{size:18}),onClick:i,children:"Add to group"}),children:[e.jsx(le,{caption:"Groups",columns:m,reading:s,rows:o?.nodes,rowKey:l=>l.id,expected:2,empty:e.jsx(W,{icon:be,title:"In no group",children:"Whoever is in a group holds what the group was granted, until they are taken out."})}),o?.pageInfo.hasNextPage&&e.jsxs(x,{size:"sm",c:"dimmed",p:"md",children:["The first ",o.nodes.length," by name are shown."]}),e.jsx(ps,{isOpen:t,onClose:a,principalId:n,among:o?.nodes.map(l=>l.id)??[]}),r&&e.jsx($s,{group:r,user:{id:n},onClose:()=>h(null)})]})}const Cs="*";class Os{constructor(s){this.entries=s,this.byName=new Map(s.map(t=>[t.name,t]))}entries;byName;titleOf(s){return this.byName.get(s)?.title??s}givenBy(s){const t=new Set,i=[s];for(const a of i)for(const r of this.byName.get(a)?.includes??[]){const h=r===Cs?this.entries.map(o=>o.name):[r];for(const o of h)o===s||t.has(o)||(t.add(o),i.push(o))}return t}outermost(s){const t=new Set(s.flatMap(i=>[...this.givenBy(i)]));return this.inOrder(s.filter(i=>!t.has(i)))}inOrder(s){const t=new Map(this.entries.map((a,r)=>[a.name,r])),i=a=>t.get(a)??this.entries.length;return[...s].sort((a,r)=>i(a)-i(r))}opened(s){return new Set([...s].flatMap(t=>[t,...this.givenBy(t)]))}}function Gs(){const{data:n}=N(fs,{});return g.useMemo(()=>n&&new Os(n.permissionCatalogue),[n])}function Rs({entries:n,picked:s,held:t,error:i,onChange:a}){const[r,h]=g.useState(""),o=n.filter(c=>Ts(c,r)),m=[{title:"Roles",entries:o.filter(c=>c.isRole)},{title:"Permissions",entries:o.filter(c=>!c.isRole)}].filter(c=>c.entries.length>0);function l(c){a(s.includes(c)?s.filter(d=>d!==c):[...s,c])}return e.jsxs("div",{children:[e.jsx(Ne,{label:"Roles and permissions",description:"Search by name or by what it allows.",type:"search",leftSection:e.jsx(Pe,{size:16}),value:r,onChange:c=>h(c.currentTarget.value),onKeyDown:c=>c.key==="Enter"&&c.preventDefault(),error:i!==null,"data-autofocus":!0}),e.jsxs("div",{className:"picker",role:"group","aria-label":"Roles and permissions",children:[m.map(c=>e.jsx(As,{title:c.title,children:c.entries.map(d=>e.jsx(Se,{checked:s.includes(d.name)||t.includes(d.name),disabled:t.includes(d.name),onChange:()=>l(d.name),label:e.jsxs(O,{gap:8,children:[e.jsx(x,{span:!0,inherit:!0,fw:550,children:d.title??d.name}),d.isEnforcedHere&&e.jsx(q,{variant:"light",color:"gray",radius:"sm",size:"sm",tt:"none",children:"Enforced here"}),t.includes(d.name)&&e.jsx(q,{variant:"light",color:"teal",radius:"sm",size:"sm",tt:"none",children:"Granted already"})]}),description:e.jsxs(e.Fragment,{children:[d.description," ",e.jsx("span",{className:"mono",children:d.name})]})},d.name))},c.title)),m.length===0&&e.jsx(x,{size:"sm",c:"dimmed",ta:"center",p:"lg",children:"Nothing that can be granted on this level has this in its name or description."})]}),i&&e.jsx($e.Error,{mt:4,children:i}),e.jsx(x,{size:"xs",c:"dimmed",mt:6,children:"What is enforced here, this service asks for itself. The rest is for the platform that your organization verifies tokens with."})]})}function As({title:n,children:s}){const t=g.useId();return e.jsxs($,{gap:"sm",p:"sm",role:"group","aria-labelledby":t,children:[e.jsx(x,{size:"xs",fw:600,c:"dimmed",id:t,children:n}),s]})}function Ts(n,s){const t=`${n.name} ${n.title??""} ${n.description}`.toLowerCase();return s.toLowerCase().split(/\s+/).every(i=>t.includes(i))}const ne=30;function Ie({label:n,description:s,value:t,onChange:i,error:a,isCompact:r}){const h=M(),{places:o,isComplete:m}=Y(),[l,c]=g.useState(null),[d,j]=g.useState(""),[y]=me(d.trim(),250),f=o.get(t)??(l?.id===t?l:void 0),b=y!==""&&y!==f?.name,k=N(ge,{organizationId:h,first:ne,search:y},{pause:!b||m}),p=[...o.values()],w=b&&!m?[...p.filter(u=>u.id===h),...k.data?.resources.nodes??[]]:p.filter(u=>!b||Ds(u,y)).slice(0,ne+1),v=f&&!w.includes(f)?[f,...w]:w;return e.jsx(oe,{...r?{"aria-label":n,w:{base:"100%",xs:260}}:{label:n},description:s,error:a,data:Es(_s(v)),value:t,allowDeselect:!1,searchable:!0,filter:({options:u})=>u,onSearchChange:j,onChange:u=>{const I=v.find(G=>G.id===u);I&&(c(I),i(I.id,I))},nothingFoundMessage:k.isStale?"Searching…":"Nothing has this name",rightSection:b&&!m&&k.isLoading?e.jsx(ze,{size:16}):void 0,withScrollArea:!1,classNames:{options:"choices"}})}function Ds(n,s){return n.name.toLowerCase().includes(s.toLowerCase())}function _s(n){return[...new Map(n.map(s=>[s.id,s])).values()]}function Es(n){return["ORGANIZATION","ORGANIZATIONAL_UNIT","PROJECT"].map(s=>({group:s==="ORGANIZATION"?C[s]:`${C[s]}s`,items:n.filter(t=>t.kind===s).map(t=>({value:t.id,label:t.name}))})).filter(({items:s})=>s.length>0)}const Ls="role:organization:admin",Bs=4;function Ws({isOpen:n,onClose:s,principalId:t,catalogue:i,held:a}){const r=M(),[h,o]=T(ys),[m,l]=g.useState(),[c,d]=g.useState([]),[j,y]=g.useState(null),{id:f,kind:b}=m??{id:r,kind:"ORGANIZATION"},k=a.filter(u=>u.resourceId===f).map(u=>u.permission),p=(i?.entries??[]).filter(({levels:u})=>u.includes(b)),w=c.filter(u=>!k.includes(u)&&p.some(I=>I.name===u));async function v(u){if(u.preventDefault(),w.length===0)return y("Choose at least one role or permission.");const I=await h({input:{principalId:t,resourceId:f,permissions:w}});if(!I)return;if(D(I))return _(I);d([]),l(void 0),s();const[G,...X]=I.granted.map(ee=>i?.titleOf(ee)??ee),we=X.length>0?` and ${X.length} more`:"";E.show({color:"teal",message:G?`${G}${we} granted.`:"Nothing changed: that was granted already."})}return e.jsx(Z,{opened:n,onClose:s,title:"Grant permissions",size:"xl",keepMounted:!1,children:e.jsx("form",{onSubmit:u=>{v(u)},noValidate:!0,children:e.jsxs($,{children:[e.jsx(Ie,{label:"On",description:"A grant reaches everything below.",value:f,onChange:(u,{kind:I})=>l({id:u,kind:I})}),e.jsx(Rs,{entries:p,picked:c,held:k,error:w.length===0?j:null,onChange:d}),e.jsx(Fs,{chosen:w,resourceId:f,catalogue:i}),w.includes(Ls)&&e.jsx(V,{color:"yellow",icon:e.jsx(Me,{}),children:"Organization admin may do everything here, granting included. Give it to few."}),e.jsxs(O,{justify:"flex-end",children:[e.jsx(z,{variant:"default",onClick:s,children:"Cancel"}),e.jsx(z,{type:"submit",loading:o,children:"Grant"})]})]})})})}function Fs({chosen:n,resourceId:s,catalogue:t}){const i=n.map(r=>t?.titleOf(r)??r),a=[...t?.opened(n)??[]].filter(r=>!t?.byName.get(r)?.isRole);return e.jsx(x,{size:"sm",c:"dimmed","aria-live":"polite",mih:40,component:"div",children:n.length===0?"Nothing is chosen yet.":e.jsxs(e.Fragment,{children:["Gives"," ",i.length>Bs?`these ${i.length} roles and permissions`:new Intl.ListFormat("en").format(i)," ","on ",e.jsx(F,{id:s})," at once",a.length>n.length&&`: ${a.length} permissions in all`,"."," ","Tokens that were made by somebody other than an administrator gain nothing."]})})}const Hs=100;function Us({principalId:n,catalogue:s}){const t=M(),i=Ce(),{places:a}=Y(),r=Oe("grants"),[h,{open:o,close:m}]=ce(),[l,c]=g.useState(null),d=N(xs,{organizationId:t,principalId:n,first:Hs,after:r.after}),j=d.data?.permissionGrants,y=i?.viewerCanGrantPermissions!==!1,f=n.startsWith("group_"),b=[{key:"permission",title:"Permission",width:"44%",render:p=>e.jsx(A,{name:p.permission,catalogue:s})},{key:"on",title:"On",render:p=>e.jsx(F,{id:p.resourceId})},{key:"granted",title:"Granted",render:p=>e.jsxs("div",{children:[e.jsx(de,{value:p.createTime}),e.jsxs(x,{size:"sm",c:"dimmed",children:["by ",e.jsx(ue,{user:p.createdBy,isInText:!0})]})]})},{key:"acts",title:"Acts",isTitleHidden:!0,width:60,render:p=>{const w=`Revoke ${s?.titleOf(p.permission)??p.permission}`;return e.jsx(L,{label:"Revoke",children:e.jsx(J,{variant:"subtle",color:"red","aria-label":`${w} on ${a.get(p.resourceId)?.name??p.resourceId}`,disabled:!y,onClick:()=>c(p),children:e.jsx(Ke,{size:18,stroke:1.7})})})}}],k=e.jsx(Re,{isAllowed:y,why:"Organization admins grant permissions: role:organization:admin is missing.",variant:"default",leftSection:e.jsx(se,{size:18}),onClick:o,children:"Grant permissions"});return e.jsxs(B,{title:f?"Granted to the group":"Granted directly",description:"On the organization, a unit or a project; a grant reaches everything below.",actions:k,children:[e.jsx(le,{caption:f?"Granted to the group":"Granted directly",columns:b,reading:d,rows:j&&qs(j.nodes,t,s),rowKey:p=>`${p.resourceId} ${p.permission}`,expected:2,empty:e.jsx(W,{icon:se,title:f?"Nothing granted yet":"Nothing granted directly",children:f?"Grant the group a role or permission, and each member holds it.":"Grant a role or permission here, or add to a group that holds what is needed."})}),e.jsx(Ge,{paging:r,pageInfo:j?.pageInfo,isBusy:d.isStale}),e.jsx(Ws,{isOpen:h,onClose:m,principalId:n,catalogue:s,held:j?.nodes??[]}),l&&e.jsx(Ss,{principalId:n,grant:l,catalogue:s,onClose:()=>c(null)})]})}function qs(n,s,t){const i=t?.inOrder(new Set(n.map(r=>r.permission)))??[],a=({resourceId:r})=>r===s?"":r;return[...n].sort((r,h)=>a(r).localeCompare(a(h))||i.indexOf(r.permission)-i.indexOf(h.permission))}const te=5;function ie({principalId:n,resourceId:s,permission:t,catalogue:i}){const{data:a,error:r,isLoading:h,refetch:o}=N(js,{principalId:n,resourceId:s,permission:t});if(h)return e.jsx(R,{h:22,maw:420});if(r)return e.jsxs(x,{size:"sm",c:"dimmed",component:"div",children:[Ae(r)," ",e.jsx(z,{variant:"subtle",size:"compact-sm",onClick:o,children:"Try again"})]});const m=a?.explainPermission??[],l=m.length-te;return e.jsxs($,{component:"ul",gap:2,m:0,p:0,className:"sources",children:[m.slice(0,te).map(c=>e.jsxs(x,{component:"li",size:"sm",children:[e.jsx(ns,{size:14,"aria-hidden":!0,className:"sources-mark"}),e.jsx(Zs,{source:c,permission:t,catalogue:i})]},[c.granted,c.resourceId,c.groupId].join())),l>0&&e.jsxs(x,{component:"li",size:"sm",c:"dimmed",children:["and ",l," more"]})]})}function Zs({source:n,permission:s,catalogue:t}){return e.jsxs(e.Fragment,{children:[n.groupId?e.jsxs(e.Fragment,{children:["Through ",e.jsx(Ps,{id:n.groupId})]}):"Directly",n.granted!==s&&e.jsxs(e.Fragment,{children:[", with ",t.titleOf(n.granted)]}),", on"," ",e.jsx(F,{id:n.resourceId})," ",e.jsxs(x,{span:!0,inherit:!0,c:"dimmed",children:["· granted ",e.jsx(de,{value:n.createTime})," by ",e.jsx(ue,{user:n.createdBy,isInText:!0})]})]})}function Vs({name:n,principalId:s,resourceId:t,catalogue:i}){const[a,r]=g.useState(!1),[h,o]=g.useState(null),m=g.useId(),l=i.inOrder(i.givenBy(n));return e.jsxs("li",{className:"held-item",children:[e.jsxs($,{gap:6,align:"flex-start",children:[e.jsx(A,{name:n,catalogue:i}),e.jsx(ie,{principalId:s,resourceId:t,permission:n,catalogue:i}),l.length>0&&e.jsxs(z,{variant:"subtle",size:"compact-sm",ml:-8,"aria-expanded":a,"aria-controls":m,rightSection:e.jsx(Je,{size:14,style:a?{transform:"rotate(180deg)"}:{}}),onClick:()=>r(!a),children:[a?"Hide":"Show"," the ",l.length," that it gives"]})]}),e.jsx(Te,{expanded:a,id:m,children:a&&e.jsx(qe,{component:"ul",cols:{base:1,sm:2,lg:3},spacing:"xs",className:"given",children:l.map(c=>e.jsxs("li",{children:[e.jsx(A,{name:c,catalogue:i}),e.jsx(L,{label:"Where it comes from",children:e.jsx(J,{variant:"subtle",color:"gray","aria-label":`Where ${i.titleOf(c)} comes from`,onClick:()=>o(c),children:e.jsx(is,{size:16})})})]},c))})}),h&&e.jsx(Z,{opened:!0,onClose:()=>o(null),title:`Where ${i.titleOf(h)} comes from`,size:"lg",children:e.jsxs($,{children:[e.jsx(x,{size:"sm",children:i.byName.get(h)?.description}),e.jsx(ie,{principalId:s,resourceId:t,permission:h,catalogue:i})]})})]})}const Ks=8;function Js({principalId:n,on:s,onChange:t,isAdmin:i,catalogue:a}){const[r,h]=g.useState(!1),o=N(vs,{principalId:n,resourceId:s}),m=n.startsWith("group_"),l=o.data?.effectivePermissions.permissions,c=l&&a?a.outermost(l):void 0,d=r?c:c?.slice(0,Ks);return e.jsxs(B,{title:m?"What its members may do":"Permissions in effect",description:`Grants add up: those made here${m?" and":","} on the levels above${m?"":", and through groups"}. A token can carry less: its scopes, who generated it, and the organization's policy cut it down.`,actions:i&&e.jsx(Ie,{label:"Permissions on",isCompact:!0,value:s,onChange:t}),children:[o.error&&e.jsx(De,{error:o.error,retry:o.refetch}),!o.error&&!d&&e.jsxs($,{p:"md",pt:0,gap:"md",children:[e.jsx(R,{h:70}),e.jsx(R,{h:70})]}),d?.length===0&&e.jsx(W,{icon:rs,title:"No permissions here",children:m?"Nothing was granted to this group here: being in it gives nothing.":"Nothing was granted here, on a level above, or through a group: tokens are accepted, and may do nothing."}),d&&d.length>0&&a&&e.jsx("ul",{className:`held ${o.isStale?"stale":""}`,"aria-label":"Permissions in effect",children:d.map(j=>e.jsx(Vs,{name:j,principalId:n,resourceId:s,catalogue:a},j))}),c&&d&&c.length>d.length&&e.jsx(x,{component:"div",p:"md",pt:0,children:e.jsxs(z,{variant:"default",size:"xs",onClick:()=>h(!0),children:["Show all ",c.length]})})]})}function Ys({principalId:n}){const s=M(),t=_e(),i=K(),a=Q(),r=Gs(),{values:h,set:o}=Ee(["on"]),m=a&&h.on?h.on:s,l=n.startsWith("group_"),c=a||i?.permissions.includes("organization:groups:write"),d=N(Ue,{organizationId:s,memberId:n},{pause:l||!c}),j=g.useMemo(()=>l||!c||d.error?new Map:d.data&&new Map(d.data.groups.nodes.map(f=>[f.id,f.name])),[l,c,d.data,d.error]),y=a||i?.user.id===n;return t?e.jsx(Ns,{on:m,isAdmin:a,children:e.jsx(je,{value:j,children:e.jsxs($,{gap:"lg",children:[y&&e.jsx(Js,{principalId:n,on:m,onChange:f=>o({on:f===s?null:f}),isAdmin:a,catalogue:r}),a&&e.jsx(Us,{principalId:n,catalogue:r}),!y&&e.jsx(B,{title:"Permissions",children:e.jsxs(W,{icon:Le,title:"Shown to organization admins",children:["To see and change what was granted, you need"," ",e.jsx("span",{className:"mono",children:"role:organization:admin"}),"."]})}),!l&&c&&e.jsx(Ms,{principalId:n,reading:d})]})})}):e.jsx(R,{h:320})}const dn=Object.freeze(Object.defineProperty({__proto__:null,Access:Ys},Symbol.toStringTag,{value:"Module"}));export{Ys as A,W as E,ms as I,ye as L,$s as R,Gs as a,dn as b,Q as u};
