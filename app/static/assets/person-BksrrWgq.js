import{j as r}from"./preload-helper-CPV15rit.js";import{P as e}from"./index-B0vbLnWL.js";function n(){return r.jsx(e,{title:"Person",children:null})}export{n as default};
