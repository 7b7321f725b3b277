// The page over all runs in a browser: it draws, filters and fits, without an error or a request.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { rebuildHistory } from "../../../src/report/history/folder.js";
import { browserForTests, drawnIn, tableLook, zoomInto } from "../../support/browser.js";
import { describeWith } from "../../support/services.js";
import { HOSTILE } from "../samples.js";
import { addReport, reportsFolder } from "./samples.js";

async function historyPage(): Promise<string> {
  const reports = reportsFolder();
  for (let day = 1; day <= 12; day++) {
    const verdict = day === 5 ? "FAIL" : day === 9 ? "INVALID" : "PASS";
    addReport(reports, day, { verdict, slower: 1 + day / 20 });
    addReport(reports, day, { scenario: "enterprise-100", target: "staging", tags: ["nightly"] });
  }
  addReport(reports, 13, { scenario: HOSTILE, target: HOSTILE, tags: [HOSTILE], verdict: "FAIL" });
  return drawn(reports);
}

async function drawn(reports: string): Promise<string> {
  await rebuildHistory(reports, "0.1.0");
  return readFileSync(join(reports, "index.html"), "utf8");
}

describeWith(["chromium"], "the page over all runs in a browser", () => {
  const open = browserForTests();

  it("draws the trend and shows every run; filters take rows and points away", async () => {
    const { page, troubles } = await open(await historyPage());
    const rows = page.locator(".history tbody tr");
    const shown = (): Promise<number> => page.locator(".history tbody tr:not([hidden])").count();
    expect(await rows.count()).toBe(25);
    expect(await page.locator("#plot-trend canvas").count()).toBe(1);
    const legend = page.locator("#plot-trend .u-legend");
    expect(await legend.textContent()).toMatch(/enterprise-100 · staging p95[\s\S]*smoke · reference p95/);
    await page.locator("#filters").getByLabel("Scenario").selectOption("enterprise-100");
    expect(await legend.textContent()).toMatch(/p99[\s\S]*p95[\s\S]*p50/);
    expect(await shown()).toBe(12);
    expect(await page.locator("#shown-count").textContent()).toBe("12 of 25 runs");
    await page.locator("#filters").getByLabel("Scenario").selectOption("all");
    await page.locator("#filters").getByLabel("Verdict").selectOption("INVALID");
    expect(await shown()).toBe(1);
    // What is INVALID says nothing, and is not drawn.
    expect(await page.locator("#trend-none").isVisible()).toBe(true);
    await page.locator("#filters").getByLabel("Verdict").selectOption("all");
    await page.locator("#filters").getByLabel("Name or tag").fill("Nightly");
    expect(await shown()).toBe(12);
    expect(await page.locator("#trend-none").isVisible()).toBe(false);
    await page.locator("#trend-controls").getByLabel("Metric").selectOption("goodput, %");
    expect(await legend.textContent()).toContain("goodput");
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("is printed as a table, which paper is wide enough for", async () => {
    const { page } = await open(await historyPage(), 718);
    expect(await tableLook(page, ".history")).toMatchObject({ row: "grid" });
    await page.emulateMedia({ media: "print" });
    expect(await tableLook(page, ".history")).toEqual({ row: "table-row", heading: "none", cutOff: 0 });
    await page.close();
  });

  it("joins no runs of different loads or targets by one line", async () => {
    const reports = reportsFolder();
    for (let day = 1; day <= 6; day++) addReport(reports, day, { users: day % 2 === 0 ? 10 : 200 });
    const { page } = await open(await drawn(reports));
    const legend = page.locator("#plot-trend .u-legend");
    expect(await legend.textContent()).toMatch(
      /200 users p95[\s\S]*10 users p95|10 users p95[\s\S]*200 users p95/,
    );
    expect(await legend.textContent()).not.toContain("p99");
    await page.close();
  });

  it("zooms into the trend", async () => {
    const { page } = await open(await historyPage());
    const whole = await drawnIn(page, "trend");
    await zoomInto(page, "trend");
    await expect.poll(() => drawnIn(page, "trend")).not.toBe(whole);
    await page.close();
  });

  it("links to the report of each run", async () => {
    const { page, troubles } = await open(await historyPage());
    const link = page.locator(".history tbody a").nth(1);
    expect(await link.getAttribute("href")).toMatch(/^[\w.-]+\/report\.html$/);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("fits a telephone in the dark", async () => {
    const { page, troubles } = await open(await historyPage(), 390, "dark");
    const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect([wider, troubles]).toEqual([false, []]);
    await page.close();
  });

  it("is empty without an error if no run is left", async () => {
    const reports = reportsFolder();
    await rebuildHistory(reports, "0.1.0");
    const { page, troubles } = await open(readFileSync(join(reports, "index.html"), "utf8"));
    expect(await page.locator("main").textContent()).toContain("No runs yet.");
    expect(troubles).toEqual([]);
    await page.close();
  });
});
