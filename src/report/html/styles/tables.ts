// Tables, and the table of rules that becomes a list of cards on a narrow screen.

export const TABLES = `
.scroll { overflow-x: auto; max-width: 100%; }
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
.scroll tbody th { min-width: 8em; }
.scroll tbody td:not(.number) { min-width: 5em; }
tbody tr:last-child > * { border-bottom: 0; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
td.strong { font-weight: 650; }
.phase table th:first-child { white-space: nowrap; }
.sla td, .sla th { vertical-align: middle; }
.sla .name { font-weight: 600; overflow-wrap: normal; }
.sla .meaning, .sla .note { display: block; font-size: 12.5px; color: var(--muted); font-weight: 400; }
.sla .note { color: var(--text); padding-left: 8px; border-left: 2px solid var(--edge); margin-top: 2px; }
.sla code { white-space: nowrap; }
.sla tr.fail td.strong { color: var(--bad); }
.sla tr.no-data td.strong, .sla tr.not-checked td.strong { color: var(--muted); }
.sla .bar-cell { width: 130px; }
.share { display: block; width: 120px; height: 14px; }
.share .track { fill: var(--quiet-soft); }
.share .fill { fill: var(--good); }
.share .tick { fill: var(--text); }
tr.fail .fill { fill: var(--bad); }
tr.no-data .fill, tr.not-checked .fill { fill: var(--muted); }
@media (max-width: 760px) {
  .scroll .sla td, .scroll .sla tbody th { min-width: 0 !important; }
  caption { max-width: 80vw; }
  .sla, .sla tbody { display: block; }
  .sla caption { display: block; }
  .sla thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .sla tr { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 4px 12px; padding: 12px 0; border-bottom: 1px solid var(--edge); }
  .sla tbody tr:last-child { border-bottom: 0; }
  .sla td, .sla tbody th { display: block; border: 0; padding: 0; text-align: left; }
  .sla tbody th, .sla .bar-cell { grid-column: 1 / -1; width: auto; }
  .sla td:first-child { grid-column: 1 / -1; }
  .sla .share { width: 100%; }
  .sla td[data-label]::before { content: attr(data-label); display: block; font-size: 11.5px; color: var(--muted); font-weight: 400; }
  .sla td { white-space: normal; }
}
`;
