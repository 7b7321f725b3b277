// What every page with plots does: reads its data, and draws its plots again when the colours change.
import { mountCopyButtons } from "./copy.js";
import { unfoldForPrint } from "./print.js";
import { sortableTables } from "./tables.js";
import { watchTheme } from "./theme.js";

/** Functions that draw a plot again with the current colours. */
export type Redraws = Set<() => void>;

/** What the server side put into `#data`. */
export function readPageData<T>(): T {
  return JSON.parse(document.getElementById("data")?.textContent ?? "{}") as T;
}

/** Tables that sort, buttons that copy, paper that shows all, and plots in the colours of the theme. */
export function finishPage(redraws: Redraws): void {
  sortableTables();
  mountCopyButtons();
  unfoldForPrint();

  watchTheme(() => {
    for (const redraw of redraws) redraw();
  });
}
