// How long report.html of an hour of run takes to load in Chromium, until its plots are drawn.
import { statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { writeReports, writeRun } from "../merge/run.mjs";
import { median } from "../support/measure.mjs";
import { inBenchFolder } from "../support/runs.mjs";

const SECONDS = Number(process.env.BENCH_SECONDS ?? 3600);
const SAMPLES_A_SECOND = 3200;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const CHROMIUM = process.env.BENCH_CHROMIUM ?? "/usr/bin/chromium";

/** @returns rows of the table: what, figure, remark */
export async function page() {
  return inBenchFolder(async (folder) => {
    const { runs } = await writeRun(folder, SECONDS, SECONDS * SAMPLES_A_SECOND);
    await writeReports(folder, runs);
    const file = join(runs, "report.html");
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ["--no-sandbox", "--disable-gpu"],
    });
    try {
      const times = [];
      for (let round = 0; round < ROUNDS; round++) times.push(await loadTime(browser, file));
      const size = `report.html ${(statSync(file).size / 1e6).toFixed(2)} MB`;
      const each = times.map((time) => time.toFixed(2)).join(", ");
      return [
        [
          `report.html of ${SECONDS} s, loaded and drawn`,
          `${median(times).toFixed(2)} s`,
          `${each}; ${size}`,
        ],
      ];
    } finally {
      await browser.close();
    }
  });
}

/** Seconds from the start of the navigation to the first frame after the plots are there. */
async function loadTime(browser, file) {
  const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  try {
    const began = performance.now();
    await tab.goto(pathToFileURL(file).href);
    await tab.waitForFunction(() => !document.getElementById("theme")?.hidden);
    await tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
    const seconds = (performance.now() - began) / 1000;
    if ((await tab.locator("canvas").count()) === 0) throw new Error("the page has no plots");
    return seconds;
  } finally {
    await tab.close();
  }
}
