import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "../../commands/command.fixture.js";
import { browserForTests, drawnIn, zoomInto } from "../../support/browser.js";
import { runLog } from "../../support/run-log.js";
import { describeWith } from "../../support/services.js";

async function comparisonPage(factor: number, load: unknown = { users: 10 }): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), "gp-load-comparison-"));
  await run(["compare", "base", "cand", "--out", out], {
    "base/run.jsonl": runLog(),
    "cand/run.jsonl": runLog({ seed: "b", factor, header: { scenarioData: { load } } }),
  });
  return readFileSync(join(out, "comparison.html"), "utf8");
}

describeWith(["chromium"], "the page of a comparison in a browser", () => {
  const open = browserForTests();

  it("draws both sides over each other and lists every difference, without errors or requests", async () => {
    const { page, troubles } = await open(await comparisonPage(1.3));
    expect(await page.locator("canvas").count()).toBe(2);
    expect(await page.locator("#plot-spectra .u-legend").textContent()).toMatch(/candidate[\s\S]*baseline/);
    // Three percentiles and the goodput.
    expect(await page.locator("#changes tbody tr").count()).toBe(4);
    expect(await page.locator("#changes .badge.bad").count()).toBeGreaterThan(0);
    const whole = await drawnIn(page, "spectra");
    await zoomInto(page, "spectra");
    await expect.poll(() => drawnIn(page, "spectra")).not.toBe(whole);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("has no badge at a difference if the comparison is INVALID, and does if it is not", async () => {
    const invalid = await open(await comparisonPage(1.3, { users: 20 }));
    expect(await invalid.page.locator(".verdict").textContent()).toContain("INVALID");
    expect(await invalid.page.locator("#changes .badge").count()).toBe(0);
    expect(await invalid.page.locator("#changes tbody").textContent()).toContain("says nothing");
    // No number of samples would make other loads comparable.
    expect(await invalid.page.locator("#changes tbody .meaning").count()).toBe(0);
    await invalid.page.close();
    const valid = await open(await comparisonPage(1));
    expect(await valid.page.locator("#changes .badge").count()).toBeGreaterThan(0);
    await valid.page.close();
  });

  it("fits a telephone in the dark", async () => {
    const { page, troubles } = await open(await comparisonPage(1), 390, "dark");
    const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect([wider, troubles]).toEqual([false, []]);
    await page.close();
  });
});
