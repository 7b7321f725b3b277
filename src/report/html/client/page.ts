// What every page with plots has in common: reads the data, and redraws the plots when the colours change.
import { sortableTables } from "./tables.js";
import { watchTheme } from "./theme.js";

/** Functions that redraw a plot in the current colours. */
export type Redraws = Set<() => void>;

/** The data in `#data`. */
export function readPageData<T>(): T {
  return JSON.parse(document.getElementById("data")?.textContent ?? "{}") as T;
}

/** Sets up sorting, copying, printing and the theme. */
export function finishPage(redraws: Redraws): void {
  sortableTables();
  mountCopyButtons();
  unfoldForPrint();

  watchTheme(() => {
    for (const redraw of redraws) redraw();
  });
}

/** Opens collapsed parts for printing. */
function unfoldForPrint(): void {
  let opened: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    // The tables of all values would fill hundreds of pages.
    opened = [...document.querySelectorAll<HTMLDetailsElement>("main details:not([open]):not(.values)")];
    for (const one of opened) {
      one.open = true;
      // The toggle event fires too late for printing.
      one.dispatchEvent(new Event("toggle"));
    }
  });
  addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });
}

/** Shows every copy button; each confirms when it has copied. */
function mountCopyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    button.hidden = false;
    const name = button.textContent;
    button.addEventListener("click", async () => {
      button.textContent = (await copied(button.dataset.copy ?? "")) ? "Copied" : "Not copied";
      setTimeout(() => {
        button.textContent = name;
      }, 1500);
    });
  }
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
