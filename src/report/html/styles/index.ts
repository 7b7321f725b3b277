// All styles of the page, in the order of the cascade.
import { COMPONENTS } from "./components.js";

const PLOTS = `
.plots { display: grid; gap: 22px 28px; grid-template-columns: repeat(2, minmax(0, 1fr)); }
.plots.three { grid-template-columns: repeat(3, minmax(0, 1fr)); margin-top: 18px; }
@media (max-width: 1100px) { .plots, .plots.three { grid-template-columns: minmax(0, 1fr); } }
.plot { margin: 0; min-width: 0; }
.card > .plot + .plot { margin-top: 22px; }
.plot figcaption p { color: var(--muted); font-size: 13px; margin: 2px 0 6px; }
.canvas { min-width: 0; min-height: 60px; overflow: hidden; }
.uplot { font-family: inherit; }
.u-legend { font-size: 12.5px; text-align: left; margin: 4px 0 0; width: 100%; min-height: 24px; }
.u-legend tr { margin-right: 14px; }
.u-legend th, .u-legend td { border: 0; padding: 1px 3px; width: auto; }
.u-legend th { max-width: 100%; overflow-wrap: anywhere; }
.u-legend th > * { vertical-align: baseline; }
.u-legend .u-label { display: inline; }
.u-legend .u-marker { width: 14px; height: 0; border-width: 0 0 3px; background: none; margin: 0 5px 4px 0; }
.u-legend .u-value { font-variant-numeric: tabular-nums; font-weight: 600; min-width: 64px; }
.u-inline.u-live th::after { content: ""; }
.u-legend tr:first-child .u-marker { display: none; }
.u-hz .u-cursor-x, .u-vt .u-cursor-y { border-color: var(--muted); }
.u-hz .u-cursor-y, .u-vt .u-cursor-x { border-color: var(--edge); }
.u-select { background: color-mix(in srgb, var(--accent) 18%, transparent); }
.controls { display: flex; flex-wrap: wrap; gap: 10px 14px; margin-bottom: 12px; }
.drop-down { font-size: 13px; color: var(--muted); }
.choice { display: inline-flex; flex-wrap: wrap; }
.choice button { border-radius: 0; margin-left: -1px; }
.choice button:first-child { border-radius: 7px 0 0 7px; margin-left: 0; }
.choice button:last-child { border-radius: 0 7px 7px 0; }
.choice button[aria-pressed="true"] { background: var(--text); color: var(--card); border-color: var(--text); }
.state-waiting { --key: var(--muted); } .state-thinking { --key: var(--accent); } .state-model { --key: var(--second); } .state-tool { --key: var(--third); }
.state-answer { --key: var(--fourth); } .state-over { --key: var(--text); } .state-anomaly { --key: var(--bad); }
.turn { margin-bottom: 4px; }
.turn > summary { display: grid; grid-template-columns: 190px 130px minmax(0, 1fr) 90px; gap: 12px; align-items: center; padding: 6px 12px; list-style: none; }
.turn > summary::-webkit-details-marker { display: none; }
.turn > summary .badge { justify-self: start; max-width: 100%; overflow: hidden; text-overflow: ellipsis; }
.turn > summary:hover { background: var(--raised); }
.turn-who, .turn-length { font-variant-numeric: tabular-nums; font-size: 13.5px; white-space: nowrap; }
.turn-length { text-align: right; font-weight: 600; }
.turn-bar, .event-track { position: relative; height: 12px; border-radius: 4px; background: var(--raised); overflow: hidden; }
.turn-bar span, .event-track span { position: absolute; top: 0; bottom: 0; background: var(--key); min-width: 1px; }
.turn-facts { padding: 8px 12px 0; color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }
.events { list-style: none; margin: 0; padding: 4px 12px 12px; font-size: 13px; }
.events li { display: grid; grid-template-columns: 260px minmax(0, 1fr) 120px; gap: 12px; align-items: center; padding: 3px 0; }
.event-name { overflow-wrap: anywhere; }
.event-track { height: 14px; overflow: visible; }
.event-track .wait { opacity: 0.28; }
.event-track .mark { min-width: 4px; border-radius: 2px; }
.event-at { text-align: right; font-variant-numeric: tabular-nums; }
.more { margin-top: 6px; }
@media (max-width: 640px) { .choice { gap: 4px; } .choice button, .choice button:first-child, .choice button:last-child { border-radius: 7px; margin: 0; } }
@media (max-width: 760px) {
  .turn > summary { grid-template-columns: minmax(0, 1fr) auto; gap: 4px 10px; }
  .turn > summary .turn-bar { grid-column: 1 / -1; }
  .turn > summary .turn-length { grid-row: 1; grid-column: 2; }
  .turn > summary .badge { grid-column: 1; grid-row: 1; }
  .turn > summary .turn-who { grid-column: 1 / -1; }
  .events li { grid-template-columns: minmax(0, 1fr) auto; gap: 2px 10px; }
  .events .event-track { grid-column: 1 / -1; grid-row: 2; }
}
`;

