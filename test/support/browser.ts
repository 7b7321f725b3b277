// Opens a page from a file in Chromium, and keeps account of whatever a good page does not do.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { pathOf } from "./services.js";

/** Chromium makes no request of its own. */
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--no-first-run",
];

export interface OpenedPage {
  readonly page: Page;
  /** Messages on the console, errors, dialogs, requests. */
  readonly troubles: readonly string[];
}

/** Drags across a part of the plot in `#plot-name`, which zooms into that part. */
export async function zoomInto(page: Page, name: string): Promise<void> {
  const over = page.locator(`#plot-${name} .u-over`);
  await over.scrollIntoViewIfNeeded();
  const box = await over.boundingBox();
  if (!box) throw new Error("no plot");
  await page.mouse.move(box.x + 20, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 40, { steps: 3 });
  await page.mouse.up();
}

/** What is drawn in `#plot-name`, to be compared. */
export function drawnIn(page: Page, name: string): Promise<string> {
  return page.evaluate(
    (id) => document.querySelector<HTMLCanvasElement>(`#${id} canvas`)?.toDataURL() ?? "",
    `plot-${name}`,
  );
}

/** How a row of a table is laid out, how its heading is clipped, and how many cells stand out of the page. */
export function tableLook(
  page: Page,
  table: string,
): Promise<{ row: string; heading: string; cutOff: number }> {
  return page.evaluate((table) => {
    const look = (selector: string): CSSStyleDeclaration | undefined => {
      const found = document.querySelector(selector);
      return found ? getComputedStyle(found) : undefined;
    };
    const cells = [...document.querySelectorAll(`${table} tbody > tr > *`)];
    return {
      row: look(`${table} tbody > tr`)?.display ?? "",
      heading: look(`${table} thead`)?.clipPath ?? "",
      cutOff: cells.filter((cell) => cell.getBoundingClientRect().right > innerWidth + 1).length,
    };
  }, table);
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
    browser = await chromium.launch({ executablePath: pathOf("chromium"), args: ARGS });
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
    page.on("console", (message) => troubles.push(`console ${message.type()}: ${message.text()}`));
    page.on("pageerror", ({ message }) => troubles.push(`page error: ${message}`));
    page.on("dialog", (dialog) => {
      troubles.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (request.url() !== url && request.url() !== "data:,") troubles.push(`request: ${request.url()}`);
    });
    await page.goto(url);
    await page.waitForFunction(() => !document.getElementById("theme")?.hidden);
    return { page, troubles };
  };
}
