// Cards, banner, badges, facts, tiles and other small parts.

export const COMPONENTS = `
.card { background: var(--card); border: 1px solid var(--edge); border-radius: 12px; padding: 18px 20px; min-width: 0; }
main > * { grid-column: 1 / -1; }
@media (min-width: 1000px) { main > .half { grid-column: auto; } }
.warn-edge { border-left: 5px solid var(--warn); }
main > header { background: var(--card); border: 1px solid var(--edge); border-radius: 12px; overflow: hidden; }
.banner { display: flex; gap: 24px; align-items: center; padding: 20px 24px; border-left: 8px solid; }
.banner.good { border-color: var(--good); background: var(--good-soft); }
.banner.bad { border-color: var(--bad); background: var(--bad-soft); }
.banner.warn { border-color: var(--warn); background: var(--warn-soft); }
.banner p { margin: 4px 0 0; overflow-wrap: anywhere; }
.banner .verdict { margin: 0; font-size: 34px; font-weight: 750; letter-spacing: 0.01em; white-space: nowrap; }
.banner.good .verdict { color: var(--good); }
.banner.bad .verdict { color: var(--bad); }
.banner.warn .verdict { color: var(--warn); }
.banner .summary { font-size: 17px; }
.banner-text { min-width: 0; }
.banner.quiet { border-color: var(--muted); background: var(--quiet-soft); color: var(--text); }
.invocation { margin: 0; padding: 0 24px 16px; }
.invocation .tag { font-size: 13px; }
.copy { font-size: 12px; padding: 1px 8px; }
.failure { display: grid; gap: 10px 28px; grid-template-columns: minmax(0, 1fr); padding: 14px 0; border-top: 1px solid var(--edge); }
h2 + .failure { border-top: 0; padding-top: 0; }
.failure h3 { margin-bottom: 6px; overflow-wrap: anywhere; }
.failure .what { font-size: 16px; overflow-wrap: anywhere; }
.failure .facts { grid-template-columns: minmax(0, 1fr); gap: 8px; }
.failure figcaption { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
@media (min-width: 1000px) { .failure.with-plot { grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); } }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px 20px; margin: 0; }
main > header .facts { padding: 16px 24px; grid-template-columns: repeat(auto-fit, minmax(150px, auto)); }
.facts div { min-width: 0; }
.card .facts + p { margin-top: 14px; }
.facts dt { color: var(--muted); font-size: 12px; }
.facts dd { margin: 0; font-weight: 550; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.facts dd .quiet { font-weight: 400; display: block; font-size: 13px; }
.badge { display: inline-block; font-size: 12.5px; font-weight: 600; line-height: 1.4; padding: 2px 9px; border-radius: 999px; white-space: nowrap; }
.badge.good { color: var(--good); background: var(--good-soft); }
.badge.bad { color: var(--bad); background: var(--bad-soft); }
.badge.warn { color: var(--warn); background: var(--warn-soft); }
.badge.quiet { color: var(--muted); background: var(--quiet-soft); }
.tag { display: inline-block; font-size: 12px; color: var(--muted); border: 1px solid var(--edge); border-radius: 5px; padding: 0 6px; }
.plain { margin: 0; padding: 0; list-style: none; display: grid; gap: 12px; }
.plain p { margin: 0; overflow-wrap: anywhere; }
.advice { color: var(--text); padding-left: 12px; border-left: 3px solid var(--edge); }
.equation { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; }
.equation span:last-child { overflow-wrap: anywhere; }
.stack { display: block; width: 100%; height: 30px; margin: 6px 0 16px; border-radius: 7px; }
.columns { display: grid; gap: 20px 28px; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
.columns > div > * + * { margin-top: 16px; }
@media (max-width: 900px) { .columns { grid-template-columns: minmax(0, 1fr); } }
.outcome-completed { --key: var(--good); } .outcome-failed { --key: var(--bad); } .outcome-rejected { --key: var(--third); }
.outcome-stopped { --key: var(--fourth); } .outcome-waiting { --key: var(--accent); }
.outcome-timedOut { --key: var(--warn); } .outcome-lost { --key: var(--second); } .outcome-inFlightAtEnd { --key: var(--muted); }
rect[class^="outcome"] { fill: var(--key); }
.key { display: inline-block; width: 11px; height: 11px; border-radius: 3px; background: var(--key); vertical-align: -1px; margin-right: 3px; }
.legend { font-size: 13px; color: var(--muted); } .legend .key:not(:first-child) { margin-left: 14px; }
.tiles { list-style: none; margin: 0; padding: 0; display: grid; gap: 10px; grid-template-columns: repeat(auto-fill, minmax(132px, 1fr)); }
.tile { background: var(--raised); border-radius: 9px; padding: 10px 13px; display: grid; align-content: start; border-left: 4px solid var(--edge); }
.tile b { font-size: 20px; font-variant-numeric: tabular-nums; }
.tile.none b { color: var(--muted); font-weight: 500; }
.tile.warn { border-color: var(--warn); } .tile.warn b { color: var(--warn); }
.tile.bad { border-color: var(--bad); } .tile.bad b { color: var(--bad); }
.tile small { color: var(--muted); line-height: 1.35; }
details > summary { cursor: pointer; }
.finding, .attempts, .phase, .rest, .turn { border: 1px solid var(--edge); border-radius: 9px; margin-bottom: 8px; }
.finding > summary, .attempts > summary, .phase > summary, .rest > summary { padding: 9px 13px; overflow-wrap: anywhere; }
.phase > summary { font-weight: 600; }
.finding[open] > summary, .attempts[open] > summary, .phase[open] > summary { border-bottom: 1px solid var(--edge); }
.finding > p { padding: 10px 13px 0; }
.finding .count { color: var(--muted); font-variant-numeric: tabular-nums; }
.rest > .finding { margin: 8px; }
.access { margin-top: 22px; }
.access > h3 { margin: 0; }
.access > .scroll table { table-layout: fixed; min-width: 680px; }
.access > .scroll th:first-child { width: 42%; } .access > .scroll th:nth-child(2) { width: 23%; }
.access > .scroll th:nth-child(4) { width: 9%; } .access > .scroll th:nth-child(5) { width: 12%; }
.access > .attempts { margin-top: 8px; }
h3:has(+ .notes) { margin-top: 18px; }
.notes { margin: 8px 0 0; padding-left: 26px; overflow-wrap: anywhere; }
@media (max-width: 640px) {
  .card { padding: 14px 14px; }
  .banner { flex-direction: column; align-items: flex-start; gap: 8px; padding: 16px; }
  .banner .verdict { font-size: 28px; }
  main > header .facts { padding: 14px 16px; grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .facts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
`;
