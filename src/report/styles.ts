// The style sheet of the report: light and dark, screen and paper, 400 px and wide, without a network.

export const REPORT_CSS = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1a2129;--soft:#57626f;--rule:#dfe3e8;--stable:#2463a8;--canary:#b8500b;--good:#17703a;--caution:#8a5a00;--bad:#b3261e;--neutral:#2463a8;--area:#b8500b1f}
@media (prefers-color-scheme:dark){:root{--page:#11161c;--card:#1a2129;--ink:#e6eaef;--soft:#9fabb8;--rule:#313b46;--stable:#7fb4ee;--canary:#f0985a;--good:#69cf92;--caution:#e3b557;--bad:#ff8f86;--neutral:#7fb4ee;--area:#f0985a2b}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
main,footer,header{max-width:1080px;margin:0 auto;padding:0 20px}
header{padding-top:28px}
h1{font-size:1.05rem;font-weight:600;margin:0;color:var(--soft)}
h1 b{color:var(--ink)}
h2{font-size:1.05rem;margin:0 0 12px}
p{margin:0}
code{font:0.86em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.verdict{margin:16px 0 20px;padding:20px 22px;background:var(--card);border:1px solid var(--rule);border-left:6px solid var(--tone);border-radius:8px}
.verdict .what{font-size:1.55rem;line-height:1.25;font-weight:650;color:var(--tone)}
.verdict .why{margin-top:8px;font-size:1.08rem;max-width:72ch}
.verdict .when{margin-top:8px;color:var(--soft);font-size:.92rem}
.good{--tone:var(--good)}.caution{--tone:var(--caution)}.bad{--tone:var(--bad)}.neutral{--tone:var(--neutral)}
.numbers{display:grid;grid-template-columns:repeat(3,1fr);gap:16px;margin:0 0 20px}
.numbers div{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:14px 18px}
.numbers dt{color:var(--soft);font-size:.88rem}
.numbers dd{margin:0}
.numbers .value{font-size:1.7rem;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums}
.numbers .note{color:var(--soft);font-size:.84rem}
section{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:18px 22px;margin:0 0 20px}
table{border-collapse:collapse;width:100%;font-size:.93rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);font-size:.88rem;padding-bottom:8px}
th,td{text-align:left;padding:8px 12px 8px 0;border-top:1px solid var(--rule);vertical-align:top;font-weight:400}
thead th{color:var(--soft);font-size:.84rem;border-top:0;white-space:nowrap}
tbody th{font-weight:600;min-width:7.5rem}
.number{text-align:right;white-space:nowrap;padding-right:20px}
.nowrap{white-space:nowrap}
.look{color:var(--tone);font-weight:600;white-space:nowrap}
dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:6px 20px;margin:0;font-size:.93rem}
dl.facts dt{color:var(--soft)}
dl.facts dd{margin:0}
.none{color:var(--soft)}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:20px;align-items:start}
.chart{display:block;width:100%;height:auto;font:12px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
.chart text{fill:var(--soft)}
.chart .panel-title{fill:var(--ink);font-weight:600;font-size:13px}
.chart .middle{text-anchor:middle}.chart .end{text-anchor:end}
.chart path,.chart line{fill:none;stroke-width:2}
.chart .grid{stroke:var(--rule);stroke-width:1}
.chart .weight-line{stroke:var(--canary)}.chart .weight-area{fill:var(--area);stroke:none}
.chart .canary-line{stroke:var(--canary)}.chart .canary-dot{fill:var(--canary)}
.chart .stable-line{stroke:var(--stable);stroke-dasharray:6 3}.chart .stable-dot{fill:var(--stable)}
.chart .allowed-line{stroke:var(--bad);stroke-dasharray:2 4}
.chart .step{fill:var(--canary);font-weight:600}
.chart .marks line{stroke:var(--soft);stroke-width:1;stroke-dasharray:3 3}
.chart .marks rect{fill:var(--ink)}.chart .marks text{fill:var(--card);font-weight:600;font-size:11px}
.narrow{display:none!important}
footer{color:var(--soft);font-size:.84rem;padding-bottom:32px}
@media (max-width:720px){
main,footer,header{padding-left:12px;padding-right:12px}
.numbers,.pair{grid-template-columns:1fr;gap:12px}
.pair section{margin:0}.pair{margin-bottom:20px}
.numbers div{padding:10px 16px}
.verdict{padding:16px}.verdict .what{font-size:1.3rem}
section{padding:16px 14px}
.wide{display:none!important}.narrow{display:block!important}
dl.facts{grid-template-columns:minmax(7rem,40%) 1fr;gap:6px 12px}
table.stacked,table.stacked tbody,table.stacked tr,table.stacked td,table.stacked th{display:block;border:0}
table.stacked caption{display:block}
table.stacked thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
table.stacked tr{border-top:1px solid var(--rule);padding:8px 0}
table.stacked td,table.stacked tbody th{padding:1px 0;text-align:left;white-space:normal}
table.story td:not(:last-child){display:inline;padding-right:10px;color:var(--soft);font-size:.88rem}
table.stacked td[data-label]::before{content:attr(data-label) "  ";color:var(--soft);display:inline-block;min-width:7.5rem}
}
@media print{
:root{--page:#fff;--card:#fff;--ink:#000;--soft:#444;--rule:#bbb;--stable:#2463a8;--canary:#b8500b;--good:#17703a;--caution:#8a5a00;--bad:#b3261e;--neutral:#2463a8;--area:#b8500b1f}
@page{size:A4;margin:14mm}
body{font-size:11pt}
main,footer,header{max-width:none;padding:0}
section,.verdict,.numbers div{break-inside:avoid;border-color:#bbb}
section.long{break-inside:auto}tr{break-inside:avoid}thead{display:table-header-group}
.wide{display:block!important}.narrow{display:none!important}
.chart .marks rect{fill:#000}.chart .marks text{fill:#fff}
}
`;

/** SHA-256 of the style sheet in base64: the only style that the report's content policy allows. */
export const REPORT_CSS_SHA256 = 'Cw1Mk/3u36Ov3N1oRaPpRV/hzMmFXHvJlDaSDGM+fPA=';
