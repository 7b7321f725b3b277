// Opens a page from a file in Chromium, and keeps account of whatever a good page does not do.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";

export const CHROMIUM = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
/** Without a browser there is nothing to look with; with CI set it is required. */
export const browserPresent = existsSync(CHROMIUM) || Boolean(process.env.CI);

export interface OpenedPage {
  readonly page: Page;
  /** Messages on the console, errors, dialogs, requests. */
  readonly troubles: readonly string[];
}

/** A browser for the tests of a file, closed after them. */
export function browserForTests(): (
  html: string,
  width?: number,
  scheme?: "light" | "dark",
) => Promise<OpenedPage> {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "gp-load-page-"));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return async (html, width = 1440, scheme = "light") => {
    const file = join(folder, "page.html");
    writeFileSync(file, html);
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
    const troubles: string[] = [];
    const url = pathToFileURL(file).href;
    page.on("console", (message) => troubles.push(message.text()));
    page.on("pageerror", ({ message }) => troubles.push(message));
    page.on("dialog", (dialog) => {
      troubles.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (request.url() !== url && request.url() !== "data:,") troubles.push(request.url());
    });
    await page.goto(url);
    await page.waitForFunction(() => !document.getElementById("theme")?.hidden);
    return { page, troubles };
  };
}
