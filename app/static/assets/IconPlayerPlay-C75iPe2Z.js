import{c as a}from"./index-BKlBIX0s.js";const e=[["path",{d:"M7 4v16l13 -8l-13 -8",key:"svg-0"}]],l=a("outline","player-play","PlayerPlay",e);export{l as I};
