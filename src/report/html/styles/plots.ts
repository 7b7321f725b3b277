// Plots with their legends and controls, and the waterfalls of turns.

export const PLOTS = `
.plots { display: grid; gap: 22px 28px; grid-template-columns: repeat(2, minmax(0, 1fr)); }
.plots.three { grid-template-columns: repeat(3, minmax(0, 1fr)); margin-top: 18px; }
@media (max-width: 1100px) { .plots, .plots.three { grid-template-columns: minmax(0, 1fr); } }
.plot { margin: 0; min-width: 0; }
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
.state-waiting { --key: var(--muted); } .state-thinking { --key: var(--accent); } .state-tool { --key: var(--third); }
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
