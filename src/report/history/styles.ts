// Styles of the history's page beyond those of all pages: its filters and its table, a list of cards on a narrow screen.

export const HISTORY_STYLES = `
.history-head { padding: 16px 24px; }
.history-head h1 { margin: 0 0 10px; }
main > header .history-head .facts { padding: 0; }
#filters { display: flex; flex-wrap: wrap; gap: 10px 18px; align-items: center; }
#filters input { font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--edge); border-radius: 7px; padding: 4px 9px; min-width: 0; }
.history td, .history th { padding-right: 16px; }
.history thead th { vertical-align: bottom; }
.history tbody th a { font-weight: 600; }
.history .meaning { display: block; font-size: 12.5px; color: var(--muted); font-weight: 400; }
.history tbody th { min-width: 12em; }
.history .why { min-width: 16em; max-width: 30em; overflow-wrap: anywhere; }
.history tr.good .why { color: var(--muted); }
.history time { white-space: nowrap; }
.history tr[hidden] { display: none; }
@media (max-width: 900px) {
  .history, .history tbody, .history caption { display: block; }
  .history thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .history tr { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 6px 12px; padding: 14px 0; border-bottom: 1px solid var(--edge); }
  .history tbody tr:last-child { border-bottom: 0; padding-bottom: 0; }
  .scroll .history tbody th, .scroll .history tbody td { display: block; border: 0; padding: 0; text-align: left; width: auto; min-width: 0; max-width: none; white-space: normal; }
  .history tbody th, .history tbody td:first-child, .history .why, .history td[data-label="started"] { grid-column: 1 / -1; }
  .history td[data-label]::before { content: attr(data-label); display: block; font-size: 11.5px; color: var(--muted); font-weight: 400; }
}
`;
