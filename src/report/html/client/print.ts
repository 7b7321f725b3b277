// Opens on paper what is folded on the screen: nothing is cut from a printed page.

/** Folded parts are opened before printing and folded again after it. */
export function unfoldForPrint(): void {
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
