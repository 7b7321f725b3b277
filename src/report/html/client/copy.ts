// Makes the copy buttons of the page work.

/** Shows every button with a text to copy; the button says when it has been done. */
export function mountCopyButtons(): void {
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
