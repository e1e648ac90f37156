import{j as e}from"./preload-helper-CPV15rit.js";import{P as t}from"./index-B0vbLnWL.js";function n(){return e.jsx(t,{title:"Token",children:null})}export{n as default};
