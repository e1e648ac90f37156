import{j as t}from"./preload-helper-CPV15rit.js";import{P as i}from"./index-B0vbLnWL.js";function s(){return t.jsx(i,{title:"Limits",children:null})}export{s as default};
