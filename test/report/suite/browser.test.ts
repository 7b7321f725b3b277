// Promises of a suite's index.html in a real browser.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderSuiteHtml } from "../../../src/report/suite/html.js";
import { greenSuite, mixedSuite, type SuiteSample } from "./samples.js";

const CHROMIUM = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const present = existsSync(CHROMIUM) || Boolean(process.env.CI);

// Without a browser there is nothing to look with; with CI set it is required.
describe.skipIf(!present)(`the page of a suite in a browser (${CHROMIUM})`, () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "gp-load-suite-html-"));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(
    { suite }: SuiteSample,
    width: number,
    scheme: "light" | "dark" = "light",
  ): Promise<{ readonly page: Page; readonly troubles: string[] }> {
    const file = join(folder, "index.html");
    writeFileSync(file, renderSuiteHtml(suite));
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
  }

  it.each([
    ["that passed", greenSuite],
    ["full of trouble", mixedSuite],
  ])("shows a suite %s without an error or a request", async (_, sample) => {
    const { page, troubles } = await open(sample(), 1440);
    const { suite } = sample();
    expect(await page.locator("h1").textContent()).toBe(suite.summary);
    expect(await page.locator(".runs tbody tr").count()).toBe(suite.runs.length);
    expect(await page.locator("img").count()).toBe(0);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("leads from a scenario to the report beside it", async () => {
    const { page } = await open(mixedSuite(), 1440);
    const href = await page
      .locator(".runs a", { hasText: "leaky" })
      .evaluate((link) => (link as HTMLAnchorElement).href);
    expect(href).toBe(pathToFileURL(join(folder, "..", "20260304T050607890Z-leaky", "report.html")).href);
    await page.close();
  });

  it("fits a telephone in the dark, and becomes light by its button", async () => {
    const { page } = await open(mixedSuite(), 390, "dark");
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(widths[0]).toBe(widths[1]);
    const background = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    await page.locator("#theme").click();
    expect(await background()).not.toBe(dark);
    await page.close();
  });
});
