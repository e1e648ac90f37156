import{j as t}from"./preload-helper-CPV15rit.js";import{P as r}from"./index-B0vbLnWL.js";function o(){return t.jsx(r,{title:"Application user",children:null})}export{o as default};
