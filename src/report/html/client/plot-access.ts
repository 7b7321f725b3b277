// Makes plots accessible without mouse or sight: keys, a legend of switches, and the values as a table.
import type uPlot from "uplot";
import { element } from "./dom.js";

/** Legend entries toggle their curve, also by keyboard; the choice survives a redraw. */
export function accessibleLegend(plot: uPlot, hidden: Set<string>): void {
  plot.root.querySelectorAll<HTMLElement>(".u-legend .u-series").forEach((row, index) => {
    const entry = row.querySelector<HTMLElement>("th");
    if (index === 0 || !entry) return;
    const label = String(plot.series[index]?.label);
    const tell = (): void => {
      const off = row.classList.contains("u-off");
      entry.setAttribute("aria-pressed", String(!off));
      if (off) hidden.add(label);
      else hidden.delete(label);
    };
    entry.tabIndex = 0;
    entry.title = "Show or hide";
    entry.setAttribute("role", "button");
    tell();
    entry.addEventListener("click", tell);
    entry.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      entry.click();
    });
  });
}

/** Arrow keys move the shared cursor from value to value, which is announced to screen readers. */
export function keyboardCursor(host: HTMLElement, shown: () => uPlot | undefined): void {
  const told = element("p", "unseen");
  told.setAttribute("aria-live", "polite");
  host.after(told);
  host.tabIndex = 0;
  host.title = "Arrow keys move along the curves";
  host.addEventListener("keydown", (event) => {
    const plot = shown();
    const xs = plot?.data[0];
    if (!plot || !xs || event.target !== host) return;
    const last = xs.length - 1;
    const now = plot.cursor.idx;
    const step = event.shiftKey ? 10 : 1;
    const target: Record<string, number> = {
      ArrowLeft: now === null || now === undefined ? last : now - step,
      ArrowRight: now === null || now === undefined ? 0 : now + step,
      Home: 0,
      End: last,
    };
    const wanted = target[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    const index = Math.min(last, Math.max(0, wanted));
    moveCursor(plot, plot.valToPos(xs[index] ?? 0, "x"));
    told.textContent = valuesAt(plot, index).join(", ");
  });
}

/** As the mouse does: the other plots follow. Missing in uPlot's types. */
function moveCursor(plot: uPlot, left: number): void {
  const move: (at: { left: number; top: number }, fire: boolean, publish: boolean) => void = plot.setCursor;
  move({ left, top: plot.over.clientHeight / 2 }, true, true);
}

/** The legend's text at one index: `0:42`, `p99 12 ms`. */
function valuesAt(plot: uPlot, index: number): string[] {
  return plot.series.map((series, number) => {
    const text = valueText(plot, number, index);
    return number === 0 ? text : `${series.label} ${text}`;
  });
}

function valueText(plot: uPlot, series: number, index: number): string {
  const { value } = plot.series[series] ?? {};
  const raw = plot.data[series]?.[index] ?? null;
  return typeof value === "function" ? String(value(plot, raw as number, series, index)) : String(raw ?? "–");
}

/** All values of the plot as a table, filled when it is opened. */
export function valueTable(shown: () => uPlot | undefined): HTMLElement {
  const details = element("details", "values", element("summary", "", "Values as a table"));
  details.addEventListener("toggle", () => {
    const plot = shown();
    details.querySelector("div")?.remove();
    if (!details.open || !plot) return;
    const head = element("tr", "");
    for (const series of plot.series) {
      const cell = element("th", "number", String(series.label ?? ""));
      cell.scope = "col";
      head.append(cell);
    }
    const body = element("tbody", "");
    (plot.data[0] ?? []).forEach((_, index) => {
      const row = element("tr", "");
      for (let number = 0; number < plot.series.length; number++)
        row.append(element("td", "number", valueText(plot, number, index)));
      body.append(row);
    });
    const table = element(
      "table",
      "",
      element("caption", "", "Every value of the plot"),
      element("thead", "", head),
      body,
    );
    details.append(element("div", "scroll", table));
  });
  return details;
}
