// What changes on paper.

export const PRINT = `
@media print {
  body { background: #fff; font-size: 12px; }
  .top, .controls, .skip, .more, noscript { display: none; }
  main { padding: 0; gap: 10px; }
  .card, main > header { border-color: #bbb; }
  tr, .tile, .plot, .turn { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .scroll { overflow: visible; }
  .plots.three { grid-template-columns: minmax(0, 1fr); }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
