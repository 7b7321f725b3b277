// What every page with plots does: reads its data, and draws its plots again when the colours change.
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

/** Folded parts are opened before printing and folded again after it. */
function unfoldForPrint(): void {
  let opened: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    // Every value of every curve would be a book.
    opened = [...document.querySelectorAll<HTMLDetailsElement>("main details:not([open]):not(.values)")];
    for (const one of opened) {
      one.open = true;
      // The event that tells of it comes too late for the printer.
      one.dispatchEvent(new Event("toggle"));
    }
  });
  addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });
}

/** Shows every button with a text to copy; the button says when it has been done. */
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
