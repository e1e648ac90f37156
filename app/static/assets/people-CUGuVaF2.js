import{j as e}from"./preload-helper-CPV15rit.js";import{P as t}from"./index-B0vbLnWL.js";function l(){return e.jsx(t,{title:"People",children:null})}export{l as default};
