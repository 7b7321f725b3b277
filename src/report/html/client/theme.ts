// Reads the colours of the page for its plots, and switches between light and dark.

export type Colours = Readonly<
  Record<
    | "text"
    | "card"
    | "muted"
    | "grid"
    | "band"
    | "accent"
    | "second"
    | "third"
    | "fourth"
    | "good"
    | "bad"
    | "warn",
    string
  >
>;

/** The style sheet's current colours. */
export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text: read("text"),
    card: read("card"),
    muted: read("muted"),
    grid: read("grid"),
    band: read("band"),
    accent: read("accent"),
    second: read("second"),
    third: read("third"),
    fourth: read("fourth"),
    good: read("good"),
    bad: read("bad"),
    warn: read("warn"),
  };
}

/** Whether the page is dark now, by choice or by the system's setting. */
function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : chosen === "dark";
}

/** Connects the theme button; calls back after every change, also by the system or for printing. */
export function watchTheme(onChange: () => void): void {
  const button = document.getElementById("theme");
  const tell = (): void => {
    button?.setAttribute("aria-pressed", String(isDark()));
    onChange();
  };
  button?.removeAttribute("hidden");
  button?.setAttribute("aria-pressed", String(isDark()));
  button?.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    tell();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
  // Prints in light colours.
  let before: string | undefined;
  addEventListener("beforeprint", () => {
    before = document.documentElement.dataset.theme;
    document.documentElement.dataset.theme = "light";
    onChange();
  });
  addEventListener("afterprint", () => {
    if (before === undefined) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = before;
    onChange();
  });
}