const LIGHT = `
  color-scheme: light;
  --page: #f6f7f9; --card: #ffffff; --raised: #f2f4f7; --edge: #dfe3e9;
  --text: #16191f; --muted: #5a6372; --grid: #e6e9ee; --band: #f1f4f9;
  --accent: #1f66d1; --second: #c2410c; --third: #7c3aed; --fourth: #0f766e;
  --good: #13753b; --good-soft: #e3f5ea; --bad: #b91c2b; --bad-soft: #fdeaea;
  --warn: #8a5a00; --warn-soft: #fdf3d7; --quiet-soft: #eceff3;`;

const DARK = `
  color-scheme: dark;
  --page: #0e1116; --card: #161a21; --raised: #1d222b; --edge: #2b323d;
  --text: #e8ebf0; --muted: #9aa5b4; --grid: #272e38; --band: #1b2029;
  --accent: #6aa5ff; --second: #ff9a5c; --third: #b99aff; --fourth: #4fd1bf;
  --good: #56d18b; --good-soft: #12301f; --bad: #ff7a82; --bad-soft: #3a161a;
  --warn: #f0bf4c; --warn-soft: #33270a; --quiet-soft: #242a34;`;

const BASE = `
:root {${LIGHT}}
@media (prefers-color-scheme: dark) { :root:not([data-theme]) {${DARK}} }
:root[data-theme="dark"] {${DARK}}
* { box-sizing: border-box; }
html { scroll-padding-top: 80px; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
}
main { max-width: 1480px; margin: 0 auto; padding: 20px 24px 8px; display: grid; gap: 20px; grid-template-columns: repeat(2, minmax(0, 1fr)); }
footer { max-width: 1480px; margin: 0 auto; padding: 8px 24px 32px; color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; margin: 0; text-wrap: balance; }
h1 { font-size: 26px; font-weight: 650; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 18px; font-weight: 650; margin-bottom: 12px; }
h3 { font-size: 14px; font-weight: 600; }
p { margin: 0 0 10px; }
a { color: var(--accent); }
code, .equation span:last-child { font-family: ui-monospace, "SF Mono", "Cascadia Code", "Roboto Mono", "DejaVu Sans Mono", Menlo, monospace; font-size: 0.92em; }
code { overflow-wrap: anywhere; }
button, select { font: inherit; font-size: 13px; color: var(--text); background: var(--card); border: 1px solid var(--edge); border-radius: 7px; padding: 5px 11px; cursor: pointer; }
button:hover, select:hover { border-color: var(--muted); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.quiet { color: var(--muted); }
.number { font-variant-numeric: tabular-nums; }
.unseen { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
.skip { position: absolute; left: -999px; top: 8px; background: var(--card); padding: 8px 12px; z-index: 20; }
.skip:focus { left: 8px; }
.top { position: sticky; top: 0; z-index: 10; display: flex; align-items: center; gap: 18px; padding: 8px 24px; background: var(--card); border-bottom: 1px solid var(--edge); }
.top p { margin: 0; white-space: nowrap; }
.top nav { display: flex; flex-wrap: wrap; flex: 1; min-width: 0; }
.top nav a { color: var(--muted); text-decoration: none; font-size: 13px; line-height: 1.3; padding: 4px 8px; border-radius: 6px; white-space: nowrap; }
.top nav a:hover { color: var(--text); background: var(--raised); }
#theme::before { content: "◐ "; }
#theme[aria-pressed="true"] { background: var(--raised); border-color: var(--muted); }
@media (max-width: 1000px) { .top nav { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; padding-right: 28px; mask-image: linear-gradient(to left, transparent, #000 32px); } }
@media (max-width: 640px) {
  main { padding: 14px 12px 8px; gap: 14px; }
  .top { padding: 8px 12px; gap: 10px; }
  h1 { font-size: 21px; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`;

