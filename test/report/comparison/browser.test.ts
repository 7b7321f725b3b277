import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "../../commands/command.fixture.js";
import { browserForTests } from "../../support/browser.js";
import { runLog } from "../../support/run-log.js";
import { describeWith } from "../../support/services.js";

async function comparisonPage(factor: number): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), "gp-load-comparison-"));
  await run(["compare", "base", "cand", "--out", out], {
    "base/run.jsonl": runLog(),
    "cand/run.jsonl": runLog({ seed: "b", factor }),
  });
  return readFileSync(join(out, "comparison.html"), "utf8");
}

describeWith(["chromium"], "the page of a comparison in a browser", () => {
  const open = browserForTests();

  it("draws both sides over each other and tells every difference, without an error or a request", async () => {
    const { page, troubles } = await open(await comparisonPage(1.3));
    expect(await page.locator("canvas").count()).toBe(2);
    expect(await page.locator("#plot-spectra .u-legend").textContent()).toMatch(/candidate[\s\S]*baseline/);
    // Three percentiles and the goodput.
    expect(await page.locator("#changes tbody tr").count()).toBe(4);
    expect(await page.locator("#changes .badge.bad").count()).toBeGreaterThan(0);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("fits a telephone in the dark", async () => {
    const { page, troubles } = await open(await comparisonPage(1), 390, "dark");
    const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect([wider, troubles]).toEqual([false, []]);
    await page.close();
  });
});
