import{j as e,r as f}from"./preload-helper-DGcySwpN.js";import{c as P,G as O,bj as be,d as v,f as C,m as T,v as S,M as Z,S as $,j as oe,a5 as V,B as z,n as D,s as _,o as E,g as N,aB as K,a3 as L,A as re,L as ae,a4 as q,t as ce,z as le,D as Se,ak as J,T as Ne,bk as Pe,ao as $e,I as ze,bl as Ce,a6 as Me,p as Oe,r as Ge,E as Re,w as Ae,F as de,bm as Te,b as R,ay as De,aa as _e,h as Ee,q as Le,ah as Be}from"./index-BKlBIX0s.js";import{A as We,d as Fe,R as He,H as Ue,e as qe}from"./holds-permissions-oL_8df2p.js";import{S as B}from"./section-DHRnKQHO.js";import{u as me,S as Ze}from"./SimpleGrid-DRPrHqxP.js";import{I as Ve}from"./IconInfoCircle-CysNYXnD.js";import{L as H}from"./List-Cv6u1iEQ.js";import{a as he}from"./copyable-BOWJ0lx7.js";import{a as Ke,I as Je}from"./IconTrash-S_Iqx_ti.js";import{U as ue}from"./user-link-DFh151yK.js";import{I as Ye}from"./IconChevronDown-BOK3BRQb.js";const Qe=[["path",{d:"M12 3l8 4.5l0 9l-8 4.5l-8 -4.5l0 -9l8 -4.5",key:"svg-0"}],["path",{d:"M12 12l8 -4.5",key:"svg-1"}],["path",{d:"M12 12l0 9",key:"svg-2"}],["path",{d:"M12 12l-8 -4.5",key:"svg-3"}]],Xe=P("outline","box","Box",Qe);const es=[["path",{d:"M3 21l18 0",key:"svg-0"}],["path",{d:"M9 8l1 0",key:"svg-1"}],["path",{d:"M9 12l1 0",key:"svg-2"}],["path",{d:"M9 16l1 0",key:"svg-3"}],["path",{d:"M14 8l1 0",key:"svg-4"}],["path",{d:"M14 12l1 0",key:"svg-5"}],["path",{d:"M14 16l1 0",key:"svg-6"}],["path",{d:"M5 21v-16a2 2 0 0 1 2 -2h10a2 2 0 0 1 2 2v16",key:"svg-7"}]],ss=P("outline","building","Building",es);const ns=[["path",{d:"M6 6v6a3 3 0 0 0 3 3h10l-4 -4m0 8l4 -4",key:"svg-0"}]],ts=P("outline","corner-down-right","CornerDownRight",ns);const is=[["path",{d:"M3 19a2 2 0 1 0 4 0a2 2 0 0 0 -4 0",key:"svg-0"}],["path",{d:"M19 7a2 2 0 1 0 0 -4a2 2 0 0 0 0 4",key:"svg-1"}],["path",{d:"M11 19h5.5a3.5 3.5 0 0 0 0 -7h-8a3.5 3.5 0 0 1 0 -7h4.5",key:"svg-2"}]],os=P("outline","route","Route",is);const rs=[["path",{d:"M17.67 17.667a12 12 0 0 1 -5.67 3.333a12 12 0 0 1 -8.5 -15c.794 .036 1.583 -.006 2.357 -.124m3.128 -.926a11.997 11.997 0 0 0 3.015 -1.95a12 12 0 0 0 8.5 3a12 12 0 0 1 -1.116 9.376",key:"svg-0"}],["path",{d:"M3 3l18 18",key:"svg-1"}]],as=P("outline","shield-off","ShieldOff",rs);const cs=[["path",{d:"M12.462 20.87c-.153 .047 -.307 .09 -.462 .13a12 12 0 0 1 -8.5 -15a12 12 0 0 0 8.5 -3a12 12 0 0 0 8.5 3a12 12 0 0 1 .11 6.37",key:"svg-0"}],["path",{d:"M16 19h6",key:"svg-1"}],["path",{d:"M19 16v6",key:"svg-2"}]],se=P("outline","shield-plus","ShieldPlus",cs);const ls=[["path",{d:"M3 17a2 2 0 0 1 2 -2h2a2 2 0 0 1 2 2v2a2 2 0 0 1 -2 2h-2a2 2 0 0 1 -2 -2l0 -2",key:"svg-0"}],["path",{d:"M15 17a2 2 0 0 1 2 -2h2a2 2 0 0 1 2 2v2a2 2 0 0 1 -2 2h-2a2 2 0 0 1 -2 -2l0 -2",key:"svg-1"}],["path",{d:"M9 5a2 2 0 0 1 2 -2h2a2 2 0 0 1 2 2v2a2 2 0 0 1 -2 2h-2a2 2 0 0 1 -2 -2l0 -2",key:"svg-2"}],["path",{d:"M6 15v-1a2 2 0 0 1 2 -2h8a2 2 0 0 1 2 2v1",key:"svg-3"}],["path",{d:"M12 9l0 3",key:"svg-4"}]],ds=P("outline","sitemap","Sitemap",ls);const ms=[["path",{d:"M8 7a4 4 0 1 0 8 0a4 4 0 0 0 -8 0",key:"svg-0"}],["path",{d:"M6 21v-2a4 4 0 0 1 4 -4h4c.348 0 .686 .045 1.009 .128",key:"svg-1"}],["path",{d:"M16 19h6",key:"svg-2"}]],hs=P("outline","user-minus","UserMinus",ms);const us=[["path",{d:"M5 7a4 4 0 1 0 8 0a4 4 0 0 0 -8 0",key:"svg-0"}],["path",{d:"M3 21v-2a4 4 0 0 1 4 -4h4c.96 0 1.84 .338 2.53 .901",key:"svg-1"}],["path",{d:"M16 3.13a4 4 0 0 1 0 7.75",key:"svg-2"}],["path",{d:"M16 19h6",key:"svg-3"}],["path",{d:"M19 16v6",key:"svg-4"}]],ps=P("outline","users-plus","UsersPlus",us);function W({icon:n,title:s,children:t}){return e.jsxs(O,{wrap:"nowrap",align:"flex-start",gap:"md",px:"md",pt:4,pb:"lg",children:[e.jsx(be,{size:40,radius:"xl",variant:"light",color:"gray",children:e.jsx(n,{size:22,stroke:1.6})}),e.jsxs("div",{children:[e.jsx(v,{fw:550,children:s}),e.jsx(v,{size:"sm",c:"dimmed",maw:620,component:"div",children:t})]})]})}function gs({isOpen:n,onClose:s,principalId:t,among:i}){const c=C(),[o,h]=T(We),[r,m]=f.useState(null),[a,l]=f.useState(""),[d,p]=f.useState(null),[j]=me(a.trim(),250),x=j===r?.name?null:j||null,b=S(Fe,{organizationId:c,search:x},{pause:!n}),k=b.data?.groups.nodes??[],g=r&&!k.some(({id:y})=>y===r.id)?[r,...k]:k;async function w(y){if(y.preventDefault(),!r)return p("Choose a group.");const u=await o({input:{groupId:r.id,userIds:[t]}});if(u){if(D(u))return _(u);m(null),s(),E.show({color:"teal",message:`Added to ${u.group.name}.`})}}return e.jsx(Z,{opened:n,onClose:s,title:"Add to group",keepMounted:!1,children:e.jsx("form",{onSubmit:y=>{w(y)},noValidate:!0,children:e.jsxs($,{children:[e.jsx(oe,{label:"Group",description:"Type a part of its name.",data:g.map(y=>({value:y.id,label:y.name,disabled:!y.viewerCanChangeMembers||i.includes(y.id)})),value:r?.id??null,onChange:y=>{p(null),m(g.find(u=>u.id===y)??null)},searchable:!0,filter:({options:y})=>y,onSearchChange:l,renderOption:({option:y})=>{const u=g.find(({id:I})=>I===y.value);return e.jsxs("div",{children:[y.label,e.jsx("div",{className:"note",children:u&&fs(u,i.includes(u.id))})]})},nothingFoundMessage:b.error?"The search failed":"No group has this name",error:d,withScrollArea:!1,classNames:{options:"choices"},"data-autofocus":!0}),r?.holdsPermissions&&e.jsxs(V,{color:"yellow",icon:e.jsx(Ve,{}),children:[r.name," holds permissions: whoever is in it holds them at once."]}),e.jsxs(O,{justify:"flex-end",children:[e.jsx(z,{variant:"default",onClick:s,children:"Cancel"}),e.jsx(z,{type:"submit",loading:h,children:"Add"})]})]})})})}function fs(n,s){return s?"Is in it already":n.holdsPermissions?n.viewerCanChangeMembers?"Holds permissions":"Organization admins only":"Holds no permission"}const pe=N`
    fragment Source on PermissionSource {
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
    `,xs=N`
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
    `,vs=N`
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
    `,js=N`
    query EffectivePermissions($principalId: ID!, $resourceId: ID!) {
  effectivePermissions(principalId: $principalId, resourceId: $resourceId) {
    permissions
    sources(first: 100) {
      ...Source
    }
    sourceCount
  }
}
    ${pe}`,ys=N`
    query ExplainPermission($principalId: ID!, $resourceId: ID!, $permission: String!) {
  explainPermission(
    principalId: $principalId
    resourceId: $resourceId
    permission: $permission
  ) {
    ...Source
  }
}
    ${pe}`,Is=N`
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
    `,ws=N`
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
    `,ge=N`
    fragment Place on Resource {
  id
  kind
  name
}
    `,fe=N`
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
    ${ge}`,xe=N`
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
    ${ge}`,ks=N`
    query GroupName($id: ID!) {
  group(id: $id) {
    id
    name
  }
}
    `,bs=100,M={ORGANIZATION:"Organization",ORGANIZATIONAL_UNIT:"Organizational unit",PROJECT:"Project"},Ss={ORGANIZATION:ss,ORGANIZATIONAL_UNIT:ds,PROJECT:Xe},ve=f.createContext({places:new Map,isComplete:!1,isReading:!0});function Y(){return f.useContext(ve)}function Ns({on:n,isAdmin:s,children:t}){const i=C(),c=K()?.organizationName??"",o=S(fe,{organizationId:i,first:bs,search:null},{pause:!s}),h=S(xe,{id:n},{pause:!s||n===i}),r=f.useMemo(()=>{const m=new Map,a={id:i,kind:"ORGANIZATION",name:c};for(const d of[a,...o.data?.resources.nodes??[],...je(h.data?.resource)])m.has(d.id)||m.set(d.id,d);const l=o.data?.resources.pageInfo.hasNextPage===!1;return{places:m,isComplete:l,isReading:s&&o.isLoading}},[i,c,o.data,o.isLoading,h.data,s]);return e.jsx(ve,{value:r,children:t})}function je(n){const s=[];for(let t=n;t;t=t.parent)s.push(t);return s}function F({id:n}){const{places:s,isReading:t}=Y(),i=s.get(n),c=Q(),o=S(xe,{id:n},{pause:!c||t||!!i}),h=je(o.data?.resource),r=i??h[0];if(!r)return e.jsx("span",{className:"mono",children:n});const m=Ss[r.kind],a=i?.parent??h[1];return e.jsx(L,{label:a?`${M[r.kind]} in ${a.name}`:M[r.kind],children:e.jsxs("span",{className:"place",children:[e.jsx(m,{size:16,stroke:1.7,"aria-label":M[r.kind]}),r.name]})})}const ye=f.createContext(void 0);function Ps({id:n}){const s=f.useContext(ye),t=Q(),{data:i}=S(ks,{id:n},{pause:!t||!s||s.has(n)});return e.jsx(re,{component:ae,href:`/groups/${n}`,inherit:!0,underline:"always",style:{overflowWrap:"anywhere"},children:s?.get(n)??i?.group?.name??e.jsx("span",{className:"mono",children:n})})}function Q(){return K()?.permissions.includes("role:organization:admin")??!1}function A({name:n,catalogue:s,isDescribed:t=!1}){const i=s?.byName.get(n);return e.jsxs("div",{style:{minWidth:0},children:[e.jsxs(O,{gap:8,children:[e.jsx(v,{span:!0,fw:550,style:{overflowWrap:"anywhere"},children:i?.title??n}),i?.isRole&&e.jsx(q,{variant:"light",color:"iris",radius:"sm",size:"sm",tt:"none",children:"Role"})]}),i?.title&&e.jsx(v,{size:"sm",c:"dimmed",className:"mono",children:n}),t&&i&&e.jsx(v,{size:"sm",children:i.description}),s&&!i&&e.jsx(v,{size:"sm",c:"dimmed",children:"It left the catalogue, and gives nothing."})]})}const U=8;function $s({principalId:n,grant:s,catalogue:t,onClose:i}){const[c,o]=T(ws),[h,r]=f.useState(!1),m=n.startsWith("group_"),a=t?.inOrder(t.givenBy(s.permission))??[];async function l(){const{resourceId:d,permission:p}=s,j=await c({input:{principalId:n,resourceId:d,permissions:[p]}});if(!j)return;if(j.__typename==="LastAdministratorError")return r(!0);if(D(j))return _(j);i();const x=t?.titleOf(p)??p;E.show({color:"teal",message:`${x} was revoked.`})}return e.jsxs(he,{title:"Revoke this permission?",action:"Revoke",isBusy:o,isDisabled:h,onConfirm:()=>{l()},onClose:i,children:[h&&e.jsx(Ie,{}),e.jsx(A,{name:s.permission,catalogue:t,isDescribed:!0}),e.jsxs(v,{size:"sm",children:["It was granted on ",e.jsx(F,{id:s.resourceId}),"."]}),a.length>0&&e.jsxs("div",{children:[e.jsx(v,{size:"sm",children:"It takes with it what the role gives:"}),e.jsxs(H,{size:"sm",mt:4,children:[a.slice(0,U).map(d=>e.jsx(H.Item,{children:t?.titleOf(d)},d)),a.length>U&&e.jsxs(H.Item,{children:["and ",a.length-U," more"]})]})]}),e.jsx(v,{size:"sm",c:"dimmed",children:m?"It ends at once for every member. What they hold otherwise stays.":"It ends at once, for tokens too. What is held through groups or on levels above stays."})]})}function Ie(){return e.jsx(V,{color:"red",role:"alert",icon:e.jsx(Ke,{}),title:"The organization would be without an administrator",children:"Nothing was changed. Make another person an administrator first: grant them Organization admin on the organization."})}function zs({group:n,user:s,onClose:t}){const[i,c]=T(He),[o,h]=f.useState(!1);async function r(){const m=await i({input:{groupId:n.id,userIds:[s.id]}});if(m){if(m.__typename==="LastAdministratorError")return h(!0);if(D(m))return _(m);t(),E.show({color:"teal",message:s.name?`${s.name} was removed from ${n.name}.`:`Removed from ${n.name}.`})}}return e.jsxs(he,{title:s.name?`Remove ${s.name} from ${n.name}?`:`Remove from ${n.name}?`,action:"Remove",isBusy:c,isDisabled:o,onConfirm:()=>{r()},onClose:t,children:[o&&e.jsx(Ie,{}),e.jsx(v,{size:"sm",children:n.holdsPermissions?"What is held through this group alone ends at once, for tokens too. What is held directly or through other groups stays.":"The group holds no permission, so nothing else changes."})]})}const Cs="It holds permissions, so only organization admins change who is in it.";function Ms({principalId:n,reading:s}){const[t,{open:i,close:c}]=ce(),[o,h]=f.useState(null),r=s.data?.groups,m=[{key:"name",title:"Group",width:"50%",render:a=>e.jsxs("div",{style:{minWidth:0},children:[e.jsx(re,{component:ae,href:`/groups/${a.id}`,fw:550,style:{overflowWrap:"anywhere"},children:a.name}),a.description&&e.jsx(v,{size:"sm",c:"dimmed",lineClamp:1,children:a.description})]})},{key:"permissions",title:"Permissions",render:a=>e.jsx(Ue,{group:a})},{key:"acts",title:"Acts",isTitleHidden:!0,width:60,render:a=>e.jsx(L,{label:a.viewerCanChangeMembers?"Remove from the group":Cs,multiline:!0,maw:280,children:e.jsx(J,{variant:"subtle",color:"red","aria-label":`Remove from ${a.name}`,...!a.viewerCanChangeMembers&&{"data-disabled":!0,"aria-disabled":!0},onClick:()=>a.viewerCanChangeMembers&&h(a),children:e.jsx(hs,{size:18,stroke:1.7})})})}];return e.jsxs(B,{title:"Groups",description:"What a group holds, each of its members holds.",actions:e.jsx(z,{variant:"default",leftSection:e.jsx(ps,{size:18}),onClick:i,children:"Add to group"}),children:[e.jsx(le,{caption:"Groups",columns:m,reading:s,rows:r?.nodes,rowKey:a=>a.id,expected:2,empty:e.jsx(W,{icon:Se,title:"In no group",children:"Whoever is in a group holds what the group was granted, until they are taken out."})}),r?.pageInfo.hasNextPage&&e.jsxs(v,{size:"sm",c:"dimmed",p:"md",children:["The first ",r.nodes.length," by name are shown."]}),e.jsx(gs,{isOpen:t,onClose:c,principalId:n,among:r?.nodes.map(a=>a.id)??[]}),o&&e.jsx(zs,{group:o,user:{id:n},onClose:()=>h(null)})]})}const Os="*";class Gs{constructor(s){this.entries=s,this.byName=new Map(s.map(t=>[t.name,t]))}entries;byName;titleOf(s){return this.byName.get(s)?.title??s}givenBy(s){const t=new Set,i=[s];for(const c of i)for(const o of this.byName.get(c)?.includes??[]){const h=o===Os?this.entries.map(r=>r.name):[o];for(const r of h)r===s||t.has(r)||(t.add(r),i.push(r))}return t}giving(s,t){return t.filter(({granted:i})=>i===s||this.givenBy(i).has(s))}outermost(s){const t=new Set(s.flatMap(i=>[...this.givenBy(i)]));return this.inOrder(s.filter(i=>!t.has(i)))}inOrder(s){const t=new Map(this.entries.map((c,o)=>[c.name,o])),i=c=>t.get(c)??this.entries.length;return[...s].sort((c,o)=>i(c)-i(o))}opened(s){return new Set([...s].flatMap(t=>[t,...this.givenBy(t)]))}}function Rs(){const{data:n}=S(xs,{});return f.useMemo(()=>n&&new Gs(n.permissionCatalogue),[n])}function As({entries:n,picked:s,held:t,error:i,onChange:c}){const[o,h]=f.useState(""),r=n.filter(l=>Ds(l,o)),m=[{title:"Roles",entries:r.filter(l=>l.isRole)},{title:"Permissions",entries:r.filter(l=>!l.isRole)}].filter(l=>l.entries.length>0);function a(l){c(s.includes(l)?s.filter(d=>d!==l):[...s,l])}return e.jsxs("div",{children:[e.jsx(Ne,{label:"Roles and permissions",description:"Search by name or by what it allows.",type:"search",leftSection:e.jsx(Pe,{size:16}),value:o,onChange:l=>h(l.currentTarget.value),onKeyDown:l=>l.key==="Enter"&&l.preventDefault(),error:i!==null,"data-autofocus":!0}),e.jsxs("div",{className:"picker",role:"group","aria-label":"Roles and permissions",children:[m.map(l=>e.jsx(Ts,{title:l.title,children:l.entries.map(d=>e.jsx($e,{checked:s.includes(d.name)||t.includes(d.name),disabled:t.includes(d.name),onChange:()=>a(d.name),label:e.jsxs(O,{gap:8,children:[e.jsx(v,{span:!0,inherit:!0,fw:550,children:d.title??d.name}),d.isEnforcedHere&&e.jsx(q,{variant:"light",color:"gray",radius:"sm",size:"sm",tt:"none",children:"Enforced here"}),t.includes(d.name)&&e.jsx(q,{variant:"light",color:"teal",radius:"sm",size:"sm",tt:"none",children:"Granted already"})]}),description:e.jsxs(e.Fragment,{children:[d.description," ",e.jsx("span",{className:"mono",children:d.name})]})},d.name))},l.title)),m.length===0&&e.jsx(v,{size:"sm",c:"dimmed",ta:"center",p:"lg",children:"Nothing that can be granted on this level has this in its name or description."})]}),i&&e.jsx(ze.Error,{mt:4,children:i}),e.jsx(v,{size:"xs",c:"dimmed",mt:6,children:"What is enforced here, this service asks for itself. The rest is for the platform that your organization verifies tokens with."})]})}function Ts({title:n,children:s}){const t=f.useId();return e.jsxs($,{gap:"sm",p:"sm",role:"group","aria-labelledby":t,children:[e.jsx(v,{size:"xs",fw:600,c:"dimmed",id:t,children:n}),s]})}function Ds(n,s){const t=`${n.name} ${n.title??""} ${n.description}`.toLowerCase();return s.toLowerCase().split(/\s+/).every(i=>t.includes(i))}const ne=30;function we({label:n,description:s,value:t,onChange:i,error:c,isCompact:o}){const h=C(),{places:r,isComplete:m}=Y(),[a,l]=f.useState(null),[d,p]=f.useState(""),[j]=me(d.trim(),250),x=r.get(t)??(a?.id===t?a:void 0),b=j!==""&&j!==x?.name,k=S(fe,{organizationId:h,first:ne,search:j},{pause:!b||m}),g=[...r.values()],w=b&&!m?[...g.filter(u=>u.id===h),...k.data?.resources.nodes??[]]:g.filter(u=>!b||_s(u,j)).slice(0,ne+1),y=x&&!w.includes(x)?[x,...w]:w;return e.jsx(oe,{...o?{"aria-label":n,w:{base:"100%",xs:260}}:{label:n},description:s,error:c,data:Ls(Es(y)),value:t,allowDeselect:!1,searchable:!0,filter:({options:u})=>u,onSearchChange:p,onChange:u=>{const I=y.find(G=>G.id===u);I&&(l(I),i(I.id,I))},nothingFoundMessage:k.isStale?"Searching…":"Nothing has this name",rightSection:b&&!m&&k.isLoading?e.jsx(Ce,{size:16}):void 0,withScrollArea:!1,classNames:{options:"choices"}})}function _s(n,s){return n.name.toLowerCase().includes(s.toLowerCase())}function Es(n){return[...new Map(n.map(s=>[s.id,s])).values()]}function Ls(n){return["ORGANIZATION","ORGANIZATIONAL_UNIT","PROJECT"].map(s=>({group:s==="ORGANIZATION"?M[s]:`${M[s]}s`,items:n.filter(t=>t.kind===s).map(t=>({value:t.id,label:t.name}))})).filter(({items:s})=>s.length>0)}const Bs="role:organization:admin",Ws=4;function Fs({isOpen:n,onClose:s,principalId:t,catalogue:i,held:c}){const o=C(),[h,r]=T(Is),[m,a]=f.useState(),[l,d]=f.useState([]),[p,j]=f.useState(null),{id:x,kind:b}=m??{id:o,kind:"ORGANIZATION"},k=c.filter(u=>u.resourceId===x).map(u=>u.permission),g=(i?.entries??[]).filter(({levels:u})=>u.includes(b)),w=l.filter(u=>!k.includes(u)&&g.some(I=>I.name===u));async function y(u){if(u.preventDefault(),w.length===0)return j("Choose at least one role or permission.");const I=await h({input:{principalId:t,resourceId:x,permissions:w}});if(!I)return;if(D(I))return _(I);d([]),a(void 0),s();const[G,...X]=I.granted.map(ee=>i?.titleOf(ee)??ee),ke=X.length>0?` and ${X.length} more`:"";E.show({color:"teal",message:G?`${G}${ke} granted.`:"Nothing changed: that was granted already."})}return e.jsx(Z,{opened:n,onClose:s,title:"Grant permissions",size:"xl",keepMounted:!1,children:e.jsx("form",{onSubmit:u=>{y(u)},noValidate:!0,children:e.jsxs($,{children:[e.jsx(we,{label:"On",description:"A grant reaches everything below.",value:x,onChange:(u,{kind:I})=>a({id:u,kind:I})}),e.jsx(As,{entries:g,picked:l,held:k,error:w.length===0?p:null,onChange:d}),e.jsx(Hs,{chosen:w,resourceId:x,catalogue:i}),w.includes(Bs)&&e.jsx(V,{color:"yellow",icon:e.jsx(Me,{}),children:"Organization admin may do everything here, granting included. Give it to few."}),e.jsxs(O,{justify:"flex-end",children:[e.jsx(z,{variant:"default",onClick:s,children:"Cancel"}),e.jsx(z,{type:"submit",loading:r,children:"Grant"})]})]})})})}function Hs({chosen:n,resourceId:s,catalogue:t}){const i=n.map(o=>t?.titleOf(o)??o),c=[...t?.opened(n)??[]].filter(o=>!t?.byName.get(o)?.isRole);return e.jsx(v,{size:"sm",c:"dimmed","aria-live":"polite",mih:40,component:"div",children:n.length===0?"Nothing is chosen yet.":e.jsxs(e.Fragment,{children:["Gives"," ",i.length>Ws?`these ${i.length} roles and permissions`:new Intl.ListFormat("en").format(i)," ","on ",e.jsx(F,{id:s})," at once",c.length>n.length&&`: ${c.length} permissions in all`,"."," ","Tokens that were made by somebody other than an administrator gain nothing."]})})}const Us=100;function qs({principalId:n,catalogue:s}){const t=C(),i=Oe(),{places:c}=Y(),o=Ge("grants"),[h,{open:r,close:m}]=ce(),[a,l]=f.useState(null),d=S(vs,{organizationId:t,principalId:n,first:Us,after:o.after}),p=d.data?.permissionGrants,j=i?.viewerCanGrantPermissions!==!1,x=n.startsWith("group_"),b=[{key:"permission",title:"Permission",width:"44%",render:g=>e.jsx(A,{name:g.permission,catalogue:s})},{key:"on",title:"On",render:g=>e.jsx(F,{id:g.resourceId})},{key:"granted",title:"Granted",render:g=>e.jsxs("div",{children:[e.jsx(de,{value:g.createTime}),e.jsxs(v,{size:"sm",c:"dimmed",children:["by ",e.jsx(ue,{user:g.createdBy,isInText:!0})]})]})},{key:"acts",title:"Acts",isTitleHidden:!0,width:60,render:g=>{const w=`Revoke ${s?.titleOf(g.permission)??g.permission}`;return e.jsx(L,{label:"Revoke",children:e.jsx(J,{variant:"subtle",color:"red","aria-label":`${w} on ${c.get(g.resourceId)?.name??g.resourceId}`,disabled:!j,onClick:()=>l(g),children:e.jsx(Je,{size:18,stroke:1.7})})})}}],k=e.jsx(Ae,{isAllowed:j,why:"Organization admins grant permissions: role:organization:admin is missing.",variant:"default",leftSection:e.jsx(se,{size:18}),onClick:r,children:"Grant permissions"});return e.jsxs(B,{title:x?"Granted to the group":"Granted directly",description:"On the organization, a unit or a project; a grant reaches everything below.",actions:k,children:[e.jsx(le,{caption:x?"Granted to the group":"Granted directly",columns:b,reading:d,rows:p&&Zs(p.nodes,t,s),rowKey:g=>`${g.resourceId} ${g.permission}`,expected:2,empty:e.jsx(W,{icon:se,title:x?"Nothing granted yet":"Nothing granted directly",children:x?"Grant the group a role or permission, and each member holds it.":"Grant a role or permission here, or add to a group that holds what is needed."})}),e.jsx(Re,{paging:o,pageInfo:p?.pageInfo,isBusy:d.isStale}),e.jsx(Fs,{isOpen:h,onClose:m,principalId:n,catalogue:s,held:p?.nodes??[]}),a&&e.jsx($s,{principalId:n,grant:a,catalogue:s,onClose:()=>l(null)})]})}function Zs(n,s,t){const i=t?.inOrder(new Set(n.map(o=>o.permission)))??[],c=({resourceId:o})=>o===s?"":o;return[...n].sort((o,h)=>c(o).localeCompare(c(h))||i.indexOf(o.permission)-i.indexOf(h.permission))}const te=5;function ie(n){const{principalId:s,resourceId:t,permission:i,catalogue:c,grants:o}=n,{data:h,error:r,refetch:m}=S(ys,{principalId:s,resourceId:t,permission:i},{pause:o!==void 0}),a=o?c.giving(i,o):h?.explainPermission;if(!a&&r)return e.jsxs(v,{size:"sm",c:"dimmed",component:"div",children:[Te(r)," ",e.jsx(z,{variant:"subtle",size:"compact-sm",onClick:m,children:"Try again"})]});if(!a)return e.jsx(R,{h:22,maw:420});const l=a.length-te;return e.jsxs($,{component:"ul",gap:2,m:0,p:0,className:"sources",children:[a.slice(0,te).map(d=>e.jsxs(v,{component:"li",size:"sm",children:[e.jsx(ts,{size:14,"aria-hidden":!0,className:"sources-mark"}),e.jsx(Vs,{source:d,permission:i,catalogue:c})]},[d.granted,d.resourceId,d.groupId].join())),l>0&&e.jsxs(v,{component:"li",size:"sm",c:"dimmed",children:["and ",l," more"]})]})}function Vs({source:n,permission:s,catalogue:t}){return e.jsxs(e.Fragment,{children:[n.groupId?e.jsxs(e.Fragment,{children:["Through ",e.jsx(Ps,{id:n.groupId})]}):"Directly",n.granted!==s&&e.jsxs(e.Fragment,{children:[", with ",t.titleOf(n.granted)]}),", on"," ",e.jsx(F,{id:n.resourceId})," ",e.jsxs(v,{span:!0,inherit:!0,c:"dimmed",children:["· granted ",e.jsx(de,{value:n.createTime})," by ",e.jsx(ue,{user:n.createdBy,isInText:!0})]})]})}function Ks({name:n,principalId:s,resourceId:t,catalogue:i,grants:c}){const[o,h]=f.useState(!1),[r,m]=f.useState(null),a=f.useId(),l=i.inOrder(i.givenBy(n));return e.jsxs("li",{className:"held-item",children:[e.jsxs($,{gap:6,align:"flex-start",children:[e.jsx(A,{name:n,catalogue:i}),e.jsx(ie,{principalId:s,resourceId:t,permission:n,catalogue:i,grants:c}),l.length>0&&e.jsxs(z,{variant:"subtle",size:"compact-sm",ml:-8,"aria-expanded":o,"aria-controls":a,rightSection:e.jsx(Ye,{size:14,style:o?{transform:"rotate(180deg)"}:{}}),onClick:()=>h(!o),children:[o?"Hide":"Show"," the ",l.length," that it gives"]})]}),e.jsx(De,{expanded:o,id:a,children:o&&e.jsx(Ze,{component:"ul",cols:{base:1,sm:2,lg:3},spacing:"xs",className:"given",children:l.map(d=>e.jsxs("li",{children:[e.jsx(A,{name:d,catalogue:i}),e.jsx(L,{label:"Where it comes from",children:e.jsx(J,{variant:"subtle",color:"gray","aria-label":`Where ${i.titleOf(d)} comes from`,onClick:()=>m(d),children:e.jsx(os,{size:16})})})]},d))})}),r&&e.jsx(Z,{opened:!0,onClose:()=>m(null),title:`Where ${i.titleOf(r)} comes from`,size:"lg",children:e.jsxs($,{children:[e.jsx(v,{size:"sm",children:i.byName.get(r)?.description}),e.jsx(ie,{principalId:s,resourceId:t,permission:r,catalogue:i,grants:c})]})})]})}const Js=8;function Ys({principalId:n,on:s,onChange:t,isAdmin:i,catalogue:c}){const[o,h]=f.useState(!1),r=S(js,{principalId:n,resourceId:s}),m=n.startsWith("group_"),a=r.data?.effectivePermissions,l=a&&c?c.outermost(a.permissions):void 0,d=a?.sources.length===a?.sourceCount,p=o?l:l?.slice(0,Js);return e.jsxs(B,{title:m?"What its members may do":"Permissions in effect",description:`Grants add up: those made here${m?" and":","} on the levels above${m?"":", and through groups"}. A token can carry less: its scopes, who generated it, and the organization's policy cut it down.`,actions:i&&e.jsx(we,{label:"Permissions on",isCompact:!0,value:s,onChange:t}),children:[r.error&&e.jsx(_e,{error:r.error,retry:r.refetch}),!r.error&&!p&&e.jsxs($,{p:"md",pt:0,gap:"md",children:[e.jsx(R,{h:70}),e.jsx(R,{h:70})]}),p?.length===0&&e.jsx(W,{icon:as,title:"No permissions here",children:m?"Nothing was granted to this group here: being in it gives nothing.":"Nothing was granted here, on a level above, or through a group: tokens are accepted, and may do nothing."}),a&&p&&p.length>0&&c&&e.jsx("ul",{className:`held ${r.isStale?"stale":""}`,"aria-label":"Permissions in effect",children:p.map(j=>e.jsx(Ks,{name:j,principalId:n,resourceId:s,catalogue:c,grants:d?a.sources:void 0},j))}),l&&p&&l.length>p.length&&e.jsx(v,{component:"div",p:"md",pt:0,children:e.jsxs(z,{variant:"default",size:"xs",onClick:()=>h(!0),children:["Show all ",l.length]})})]})}function Qs({principalId:n}){const s=C(),t=Ee(),i=K(),c=Q(),o=Rs(),{values:h,set:r}=Le(["on"]),m=c&&h.on?h.on:s,a=n.startsWith("group_"),l=c||i?.permissions.includes("organization:groups:write"),d=S(qe,{organizationId:s,memberId:n},{pause:a||!l}),p=f.useMemo(()=>a||!l||d.error?new Map:d.data&&new Map(d.data.groups.nodes.map(x=>[x.id,x.name])),[a,l,d.data,d.error]),j=c||i?.user.id===n;return t?e.jsx(Ns,{on:m,isAdmin:c,children:e.jsx(ye,{value:p,children:e.jsxs($,{gap:"lg",children:[j&&e.jsx(Ys,{principalId:n,on:m,onChange:x=>r({on:x===s?null:x}),isAdmin:c,catalogue:o}),c&&e.jsx(qs,{principalId:n,catalogue:o}),!j&&e.jsx(B,{title:"Permissions",children:e.jsxs(W,{icon:Be,title:"Shown to organization admins",children:["To see and change what was granted, you need"," ",e.jsx("span",{className:"mono",children:"role:organization:admin"}),"."]})}),!a&&l&&e.jsx(Ms,{principalId:n,reading:d})]})})}):e.jsx(R,{h:320})}const mn=Object.freeze(Object.defineProperty({__proto__:null,Access:Qs},Symbol.toStringTag,{value:"Module"}));export{Qs as A,W as E,hs as I,Ie as L,zs as R,Rs as a,mn as b,Q as u};
