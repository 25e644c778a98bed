// The style sheet of the report: light and dark, screen and paper, 400 px and wide, without a network.
import { CHART_CSS } from './styles-chart.ts';
import { NARROW_CSS, PRINT_CSS } from './styles-media.ts';

const BASE_CSS = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1a2129;--soft:#55606d;--rule:#dfe3e8;--tint:#f0f2f5;--stable:#2463a8;--canary:#b3480a;--good:#146636;--caution:#835500;--bad:#b3261e;--neutral:#2463a8;--area:#b3480a1f;--hatch:#b3261e29}
@media (prefers-color-scheme:dark){:root{--page:#11161c;--card:#1a2129;--ink:#e6eaef;--soft:#a5b0bd;--rule:#36414d;--tint:#222b35;--stable:#7fb4ee;--canary:#f0985a;--good:#69cf92;--caution:#e3b557;--bad:#ff8f86;--neutral:#7fb4ee;--area:#f0985a2b;--hatch:#ff8f8633}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
main,footer,header{max-width:1080px;margin:0 auto;padding:0 20px}
header{padding-top:24px}
h1{font-size:1.05rem;font-weight:600;margin:0;color:var(--soft)}
h1 b{color:var(--ink)}
h2{font-size:1.12rem;margin:0 0 12px}
h3{font-size:.98rem;margin:18px 0 6px}
p{margin:0 0 8px}
ul{margin:0 0 8px;padding-left:1.2em}
a{color:var(--neutral)}
:focus-visible{outline:3px solid var(--neutral);outline-offset:2px}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.86em}
pre{margin:0 0 8px;padding:10px 12px;background:var(--tint);border-radius:6px;white-space:pre-wrap}
.skip{position:absolute;left:12px;top:-60px;padding:8px 12px;background:var(--card);border-radius:6px}
.skip:focus{top:8px}
.simulated{display:inline-block;margin:10px 0 0;padding:2px 10px;border:1px solid var(--rule);border-radius:6px;background:var(--tint);font-size:.88rem}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:2px 16px;margin:10px 0 0;padding:0;font-size:.86rem}
nav a{color:var(--soft);text-underline-offset:3px}
section{scroll-margin-top:12px;background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:18px 22px;margin:0 0 18px}
section>:last-child{margin-bottom:0}
#section-verdict{background:none;border:0;padding:0;margin-top:16px}
.verdict{margin:0 0 16px;padding:20px 22px;background:var(--card);border:1px solid var(--rule);border-left:6px solid var(--tone);border-radius:8px}
.verdict .what{margin:0;font-size:1.55rem;line-height:1.25;font-weight:650;color:var(--tone)}
.because{margin:8px 0 10px;font-size:1.06rem;max-width:76ch}
.verdict .when{margin:0;color:var(--soft);font-size:.92rem}
.good{--tone:var(--good)}.caution{--tone:var(--caution)}.bad{--tone:var(--bad)}.neutral{--tone:var(--neutral)}
.numbers{display:grid;grid-template-columns:repeat(3,1fr);gap:16px;margin:0}
.numbers div{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:12px 18px}
.numbers dt,.strip dt{color:var(--soft);font-size:.86rem}
.numbers dd,.strip dd{margin:0}
.numbers .value{font-size:1.7rem;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums}
.numbers .note{color:var(--soft);font-size:.84rem}
.strip{display:flex;flex-wrap:wrap;gap:8px 32px;margin:0 0 14px}
.strip dd{font-weight:600;font-size:1.06rem;font-variant-numeric:tabular-nums}
table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums;margin:0 0 10px}
caption{text-align:left;color:var(--soft);font-size:.87rem;padding-bottom:6px}
th,td{text-align:left;padding:7px 16px 7px 0;border-top:1px solid var(--rule);vertical-align:top;font-weight:400}
th:last-child,td:last-child{padding-right:0}
thead th{overflow-wrap:break-word;color:var(--soft);font-size:.84rem;border-top:0}
tbody th{font-weight:600}
.number{text-align:right;white-space:nowrap}.number .long{display:inline-block;max-width:10em;white-space:normal}
.nowrap{white-space:nowrap}
.on-card{display:none}
.look{color:var(--tone);font-weight:600;white-space:nowrap}
.story tbody th,.story thead th:first-child{white-space:nowrap}
.story td:nth-child(4){min-width:8rem}
.story tr:target{background:var(--tint)}
.cause{color:var(--soft);font-size:.9em;white-space:nowrap}
.matrix tbody th{width:20%}
.matrix thead b{color:var(--ink);font-size:1.1em}
.cell{display:flex;flex-wrap:wrap;column-gap:8px}
.cell .look,.cell .line{flex-basis:100%}
.cell .line{font-size:.9em}
.name{color:var(--soft);display:inline-block;min-width:4.6em}
.sign td{border-left:1px solid var(--rule);height:2.6em;width:26%}
dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:5px 20px;margin:0 0 12px;font-size:.93rem;font-variant-numeric:tabular-nums}
dl.facts dt{color:var(--soft)}
dl.facts dd{margin:0}
.none{color:var(--soft)}
details{margin:0 0 6px;border-top:1px solid var(--rule)}
summary{cursor:pointer;padding:7px 0;font-weight:600;font-size:.93rem}
details[open]>summary{margin-bottom:6px}
footer{color:var(--soft);font-size:.84rem;padding-bottom:32px}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
`;

export const REPORT_CSS = BASE_CSS + CHART_CSS + NARROW_CSS + PRINT_CSS;
