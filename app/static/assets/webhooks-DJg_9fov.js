import{j as o}from"./preload-helper-CPV15rit.js";import{P as e}from"./index-B0vbLnWL.js";function s(){return o.jsx(e,{title:"Webhooks",children:null})}export{s as default};
