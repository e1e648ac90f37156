import{j as r}from"./preload-helper-CPV15rit.js";import{P as t}from"./index-B0vbLnWL.js";function u(){return r.jsx(t,{title:"Group",children:null})}export{u as default};
