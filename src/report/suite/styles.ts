// Styles of the suite's page beyond those of all pages: its table of runs, a list of cards on a narrow screen.

export const SUITE_STYLES = `
.runs td, .runs th { padding-right: 16px; }
.runs thead th { vertical-align: bottom; }
.runs .name { font-weight: 600; }
.runs .meaning { display: block; font-size: 12.5px; color: var(--muted); font-weight: 400; margin-bottom: 3px; }
.runs tbody th { min-width: 16em; max-width: 26em; }
.runs .why { width: 44%; min-width: 16em; }
.runs .why ul { margin: 0; padding-left: 17px; }
.runs .why li { margin-bottom: 2px; }
.runs tr.bad .why li:first-child { color: var(--bad); font-weight: 550; }
.runs tr.warn .why li:first-child { color: var(--warn); font-weight: 550; }
.runs tr.quiet .why { color: var(--muted); }
.runs .files { white-space: nowrap; }
@media (max-width: 900px) {
  .runs, .runs tbody, .runs caption { display: block; }
  .runs thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .runs tr { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 6px 12px; padding: 14px 0; border-bottom: 1px solid var(--edge); }
  .runs tbody tr:last-child { border-bottom: 0; padding-bottom: 0; }
  .scroll .runs tbody th, .scroll .runs tbody td { display: block; border: 0; padding: 0; text-align: left; width: auto; min-width: 0; max-width: none; white-space: normal; }
  .runs tbody th, .runs tbody td:first-child, .runs .why, .runs .files { grid-column: 1 / -1; }
  .runs td[data-label]::before { content: attr(data-label); display: block; font-size: 11.5px; color: var(--muted); font-weight: 400; }
}
`;
