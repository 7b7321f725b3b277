// Reads a page's script and the plots' styles, as bundled by the build (scripts/bundle-pages.mjs).
import { existsSync, readFileSync } from "node:fs";

/** One for each file in client/pages. */
export type PageName = "run" | "comparison" | "capacity" | "history" | "live" | "theme";

export interface PageCode {
  readonly script: string;
  /** Empty for a page without plots. */
  readonly css: string;
}

export function pageCode(page: PageName): PageCode {
  const file = (extension: string): URL => new URL(`./pages/${page}.${extension}`, import.meta.url);
  const css = file("css");
  return {
    script: readFileSync(file("js"), "utf8"),
    css: existsSync(css) ? readFileSync(css, "utf8") : "",
  };
}
