// Promises of a suite's index.html in a real browser.
import { expect, it } from "vitest";
import { renderSuiteHtml } from "../../../src/report/suite/html.js";
import { browserForTests, type OpenedPage, tableLook } from "../../support/browser.js";
import { describeWith } from "../../support/services.js";
import { greenSuite, mixedSuite, type SuiteSample } from "./samples.js";

describeWith(["chromium"], "the page of a suite in a browser", () => {
  const openPage = browserForTests();

  const open = ({ suite }: SuiteSample, width: number, scheme?: "light" | "dark"): Promise<OpenedPage> =>
    openPage(renderSuiteHtml(suite), width, scheme);

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

  it("is printed as a table, which paper is wide enough for", async () => {
    const { page } = await open(mixedSuite(), 718);
    expect(await tableLook(page, ".runs")).toMatchObject({ row: "grid" });
    await page.emulateMedia({ media: "print" });
    expect(await tableLook(page, ".runs")).toEqual({ row: "table-row", heading: "none", cutOff: 0 });
    await page.close();
  });

  it("leads from a scenario to the report beside it", async () => {
    const { page } = await open(mixedSuite(), 1440);
    const href = await page
      .locator(".runs a", { hasText: "leaky" })
      .evaluate((link) => (link as HTMLAnchorElement).href);
    expect(href).toBe(new URL("../20260304T050607890Z-leaky/report.html", page.url()).href);
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
