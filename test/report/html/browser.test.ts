// Promises of report.html in a real browser.
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { renderHtml } from "../../../src/report/html/page.js";
import { browserForTests, type OpenedPage } from "../../support/browser.js";
import { describeWith } from "../../support/services.js";
import { emptySample, failSample, HOSTILE, longSample, passSample, type Sample } from "../samples.js";

describeWith(["chromium"], "the page in a browser", () => {
  const openPage = browserForTests();

  const open = (sample: Sample, width?: number, scheme?: "light" | "dark"): Promise<OpenedPage> =>
    openPage(renderHtml(sample.report, sample.details), width, scheme);

  /** How many canvases hold more than one colour, and how many there are. */
  function drawn(page: Page): Promise<{ all: number; inked: number }> {
    return page.evaluate(() => {
      const canvases = [...document.querySelectorAll("canvas")];
      const inked = canvases.filter((canvas) => {
        const context = canvas.getContext("2d");
        if (!context || canvas.width === 0) return false;
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        const seen = new Set<number>();
        for (let at = 0; at < data.length; at += 4) {
          seen.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0));
        }
        return seen.size > 3;
      });
      return { all: canvases.length, inked: inked.length };
    });
  }

  it.each([
    ["PASS", passSample],
    ["FAIL", failSample],
    ["INVALID", emptySample],
    ["a long run", longSample],
  ])("opens %s without an error, a warning or a request", async (_, sample) => {
    const { page, troubles } = await open(sample());
    expect(await page.locator("h1").textContent()).toBe("enterprise-100");
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("draws all twelve plots, and none for a run of which nothing is known", async () => {
    const full = await open(passSample());
    expect(await drawn(full.page)).toEqual({ all: 12, inked: 12 });
    await full.page.close();
    const empty = await open(emptySample());
    expect(await drawn(empty.page)).toEqual({ all: 0, inked: 0 });
    await empty.page.close();
  });

  it("shows hostile text as text, and runs none of it", async () => {
    const { page, troubles } = await open(failSample());
    await page.locator(".turn > summary").first().click();
    await page.locator(".turn .events").waitFor();
    const text = await page.locator("main").textContent();
    expect(text).toContain(`thread-${HOSTILE}`);
    expect(text).toContain(`model said: ${HOSTILE}`);
    expect(text).toContain(`no stamps: ${HOSTILE}`);
    expect(await page.locator("img").count()).toBe(0);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("follows the system's colours, and the button overrules them", async () => {
    const { page } = await open(passSample(), 1440, "dark");
    const background = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    await page.locator("#theme").click();
    const light = await background();
    expect(light).not.toBe(dark);
    expect(await page.locator("#theme").getAttribute("aria-pressed")).toBe("false");
    expect(await drawn(page)).toEqual({ all: 12, inked: 12 });
    await page.locator("#theme").click();
    expect(await background()).toBe(dark);
    await page.close();
  });

  it("draws another metric and another scale when asked", async () => {
    const { page, troubles } = await open(passSample());
    await page.locator("#latency-controls select").selectOption("history.query");
    await page.locator("#spectrum-controls select").selectOption("history.query");
    await page.locator("#latency-controls button", { hasText: "log" }).click();
    await page.locator("#spectrum-controls button", { hasText: "linear" }).click();
    expect(await drawn(page)).toEqual({ all: 12, inked: 12 });
    expect(await page.locator("#plot-latency .u-legend").textContent()).toMatch(/p99\s*peak \d+(\.\d+)? ms/);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("tells the values under the cursor in every time plot at once", async () => {
    const { page } = await open(passSample());
    await page.locator("#plot-users .u-over").hover({ position: { x: 200, y: 50 } });
    const times = await page.locator(".u-legend tr:first-child .u-value").allInnerTexts();
    const instants = times.filter((text) => /^\d+:\d\d$/.test(text));
    expect(instants.length).toBe(11);
    expect(new Set(instants).size).toBe(1);
    await page.close();
  });

  it("filters the kept turns and opens one to its events", async () => {
    const { page } = await open(failSample());
    expect(await page.locator(".turn").count()).toBe(9);
    await page.locator("#turns-controls button", { hasText: "all (41)" }).click();
    expect(await page.locator(".turn").count()).toBe(15);
    await page.locator("#turns-list .more").click();
    expect(await page.locator(".turn").count()).toBe(30);
    await page.locator("#turns-controls button", { hasText: "slowest" }).click();
    await page.locator(".turn > summary").first().click();
    await page.locator(".turn .turn-facts", { hasText: /trace [0-9a-f]{32}/ }).waitFor({ timeout: 5_000 });
    await page.locator(".turn .events li", { hasText: "answer_delta × 3" }).waitFor({ timeout: 5_000 });
    await page.close();
  });

  it("fits a telephone: nothing makes the page scroll sideways", async () => {
    for (const sample of [failSample(), emptySample()]) {
      const { page } = await open(sample, 390, "dark");
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      expect(widths[0]).toBe(widths[1]);
      await page.close();
    }
  });

  it("draws plots anew in the width of a resized window", async () => {
    const { page } = await open(passSample());
    await page.setViewportSize({ width: 700, height: 900 });
    await page.waitForFunction(
      () => (document.querySelector("#plot-latency canvas")?.clientWidth ?? 9999) < 700,
    );
    expect(await drawn(page)).toEqual({ all: 12, inked: 12 });
    await page.close();
  });

  it("has one main, one first heading, a caption for every table and a name for every control", async () => {
    const { page } = await open(failSample());
    const counts = await page.evaluate(() => ({
      main: document.querySelectorAll("main").length,
      h1: document.querySelectorAll("h1").length,
      bare: [...document.querySelectorAll("main table:not(.u-legend)")].filter(
        (one) => !one.querySelector("caption"),
      ).length,
      nameless: [...document.querySelectorAll("button")].filter((one) => one.textContent?.trim() === "")
        .length,
      sections: [...document.querySelectorAll("main section")].filter(
        (one) => !one.getAttribute("aria-labelledby"),
      ).length,
    }));
    expect(counts).toEqual({ main: 1, h1: 1, bare: 0, nameless: 0, sections: 0 });
    await page.close();
  });
});
