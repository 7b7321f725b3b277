// Colours of both themes, type, and the frame of the page.

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

export const BASE = `
:root {${LIGHT}}
@media (prefers-color-scheme: dark) { :root:not([data-theme]) {${DARK}} }
:root[data-theme="dark"] {${DARK}}
* { box-sizing: border-box; }
html { scroll-padding-top: 60px; -webkit-text-size-adjust: 100%; }
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
.top nav { display: flex; gap: 2px; overflow-x: auto; flex: 1; scrollbar-width: none; }
.top nav a { color: var(--muted); text-decoration: none; font-size: 13px; padding: 5px 9px; border-radius: 6px; white-space: nowrap; }
.top nav a:hover { color: var(--text); background: var(--raised); }
#theme::before { content: "◐ "; }
#theme[aria-pressed="true"] { background: var(--raised); border-color: var(--muted); }
@media (max-width: 640px) {
  main { padding: 14px 12px 8px; gap: 14px; }
  .top { padding: 8px 12px; gap: 10px; }
  h1 { font-size: 21px; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`;
