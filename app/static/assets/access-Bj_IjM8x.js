import{j as e,r as g}from"./preload-helper-DGcySwpN.js";import{c as S,G as O,bh as ke,d as f,j as M,l as A,t as N,M as Z,S as $,f as oe,a4 as K,B as z,m as T,s as D,n as _,g as P,az as V,a2 as E,A as re,L as ae,a3 as U,r as ce,y as le,C as be,ai as J,T as Ne,bi as Pe,am as Se,I as $e,bj as ze,a5 as Me,o as Ce,q as Oe,D as Ge,v as Re,E as de,e as q,bk as Ae,aw as Te,a8 as De,p as _e,af as Ee}from"./index-BdGe4Arv.js";import{A as Le,d as Be,R as We,H as Fe,e as He}from"./holds-permissions-BWEmVaYz.js";import{S as L}from"./section-DSlqpt3N.js";import{u as me,S as Ue}from"./SimpleGrid-h4Bx802S.js";import{I as qe}from"./IconInfoCircle-BFedKd-s.js";import{L as F}from"./List-CaOuFLWR.js";import{a as he}from"./copyable-Dw0jGHSX.js";import{a as Ze,I as Ke}from"./IconTrash-BH4sw4zN.js";import{U as ue}from"./user-link-KD2HiDKj.js";import{I as Ve}from"./IconChevronDown-D_K92GPL.js";const Je=[["path",{d:"M12 3l8 4.5l0 9l-8 4.5l-8 -4.5l0 -9l8 -4.5",key:"svg-0"}],["path",{d:"M12 12l8 -4.5",key:"svg-1"}],["path",{d:"M12 12l0 9",key:"svg-2"}],["path",{d:"M12 12l-8 -4.5",key:"svg-3"}]],Ye=S("outline","box","Box",Je);const Qe=[["path",{d:"M3 21l18 0",key:"svg-0"}],["path",{d:"M9 8l1 0",key:"svg-1"}],["path",{d:"M9 12l1 0",key:"svg-2"}],["path",{d:"M9 16l1 0",key:"svg-3"}],["path",{d:"M14 8l1 0",key:"svg-4"}],["path",{d:"M14 12l1 0",key:"svg-5"}],["path",{d:"M14 16l1 0",key:"svg-6"}],["path",{d:"M5 21v-16a2 2 0 0 1 2 -2h10a2 2 0 0 1 2 2v16",key:"svg-7"}]],Xe=S("outline","building","Building",Qe);const es=[["path",{d:"M6 6v6a3 3 0 0 0 3 3h10l-4 -4m0 8l4 -4",key:"svg-0"}]],ss=S("outline","corner-down-right","CornerDownRight",es);const ns=[["path",{d:"M3 19a2 2 0 1 0 4 0a2 2 0 0 0 -4 0",key:"svg-0"}],["path",{d:"M19 7a2 2 0 1 0 0 -4a2 2 0 0 0 0 4",key:"svg-1"}],["path",{d:"M11 19h5.5a3.5 3.5 0 0 0 0 -7h-8a3.5 3.5 0 0 1 0 -7h4.5",key:"svg-2"}]],ts=S("outline","route","Route",ns);const is=[["path",{d:"M17.67 17.667a12 12 0 0 1 -5.67 3.333a12 12 0 0 1 -8.5 -15c.794 .036 1.583 -.006 2.357 -.124m3.128 -.926a11.997 11.997 0 0 0 3.015 -1.95a12 12 0 0 0 8.5 3a12 12 0 0 1 -1.116 9.376",key:"svg-0"}],["path",{d:"M3 3l18 18",key:"svg-1"}]],os=S("outline","shield-off","ShieldOff",is);const rs=[["path",{d:"M12.462 20.87c-.153 .047 -.307 .09 -.462 .13a12 12 0 0 1 -8.5 -15a12 12 0 0 0 8.5 -3a12 12 0 0 0 8.5 3a12 12 0 0 1 .11 6.37",key:"svg-0"}],["path",{d:"M16 19h6",key:"svg-1"}],["path",{d:"M19 16v6",key:"svg-2"}]],se=S("outline","shield-plus","ShieldPlus",rs);const as=[["path",{d:"M3 17a2 2 0 0 1 2 -2h2a2 2 0 0 1 2 2v2a2 2 0 0 1 -2 2h-2a2 2 0 0 1 -2 -2l0 -2",key:"svg-0"}],["path",{d:"M15 17a2 2 0 0 1 2 -2h2a2 2 0 0 1 2 2v2a2 2 0 0 1 -2 2h-2a2 2 0 0 1 -2 -2l0 -2",key:"svg-1"}],["path",{d:"M9 5a2 2 0 0 1 2 -2h2a2 2 0 0 1 2 2v2a2 2 0 0 1 -2 2h-2a2 2 0 0 1 -2 -2l0 -2",key:"svg-2"}],["path",{d:"M6 15v-1a2 2 0 0 1 2 -2h8a2 2 0 0 1 2 2v1",key:"svg-3"}],["path",{d:"M12 9l0 3",key:"svg-4"}]],cs=S("outline","sitemap","Sitemap",as);const ls=[["path",{d:"M8 7a4 4 0 1 0 8 0a4 4 0 0 0 -8 0",key:"svg-0"}],["path",{d:"M6 21v-2a4 4 0 0 1 4 -4h4c.348 0 .686 .045 1.009 .128",key:"svg-1"}],["path",{d:"M16 19h6",key:"svg-2"}]],ds=S("outline","user-minus","UserMinus",ls);const ms=[["path",{d:"M5 7a4 4 0 1 0 8 0a4 4 0 0 0 -8 0",key:"svg-0"}],["path",{d:"M3 21v-2a4 4 0 0 1 4 -4h4c.96 0 1.84 .338 2.53 .901",key:"svg-1"}],["path",{d:"M16 3.13a4 4 0 0 1 0 7.75",key:"svg-2"}],["path",{d:"M16 19h6",key:"svg-3"}],["path",{d:"M19 16v6",key:"svg-4"}]],hs=S("outline","users-plus","UsersPlus",ms);function B({icon:n,title:s,children:t}){return e.jsxs(O,{wrap:"nowrap",align:"flex-start",gap:"md",px:"md",pt:4,pb:"lg",children:[e.jsx(ke,{size:40,radius:"xl",variant:"light",color:"gray",children:e.jsx(n,{size:22,stroke:1.6})}),e.jsxs("div",{children:[e.jsx(f,{fw:550,children:s}),e.jsx(f,{size:"sm",c:"dimmed",maw:620,component:"div",children:t})]})]})}function us({isOpen:n,onClose:s,principalId:t,among:i}){const l=M(),[r,h]=A(Le),[o,d]=g.useState(null),[c,a]=g.useState(""),[m,j]=g.useState(null),[x]=me(c.trim(),250),y=x===o?.name?null:x||null,b=N(Be,{organizationId:l,search:y},{pause:!n}),k=b.data?.groups.nodes??[],p=o&&!k.some(({id:v})=>v===o.id)?[o,...k]:k;async function w(v){if(v.preventDefault(),!o)return j("Choose a group.");const u=await r({input:{groupId:o.id,userIds:[t]}});if(u){if(T(u))return D(u);d(null),s(),_.show({color:"teal",message:`Added to ${u.group.name}.`})}}return e.jsx(Z,{opened:n,onClose:s,title:"Add to group",keepMounted:!1,children:e.jsx("form",{onSubmit:v=>{w(v)},noValidate:!0,children:e.jsxs($,{children:[e.jsx(oe,{label:"Group",description:"Type a part of its name.",data:p.map(v=>({value:v.id,label:v.name,disabled:!v.viewerCanChangeMembers||i.includes(v.id)})),value:o?.id??null,onChange:v=>{j(null),d(p.find(u=>u.id===v)??null)},searchable:!0,filter:({options:v})=>v,onSearchChange:a,renderOption:({option:v})=>{const u=p.find(({id:I})=>I===v.value);return e.jsxs("div",{children:[v.label,e.jsx("div",{className:"note",children:u&&ps(u,i.includes(u.id))})]})},nothingFoundMessage:b.error?"The search failed":"No group has this name",error:m,withScrollArea:!1,classNames:{options:"choices"},"data-autofocus":!0}),o?.holdsPermissions&&e.jsxs(K,{color:"yellow",icon:e.jsx(qe,{}),children:[o.name," holds permissions: whoever is in it holds them at once."]}),e.jsxs(O,{justify:"flex-end",children:[e.jsx(z,{variant:"default",onClick:s,children:"Cancel"}),e.jsx(z,{type:"submit",loading:h,children:"Add"})]})]})})})}function ps(n,s){return s?"Is in it already":n.holdsPermissions?n.viewerCanChangeMembers?"Holds permissions":"Organization admins only":"Holds no permission"}const gs=P`
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
    `,fs=P`
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
    `,xs=P`
    query EffectivePermissions($principalId: ID!, $resourceId: ID!) {
  effectivePermissions(principalId: $principalId, resourceId: $resourceId) {
    permissions
  }
}
    `,vs=P`
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
    `,js=P`
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
    `,ys=P`
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
    ${pe}`,Is=P`
    query GroupName($id: ID!) {
  group(id: $id) {
    id
    name
  }
}
    `,ws=100,C={ORGANIZATION:"Organization",ORGANIZATIONAL_UNIT:"Organizational unit",PROJECT:"Project"},ks={ORGANIZATION:Xe,ORGANIZATIONAL_UNIT:cs,PROJECT:Ye},xe=g.createContext({places:new Map,isComplete:!1,isReading:!0});function Y(){return g.useContext(xe)}function bs({on:n,isAdmin:s,children:t}){const i=M(),l=V()?.organizationName??"",r=N(ge,{organizationId:i,first:ws,search:null},{pause:!s}),h=N(fe,{id:n},{pause:!s||n===i}),o=g.useMemo(()=>{const d=new Map,c={id:i,kind:"ORGANIZATION",name:l};for(const m of[c,...r.data?.resources.nodes??[],...ve(h.data?.resource)])d.has(m.id)||d.set(m.id,m);const a=r.data?.resources.pageInfo.hasNextPage===!1;return{places:d,isComplete:a,isReading:s&&r.isLoading}},[i,l,r.data,r.isLoading,h.data,s]);return e.jsx(xe,{value:o,children:t})}function ve(n){const s=[];for(let t=n;t;t=t.parent)s.push(t);return s}function W({id:n}){const{places:s,isReading:t}=Y(),i=s.get(n),l=Q(),r=N(fe,{id:n},{pause:!l||t||!!i}),h=ve(r.data?.resource),o=i??h[0];if(!o)return e.jsx("span",{className:"mono",children:n});const d=ks[o.kind],c=i?.parent??h[1];return e.jsx(E,{label:c?`${C[o.kind]} in ${c.name}`:C[o.kind],children:e.jsxs("span",{className:"place",children:[e.jsx(d,{size:16,stroke:1.7,"aria-label":C[o.kind]}),o.name]})})}const je=g.createContext(void 0);function Ns({id:n}){const s=g.useContext(je),t=Q(),{data:i}=N(Is,{id:n},{pause:!t||!s||s.has(n)});return e.jsx(re,{component:ae,href:`/groups/${n}`,inherit:!0,underline:"always",style:{overflowWrap:"anywhere"},children:s?.get(n)??i?.group?.name??e.jsx("span",{className:"mono",children:n})})}function Q(){return V()?.permissions.includes("role:organization:admin")??!1}function R({name:n,catalogue:s,isDescribed:t=!1}){const i=s?.byName.get(n);return e.jsxs("div",{style:{minWidth:0},children:[e.jsxs(O,{gap:8,children:[e.jsx(f,{span:!0,fw:550,style:{overflowWrap:"anywhere"},children:i?.title??n}),i?.isRole&&e.jsx(U,{variant:"light",color:"iris",radius:"sm",size:"sm",tt:"none",children:"Role"})]}),i?.title&&e.jsx(f,{size:"sm",c:"dimmed",className:"mono",children:n}),t&&i&&e.jsx(f,{size:"sm",children:i.description}),s&&!i&&e.jsx(f,{size:"sm",c:"dimmed",children:"It left the catalogue, and gives nothing."})]})}const H=8;function Ps({principalId:n,grant:s,catalogue:t,onClose:i}){const[l,r]=A(ys),[h,o]=g.useState(!1),d=n.startsWith("group_"),c=t?.inOrder(t.givenBy(s.permission))??[];async function a(){const{resourceId:m,permission:j}=s,x=await l({input:{principalId:n,resourceId:m,permissions:[j]}});if(!x)return;if(x.__typename==="LastAdministratorError")return o(!0);if(T(x))return D(x);i();const y=t?.titleOf(j)??j;_.show({color:"teal",message:`${y} was revoked.`})}return e.jsxs(he,{title:"Revoke this permission?",action:"Revoke",isBusy:r,isDisabled:h,onConfirm:()=>{a()},onClose:i,children:[h&&e.jsx(ye,{}),e.jsx(R,{name:s.permission,catalogue:t,isDescribed:!0}),e.jsxs(f,{size:"sm",children:["It was granted on ",e.jsx(W,{id:s.resourceId}),"."]}),c.length>0&&e.jsxs("div",{children:[e.jsx(f,{size:"sm",children:"It takes with it what the role gives:"}),e.jsxs(F,{size:"sm",mt:4,children:[c.slice(0,H).map(m=>e.jsx(F.Item,{children:t?.titleOf(m)},m)),c.length>H&&e.jsxs(F.Item,{children:["and ",c.length-H," more"]})]})]}),e.jsx(f,{size:"sm",c:"dimmed",children:d?"It ends at once for every member. What they hold otherwise stays.":"It ends at once, for tokens too. What is held through groups or on levels above stays."})]})}function ye(){return e.jsx(K,{color:"red",role:"alert",icon:e.jsx(Ze,{}),title:"The organization would be without an administrator",children:"Nothing was changed. Make another person an administrator first: grant them Organization admin on the organization."})}function Ss({group:n,user:s,onClose:t}){const[i,l]=A(We),[r,h]=g.useState(!1);async function o(){const d=await i({input:{groupId:n.id,userIds:[s.id]}});if(d){if(d.__typename==="LastAdministratorError")return h(!0);if(T(d))return D(d);t(),_.show({color:"teal",message:s.name?`${s.name} was removed from ${n.name}.`:`Removed from ${n.name}.`})}}return e.jsxs(he,{title:s.name?`Remove ${s.name} from ${n.name}?`:`Remove from ${n.name}?`,action:"Remove",isBusy:l,isDisabled:r,onConfirm:()=>{o()},onClose:t,children:[r&&e.jsx(ye,{}),e.jsx(f,{size:"sm",children:n.holdsPermissions?"What is held through this group alone ends at once, for tokens too. What is held directly or through other groups stays.":"The group holds no permission, so nothing else changes."})]})}const $s="It holds permissions, so only organization admins change who is in it.";function zs({principalId:n,reading:s}){const[t,{open:i,close:l}]=ce(),[r,h]=g.useState(null),o=s.data?.groups,d=[{key:"name",title:"Group",width:"50%",render:c=>e.jsxs("div",{style:{minWidth:0},children:[e.jsx(re,{component:ae,href:`/groups/${c.id}`,fw:550,style:{overflowWrap:"anywhere"},children:c.name}),c.description&&e.jsx(f,{size:"sm",c:"dimmed",lineClamp:1,children:c.description})]})},{key:"permissions",title:"Permissions",render:c=>e.jsx(Fe,{group:c})},{key:"acts",title:"Acts",isTitleHidden:!0,width:60,render:c=>e.jsx(E,{label:c.viewerCanChangeMembers?"Remove from the group":$s,multiline:!0,maw:280,children:e.jsx(J,{variant:"subtle",color:"red","aria-label":`Remove from ${c.name}`,...!c.viewerCanChangeMembers&&{"data-disabled":!0,"aria-disabled":!0},onClick:()=>c.viewerCanChangeMembers&&h(c),children:e.jsx(ds,{size:18,stroke:1.7})})})}];return e.jsxs(L,{title:"Groups",description:"What a group holds, each of its members holds.",actions:e.jsx(z,{variant:"default",leftSection:e.jsx(hs,{size:18}),onClick:i,children:"Add to group"}),children:[e.jsx(le,{caption:"Groups",columns:d,reading:s,rows:o?.nodes,rowKey:c=>c.id,expected:2,empty:e.jsx(B,{icon:be,title:"In no group",children:"Whoever is in a group holds what the group was granted, until they are taken out."})}),o?.pageInfo.hasNextPage&&e.jsxs(f,{size:"sm",c:"dimmed",p:"md",children:["The first ",o.nodes.length," by name are shown."]}),e.jsx(us,{isOpen:t,onClose:l,principalId:n,among:o?.nodes.map(c=>c.id)??[]}),r&&e.jsx(Ss,{group:r,user:{id:n},onClose:()=>h(null)})]})}const Ms="*";class Cs{constructor(s){this.entries=s,this.byName=new Map(s.map(t=>[t.name,t]))}entries;byName;titleOf(s){return this.byName.get(s)?.title??s}givenBy(s){const t=new Set,i=[s];for(const l of i)for(const r of this.byName.get(l)?.includes??[]){const h=r===Ms?this.entries.map(o=>o.name):[r];for(const o of h)o===s||t.has(o)||(t.add(o),i.push(o))}return t}outermost(s){const t=new Set(s.flatMap(i=>[...this.givenBy(i)]));return this.inOrder(s.filter(i=>!t.has(i)))}inOrder(s){const t=new Map(this.entries.map((l,r)=>[l.name,r])),i=l=>t.get(l)??this.entries.length;return[...s].sort((l,r)=>i(l)-i(r))}opened(s){return new Set([...s].flatMap(t=>[t,...this.givenBy(t)]))}}function Os(){const{data:n}=N(gs,{});return g.useMemo(()=>n&&new Cs(n.permissionCatalogue),[n])}function Gs({entries:n,picked:s,held:t,error:i,onChange:l}){const[r,h]=g.useState(""),o=n.filter(a=>As(a,r)),d=[{title:"Roles",entries:o.filter(a=>a.isRole)},{title:"Permissions",entries:o.filter(a=>!a.isRole)}].filter(a=>a.entries.length>0);function c(a){l(s.includes(a)?s.filter(m=>m!==a):[...s,a])}return e.jsxs("div",{children:[e.jsx(Ne,{label:"Roles and permissions",description:"Search by name or by what it allows.",type:"search",leftSection:e.jsx(Pe,{size:16}),value:r,onChange:a=>h(a.currentTarget.value),onKeyDown:a=>a.key==="Enter"&&a.preventDefault(),error:i!==null,"data-autofocus":!0}),e.jsxs("div",{className:"picker",role:"group","aria-label":"Roles and permissions",children:[d.map(a=>e.jsx(Rs,{title:a.title,children:a.entries.map(m=>e.jsx(Se,{checked:s.includes(m.name)||t.includes(m.name),disabled:t.includes(m.name),onChange:()=>c(m.name),label:e.jsxs(O,{gap:8,children:[e.jsx(f,{span:!0,inherit:!0,fw:550,children:m.title??m.name}),m.isEnforcedHere&&e.jsx(U,{variant:"light",color:"gray",radius:"sm",size:"sm",tt:"none",children:"Enforced here"}),t.includes(m.name)&&e.jsx(U,{variant:"light",color:"teal",radius:"sm",size:"sm",tt:"none",children:"Granted already"})]}),description:e.jsxs(e.Fragment,{children:[m.description," ",e.jsx("span",{className:"mono",children:m.name})]})},m.name))},a.title)),d.length===0&&e.jsx(f,{size:"sm",c:"dimmed",ta:"center",p:"lg",children:"Nothing that can be granted on this level has this in its name or description."})]}),i&&e.jsx($e.Error,{mt:4,children:i}),e.jsx(f,{size:"xs",c:"dimmed",mt:6,children:"What is enforced here, this service asks for itself. The rest is for the platform that your organization verifies tokens with."})]})}function Rs({title:n,children:s}){const t=g.useId();return e.jsxs($,{gap:"sm",p:"sm",role:"group","aria-labelledby":t,children:[e.jsx(f,{size:"xs",fw:600,c:"dimmed",id:t,children:n}),s]})}function As(n,s){const t=`${n.name} ${n.title??""} ${n.description}`.toLowerCase();return s.toLowerCase().split(/\s+/).every(i=>t.includes(i))}const ne=30;function Ie({label:n,description:s,value:t,onChange:i,error:l,isCompact:r}){const h=M(),{places:o,isComplete:d}=Y(),[c,a]=g.useState(null),[m,j]=g.useState(""),[x]=me(m.trim(),250),y=o.get(t)??(c?.id===t?c:void 0),b=x!==""&&x!==y?.name,k=N(ge,{organizationId:h,first:ne,search:x},{pause:!b||d}),p=[...o.values()],w=b&&!d?[...p.filter(u=>u.id===h),...k.data?.resources.nodes??[]]:p.filter(u=>!b||Ts(u,x)).slice(0,ne+1),v=y&&!w.includes(y)?[y,...w]:w;return e.jsx(oe,{...r?{"aria-label":n,w:{base:"100%",xs:260}}:{label:n},description:s,error:l,data:_s(Ds(v)),value:t,allowDeselect:!1,searchable:!0,filter:({options:u})=>u,onSearchChange:j,onChange:u=>{const I=v.find(G=>G.id===u);I&&(a(I),i(I.id,I))},nothingFoundMessage:k.isStale?"Searching…":"Nothing has this name",rightSection:b&&!d&&k.isLoading?e.jsx(ze,{size:16}):void 0,withScrollArea:!1,classNames:{options:"choices"}})}function Ts(n,s){return n.name.toLowerCase().includes(s.toLowerCase())}function Ds(n){return[...new Map(n.map(s=>[s.id,s])).values()]}function _s(n){return["ORGANIZATION","ORGANIZATIONAL_UNIT","PROJECT"].map(s=>({group:s==="ORGANIZATION"?C[s]:`${C[s]}s`,items:n.filter(t=>t.kind===s).map(t=>({value:t.id,label:t.name}))})).filter(({items:s})=>s.length>0)}const Es="role:organization:admin",Ls=4;function Bs({isOpen:n,onClose:s,principalId:t,catalogue:i,held:l}){const r=M(),[h,o]=A(js),[d,c]=g.useState(),[a,m]=g.useState([]),[j,x]=g.useState(null),{id:y,kind:b}=d??{id:r,kind:"ORGANIZATION"},k=l.filter(u=>u.resourceId===y).map(u=>u.permission),p=(i?.entries??[]).filter(({levels:u})=>u.includes(b)),w=a.filter(u=>!k.includes(u)&&p.some(I=>I.name===u));async function v(u){if(u.preventDefault(),w.length===0)return x("Choose at least one role or permission.");const I=await h({input:{principalId:t,resourceId:y,permissions:w}});if(!I)return;if(T(I))return D(I);m([]),c(void 0),s();const[G,...X]=I.granted.map(ee=>i?.titleOf(ee)??ee),we=X.length>0?` and ${X.length} more`:"";_.show({color:"teal",message:G?`${G}${we} granted.`:"Nothing changed: that was granted already."})}return e.jsx(Z,{opened:n,onClose:s,title:"Grant permissions",size:"xl",keepMounted:!1,children:e.jsx("form",{onSubmit:u=>{v(u)},noValidate:!0,children:e.jsxs($,{children:[e.jsx(Ie,{label:"On",description:"A grant reaches everything below.",value:y,onChange:(u,{kind:I})=>c({id:u,kind:I})}),e.jsx(Gs,{entries:p,picked:a,held:k,error:w.length===0?j:null,onChange:m}),e.jsx(Ws,{chosen:w,resourceId:y,catalogue:i}),w.includes(Es)&&e.jsx(K,{color:"yellow",icon:e.jsx(Me,{}),children:"Organization admin may do everything here, granting included. Give it to few."}),e.jsxs(O,{justify:"flex-end",children:[e.jsx(z,{variant:"default",onClick:s,children:"Cancel"}),e.jsx(z,{type:"submit",loading:o,children:"Grant"})]})]})})})}function Ws({chosen:n,resourceId:s,catalogue:t}){const i=n.map(r=>t?.titleOf(r)??r),l=[...t?.opened(n)??[]].filter(r=>!t?.byName.get(r)?.isRole);return e.jsx(f,{size:"sm",c:"dimmed","aria-live":"polite",mih:40,component:"div",children:n.length===0?"Nothing is chosen yet.":e.jsxs(e.Fragment,{children:["Gives"," ",i.length>Ls?`these ${i.length} roles and permissions`:new Intl.ListFormat("en").format(i)," ","on ",e.jsx(W,{id:s})," at once",l.length>n.length&&`: ${l.length} permissions in all`,"."," ","Tokens that were made by somebody other than an administrator gain nothing."]})})}const Fs=100;function Hs({principalId:n,catalogue:s}){const t=M(),i=Ce(),{places:l}=Y(),r=Oe("grants"),[h,{open:o,close:d}]=ce(),[c,a]=g.useState(null),m=N(fs,{organizationId:t,principalId:n,first:Fs,after:r.after}),j=m.data?.permissionGrants,x=i?.viewerCanGrantPermissions!==!1,y=n.startsWith("group_"),b=[{key:"permission",title:"Permission",width:"44%",render:p=>e.jsx(R,{name:p.permission,catalogue:s})},{key:"on",title:"On",render:p=>e.jsx(W,{id:p.resourceId})},{key:"granted",title:"Granted",render:p=>e.jsxs("div",{children:[e.jsx(de,{value:p.createTime}),e.jsxs(f,{size:"sm",c:"dimmed",children:["by ",e.jsx(ue,{user:p.createdBy,isInText:!0})]})]})},{key:"acts",title:"Acts",isTitleHidden:!0,width:60,render:p=>{const w=`Revoke ${s?.titleOf(p.permission)??p.permission}`;return e.jsx(E,{label:"Revoke",children:e.jsx(J,{variant:"subtle",color:"red","aria-label":`${w} on ${l.get(p.resourceId)?.name??p.resourceId}`,disabled:!x,onClick:()=>a(p),children:e.jsx(Ke,{size:18,stroke:1.7})})})}}],k=e.jsx(Re,{isAllowed:x,why:"Organization admins grant permissions: role:organization:admin is missing.",variant:"default",leftSection:e.jsx(se,{size:18}),onClick:o,children:"Grant permissions"});return e.jsxs(L,{title:y?"Granted to the group":"Granted directly",description:"On the organization, a unit or a project; a grant reaches everything below.",actions:k,children:[e.jsx(le,{caption:y?"Granted to the group":"Granted directly",columns:b,reading:m,rows:j&&Us(j.nodes,t,s),rowKey:p=>`${p.resourceId} ${p.permission}`,expected:2,empty:e.jsx(B,{icon:se,title:y?"Nothing granted yet":"Nothing granted directly",children:y?"Grant the group a role or permission, and each member holds it.":"Grant a role or permission here, or add to a group that holds what is needed."})}),e.jsx(Ge,{paging:r,pageInfo:j?.pageInfo,isBusy:m.isStale}),e.jsx(Bs,{isOpen:h,onClose:d,principalId:n,catalogue:s,held:j?.nodes??[]}),c&&e.jsx(Ps,{principalId:n,grant:c,catalogue:s,onClose:()=>a(null)})]})}function Us(n,s,t){const i=t?.inOrder(new Set(n.map(r=>r.permission)))??[],l=({resourceId:r})=>r===s?"":r;return[...n].sort((r,h)=>l(r).localeCompare(l(h))||i.indexOf(r.permission)-i.indexOf(h.permission))}const te=5;function ie({principalId:n,resourceId:s,permission:t,catalogue:i}){const{data:l,error:r,isLoading:h,refetch:o}=N(vs,{principalId:n,resourceId:s,permission:t});if(h)return e.jsx(q,{h:22,maw:420});if(r)return e.jsxs(f,{size:"sm",c:"dimmed",component:"div",children:[Ae(r)," ",e.jsx(z,{variant:"subtle",size:"compact-sm",onClick:o,children:"Try again"})]});const d=l?.explainPermission??[],c=d.length-te;return e.jsxs($,{component:"ul",gap:2,m:0,p:0,className:"sources",children:[d.slice(0,te).map(a=>e.jsxs(f,{component:"li",size:"sm",children:[e.jsx(ss,{size:14,"aria-hidden":!0,className:"sources-mark"}),e.jsx(qs,{source:a,permission:t,catalogue:i})]},[a.granted,a.resourceId,a.groupId].join())),c>0&&e.jsxs(f,{component:"li",size:"sm",c:"dimmed",children:["and ",c," more"]})]})}function qs({source:n,permission:s,catalogue:t}){return e.jsxs(e.Fragment,{children:[n.groupId?e.jsxs(e.Fragment,{children:["Through ",e.jsx(Ns,{id:n.groupId})]}):"Directly",n.granted!==s&&e.jsxs(e.Fragment,{children:[", with ",t.titleOf(n.granted)]}),", on"," ",e.jsx(W,{id:n.resourceId})," ",e.jsxs(f,{span:!0,inherit:!0,c:"dimmed",children:["· granted ",e.jsx(de,{value:n.createTime})," by ",e.jsx(ue,{user:n.createdBy,isInText:!0})]})]})}function Zs({name:n,principalId:s,resourceId:t,catalogue:i}){const[l,r]=g.useState(!1),[h,o]=g.useState(null),d=g.useId(),c=i.inOrder(i.givenBy(n));return e.jsxs("li",{className:"held-item",children:[e.jsxs($,{gap:6,align:"flex-start",children:[e.jsx(R,{name:n,catalogue:i}),e.jsx(ie,{principalId:s,resourceId:t,permission:n,catalogue:i}),c.length>0&&e.jsxs(z,{variant:"subtle",size:"compact-sm",ml:-8,"aria-expanded":l,"aria-controls":d,rightSection:e.jsx(Ve,{size:14,style:l?{transform:"rotate(180deg)"}:{}}),onClick:()=>r(!l),children:[l?"Hide":"Show"," the ",c.length," that it gives"]})]}),e.jsx(Te,{expanded:l,id:d,children:l&&e.jsx(Ue,{component:"ul",cols:{base:1,sm:2,lg:3},spacing:"xs",className:"given",children:c.map(a=>e.jsxs("li",{children:[e.jsx(R,{name:a,catalogue:i}),e.jsx(E,{label:"Where it comes from",children:e.jsx(J,{variant:"subtle",color:"gray","aria-label":`Where ${i.titleOf(a)} comes from`,onClick:()=>o(a),children:e.jsx(ts,{size:16})})})]},a))})}),h&&e.jsx(Z,{opened:!0,onClose:()=>o(null),title:`Where ${i.titleOf(h)} comes from`,size:"lg",children:e.jsxs($,{children:[e.jsx(f,{size:"sm",children:i.byName.get(h)?.description}),e.jsx(ie,{principalId:s,resourceId:t,permission:h,catalogue:i})]})})]})}const Ks=8;function Vs({principalId:n,on:s,onChange:t,isAdmin:i,catalogue:l}){const[r,h]=g.useState(!1),o=N(xs,{principalId:n,resourceId:s}),d=n.startsWith("group_"),c=o.data?.effectivePermissions.permissions,a=c&&l?l.outermost(c):void 0,m=r?a:a?.slice(0,Ks);return e.jsxs(L,{title:d?"What its members may do":"Permissions in effect",description:`Grants add up: those made here${d?" and":","} on the levels above${d?"":", and through groups"}. A token can carry less: its scopes, who generated it, and the organization's policy cut it down.`,actions:i&&e.jsx(Ie,{label:"Permissions on",isCompact:!0,value:s,onChange:t}),children:[o.error&&e.jsx(De,{error:o.error,retry:o.refetch}),!o.error&&!m&&e.jsxs($,{p:"md",pt:0,gap:"md",children:[e.jsx(q,{h:70}),e.jsx(q,{h:70})]}),m?.length===0&&e.jsx(B,{icon:os,title:"No permissions here",children:d?"Nothing was granted to this group here: being in it gives nothing.":"Nothing was granted here, on a level above, or through a group: tokens are accepted, and may do nothing."}),m&&m.length>0&&l&&e.jsx("ul",{className:`held ${o.isStale?"stale":""}`,"aria-label":"Permissions in effect",children:m.map(j=>e.jsx(Zs,{name:j,principalId:n,resourceId:s,catalogue:l},j))}),a&&m&&a.length>m.length&&e.jsx(f,{component:"div",p:"md",pt:0,children:e.jsxs(z,{variant:"default",size:"xs",onClick:()=>h(!0),children:["Show all ",a.length]})})]})}function Js({principalId:n}){const s=M(),t=V(),i=Q(),l=Os(),{values:r,set:h}=_e(["on"]),o=i&&r.on?r.on:s,d=n.startsWith("group_"),c=i||t?.permissions.includes("organization:groups:write"),a=N(He,{organizationId:s,memberId:n},{pause:d||!c}),m=g.useMemo(()=>d||!c||a.error?new Map:a.data&&new Map(a.data.groups.nodes.map(x=>[x.id,x.name])),[d,c,a.data,a.error]),j=i||t?.user.id===n;return e.jsx(bs,{on:o,isAdmin:i,children:e.jsx(je,{value:m,children:e.jsxs($,{gap:"lg",children:[j&&e.jsx(Vs,{principalId:n,on:o,onChange:x=>h({on:x===s?null:x}),isAdmin:i,catalogue:l}),i&&e.jsx(Hs,{principalId:n,catalogue:l}),!j&&e.jsx(L,{title:"Permissions",children:e.jsxs(B,{icon:Ee,title:"Shown to organization admins",children:["To see and change what was granted, you need"," ",e.jsx("span",{className:"mono",children:"role:organization:admin"}),"."]})}),!d&&c&&e.jsx(zs,{principalId:n,reading:a})]})})})}const ln=Object.freeze(Object.defineProperty({__proto__:null,Access:Js},Symbol.toStringTag,{value:"Module"}));export{Js as A,B as E,ds as I,ye as L,Ss as R,Os as a,ln as b,Q as u};
