import{j as r}from"./preload-helper-CPV15rit.js";import{P as t}from"./index-B0vbLnWL.js";function s(){return r.jsx(t,{title:"Groups",children:null})}export{s as default};
