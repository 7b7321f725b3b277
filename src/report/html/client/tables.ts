// Makes every table of the page sortable by any column.
import { element } from "./dom.js";

/** Turns headings into buttons; the first press sorts numbers descending and text ascending. */
export function sortableTables(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>("main table:not(.u-legend)")) {
    const body = table.tBodies[0];
    const headings = table.tHead?.rows[0]?.cells;
    if (!body || !headings || body.rows.length < 2) continue;
    [...headings].forEach((heading, column) => {
      const name = heading.textContent ?? "";
      if (name === "") return;
      const button = element("button", "sort", name);
      button.type = "button";
      button.addEventListener("click", () => {
        const numeric = heading.classList.contains("number");
        const before = heading.getAttribute("aria-sort");
        const descending = before === null ? numeric : before === "ascending";
        for (const other of headings) other.removeAttribute("aria-sort");
        heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
        sortRows(body, column, numeric, descending);
      });
      heading.replaceChildren(button);
    });
  }
}

function sortRows(
  body: HTMLTableSectionElement,
  column: number,
  numeric: boolean,
  descending: boolean,
): void {
  const rows = [...body.rows].map((row) => ({ row, text: row.cells[column]?.textContent?.trim() ?? "" }));
  const sign = descending ? -1 : 1;
  rows.sort((a, b) =>
    numeric
      ? compareQuantities(a.text, b.text, sign)
      : sign * a.text.localeCompare(b.text, "en", { numeric: true }),
  );
  body.append(...rows.map(({ row }) => row));
}

/** Cells without a number come last in both directions. */
function compareQuantities(a: string, b: string, sign: number): number {
  const [first, second] = [quantity(a), quantity(b)];
  if (first === undefined || second === undefined)
    return Number(first === undefined) - Number(second === undefined);
  return sign * (first - second);
}

const UNITS: Readonly<Record<string, number>> = {
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
};

/** The number in a cell: `1,234`, `98.1 %`, `12.3ms`, `1m 30s`, `> 60s`; `undefined` if there is none. */
function quantity(text: string): number | undefined {
  const parts = [
    ...text.replaceAll(",", "").matchAll(/(\d+(?:\.\d+)?)\s*(µs|ms|[smhB]|[kMG]B)?(?![a-zµ])/gi),
  ];
  const [first] = parts;
  if (!first) return undefined;
  const joined = first[2] === undefined ? [first] : parts.filter((part) => part[2] !== undefined);
  const size = joined.reduce((sum, [, digits, unit]) => sum + Number(digits) * (UNITS[unit ?? ""] ?? 1), 0);
  return /^[-−]/.test(text) ? -size : size;
}
