// The style sheet where there is little room, and on paper.

export const NARROW_CSS = `
@media screen and (max-width:720px){
main,footer,header{padding-left:12px;padding-right:12px}
.numbers{grid-template-columns:1fr;gap:10px}
.numbers div{padding:10px 14px}
.verdict{padding:16px}.verdict .what{font-size:1.3rem}
section{padding:16px 14px}
.chart.wide{display:none}.chart.narrow{display:block}
.strip{display:grid;grid-template-columns:1fr 1fr}
dl.facts{grid-template-columns:minmax(7rem,36%) 1fr;gap:6px 12px}
.stacked,.stacked tbody,.stacked tr,.stacked td,.stacked th,.stacked caption{display:block;border:0;width:auto!important}
.stacked thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.stacked tr{border-top:1px solid var(--rule);padding:8px 0}
.stacked td,.stacked tbody th{padding:1px 0;text-align:left;white-space:normal}
.stacked td[data-label]{display:grid;grid-template-columns:7.2rem 1fr}
.stacked td[data-label]::before{content:attr(data-label);color:var(--soft)}
.stacked td[data-label]>*{grid-column:2}
.stacked td.empty{display:none!important}
.on-card{display:inline}
.story td:not(:last-child),.story tbody th{display:inline;padding-right:8px;font-size:.88rem}
}
`;

export const PRINT_CSS = `
@media print{
:root{color-scheme:light;--page:#fff;--card:#fff;--ink:#000;--soft:#444;--rule:#bbb;--tint:#f3f3f3;--stable:#2463a8;--canary:#b3480a;--good:#146636;--caution:#835500;--bad:#b3261e;--neutral:#2463a8;--area:#b3480a1f;--hatch:#b3261e29}
@page{size:A4;margin:14mm}
body{font-size:10.5pt;print-color-adjust:exact}
main,footer,header{max-width:none;padding:0}
nav,.skip,.plot-live{display:none!important}
section{border:0;border-top:1px solid #bbb;border-radius:0;padding:12px 0 0}
#section-verdict{border:0}
.verdict,.numbers div,.plot,tr,.sign,pre{break-inside:avoid}
h2,h3,summary,caption{break-after:avoid}
thead{display:table-header-group}
table{font-size:9pt}
th,td{padding-right:10px}
.story td:nth-child(4){min-width:4.6rem}
details::details-content{content-visibility:visible;block-size:auto;display:block}
summary{list-style:none}
a{color:inherit;text-decoration:none}
}
`;