const TABLES = `
.scroll { overflow-x: auto; max-width: 100%; }
.scroll + .scroll, .plot + .scroll { margin-top: 20px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
caption { text-align: left; color: var(--muted); font-size: 13px; padding: 0 0 8px; }
.finding caption, .attempts caption, .phase caption { padding: 10px 13px 4px; }
th, td { text-align: left; padding: 7px 12px 7px 0; border-bottom: 1px solid var(--edge); vertical-align: top; overflow-wrap: anywhere; }
.finding th, .finding td, .attempts th, .attempts td, .phase th, .phase td { padding: 6px 13px; }
thead th { color: var(--muted); font-size: 12px; font-weight: 550; white-space: nowrap; overflow-wrap: normal; }
.sort { font: inherit; color: inherit; background: none; border: 0; padding: 0; border-radius: 2px; text-align: inherit; }
.sort:hover { color: var(--text); text-decoration: underline; }
[aria-sort="ascending"] .sort::after { content: " ▲"; } [aria-sort="descending"] .sort::after { content: " ▼"; }
.values { font-size: 13px; color: var(--muted); }
.values .scroll { max-height: 320px; overflow-y: auto; }
tbody th { font-weight: 500; }
.scroll tbody th, .scroll tbody td { max-width: 32em; overflow-wrap: break-word; }
.scroll tbody th { min-width: 8em; }
.scroll tbody td:not(.number) { min-width: 6em; }
tbody tr:last-child > * { border-bottom: 0; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
td.strong { font-weight: 650; }
.phase table th:first-child { min-width: 13em; } .phase .name { white-space: nowrap; }
.cards :is(td, th) { padding-right: 16px; } .cards thead th { vertical-align: bottom; }
.sla :is(td, th) { padding-right: 12px; } .sla tbody :is(td, th) { vertical-align: middle; }
.sla .name { font-weight: 600; overflow-wrap: normal; }
.meaning, .sla .note { display: block; font-size: 12.5px; color: var(--muted); font-weight: 400; }
.sla .note { color: var(--text); padding-left: 8px; border-left: 2px solid var(--edge); margin-top: 2px; }
.sla code, .sla [data-label="origin"] { white-space: nowrap; }
.sla tr.fail td.strong { color: var(--bad); }
.sla tr.no-data td.strong, .sla tr.not-checked td.strong { color: var(--muted); }
.sla .bar-cell { width: 130px; }
.share { display: block; width: 120px; height: 14px; }
.share .track { fill: var(--quiet-soft); }
.share .fill { fill: var(--good); }
.share .tick { fill: var(--text); }
tr.fail .fill { fill: var(--bad); }
tr.no-data .fill, tr.not-checked .fill { fill: var(--muted); }
@media screen and (max-width: 760px) {
  .scroll tbody td:not(.number) { min-width: 8em; }
  .finding .scroll tbody td:has(code) { min-width: 24em; }
  caption { max-width: 80vw; }
}
@media screen and (max-width: 900px) {
  .cards, .cards tbody, .cards caption { display: block; }
  .cards thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .cards tr { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 6px 12px; padding: 14px 0; border-bottom: 1px solid var(--edge); }
  .cards tbody tr:last-child { border-bottom: 0; padding-bottom: 0; }
  .scroll .cards tbody :is(th, td) { display: block; border: 0; padding: 0; text-align: left; width: auto; min-width: 0 !important; max-width: none; white-space: normal; }
  .cards tbody th, .cards td:is(:first-child, .wide, .bar-cell) { grid-column: 1 / -1; }
  .cards td[data-label]:not(.bar-cell)::before { content: attr(data-label); display: block; font-size: 11.5px; color: var(--muted); font-weight: 400; }
  .cards .share { width: 100%; }
}
`;

const PRINT = `
@media print {
  body { background: #fff; font-size: 12px; }
  .top, .controls, .skip, .more, .copy, .values:not([open]), noscript { display: none; }
  main { padding: 0; gap: 10px; }
  .card, main > header { border-color: #bbb; }
  tr, .tile, .plot, .turn, .failure { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .scroll, .values .scroll { overflow: visible; max-height: none; }
  .scroll table { table-layout: auto; min-width: 0 !important; font-size: 10.5px; }
  .scroll tbody th, .scroll tbody td, .sla code, .turn-who, .badge { white-space: normal; min-width: 0 !important; overflow-wrap: anywhere; }
  .scroll table :is(.badge, .meaning, .note, thead th) { font-size: inherit; }
  .history .badge, .runs .badge { white-space: nowrap; }
  th, td { padding-inline: 0 6px !important; } .phase :is(th, td):first-child { padding-left: 6px !important; }
  thead th { white-space: normal; }
  .scroll tbody td.number { white-space: nowrap; }
  .sla td:first-child { min-width: 74px !important; }
  .sla .bar-cell, .sla th:nth-child(5) { display: none; }
  .u-legend th, .u-legend td { padding-right: 3px; }
  .canvas, .uplot { max-width: 100%; }
  .plots, .plots.three, .failure.with-plot { grid-template-columns: minmax(0, 1fr); }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

export const STYLES = [BASE, COMPONENTS, TABLES, PLOTS, PRINT].join("\n");
