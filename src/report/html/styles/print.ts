// What changes on paper.

export const PRINT = `
@media print {
  body { background: #fff; font-size: 12px; }
  .top, .controls, .skip, .more, .copy, .values:not([open]), noscript { display: none; }
  main { padding: 0; gap: 10px; }
  .card, main > header { border-color: #bbb; }
  tr, .tile, .plot, .turn { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .scroll, .values .scroll { overflow: visible; max-height: none; }
  .scroll table { table-layout: auto; min-width: 0 !important; font-size: 10.5px; }
  th, td, td.number, th.number, .sla code, .turn-who, .badge { white-space: normal !important; min-width: 0 !important; overflow-wrap: anywhere; padding-right: 6px; }
  .u-legend th, .u-legend td { padding-right: 3px; }
  .canvas, .uplot { max-width: 100%; }
  .plots.three { grid-template-columns: minmax(0, 1fr); }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
