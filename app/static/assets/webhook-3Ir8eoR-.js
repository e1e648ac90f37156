import{j as o}from"./preload-helper-CPV15rit.js";import{P as e}from"./index-B0vbLnWL.js";function a(){return o.jsx(e,{title:"Webhook",children:null})}export{a as default};
