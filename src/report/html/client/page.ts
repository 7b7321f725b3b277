// What every page with plots does: reads its data, and draws its plots again when the colours change.
import { watchTheme } from "./theme.js";

/** Functions that draw a plot again with the current colours. */
export type Redraws = Set<() => void>;

/** What the server side put into `#data`. */
export function readPageData<T>(): T {
  return JSON.parse(document.getElementById("data")?.textContent ?? "{}") as T;
}

export function redrawOnThemeChange(redraws: Redraws): void {
  watchTheme(() => {
    for (const redraw of redraws) redraw();
  });
}
