// The live page in a real browser: it shows what it is told, asks nobody else, and stops the run.
import { chromium } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { openLiveServer } from "../../../src/app/live/server.js";
import { renderLiveHtml } from "../../../src/report/live/page.js";
import { liveMessage } from "../../app/live/sample.js";
import { describeWith, pathOf } from "../../support/services.js";
import { HOSTILE } from "../samples.js";

const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

/** A served page of a run that has told three seconds, opened on a screen of that width. */
async function openLive(width = 1440) {
  let stops = 0;
  const data = {
    scenario: HOSTILE,
    target: "reference",
    limitsMs: { "agent.response": [60_000] },
    stoppable: true,
  };
  const server = await openLiveServer({
    ...{ port: 0, token: "token", page: renderLiveHtml(data, "0.1.0") },
    all: () => liveMessage({ all: true }),
    onStop: () => {
      stops++;
    },
  });
  const browser = await chromium.launch({
    executablePath: pathOf("chromium"),
    args: ["--no-sandbox", "--disable-gpu"],
  });
  closing.push(
    () => browser.close(),
    () => server.end(liveMessage()),
  );
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const troubles: string[] = [];
  page.on("console", (message) => troubles.push(message.text()));
  page.on("pageerror", ({ message }) => troubles.push(message));
  page.on("request", (request) => {
    if (!request.url().startsWith(server.url) && request.url() !== "data:,") troubles.push(request.url());
  });
  await page.goto(server.url);
  await page.locator("#rules-table td").first().waitFor();
  return { page, server, troubles, stops: () => stops };
}

describeWith(["chromium"], "the live page in a browser", () => {
  it("shows rules, turns and plots, and each second as it comes", async () => {
    const { page, server, troubles } = await openLive();
    expect(await page.locator("#state").textContent()).toContain("failing");
    const rows = await page.locator("#rules-table tbody tr").allTextContents();
    expect(rows[0]).toContain("✗ brokenhistory.query");
    expect(rows[1]).toContain("? not yet knownevent.deliveryp99 < 1s9ms120");
    expect(await page.locator("#open-table tbody").textContent()).toContain("1.2 sagent_thinking1 s");
    expect(await page.locator("#failed-turn .events li").count()).toBeGreaterThan(3);
    expect(await page.locator("canvas").count()).toBe(6);
    expect(await page.locator("h1").textContent()).toBe(HOSTILE);
    server.push(liveMessage({ seconds: 30, turnsEnded: 777, rules: [], lists: {} }));
    await page.locator("#head-facts", { hasText: "777" }).waitFor();
    // What was not sent again is as it was, but older.
    expect(await page.locator("#open-table tbody").textContent()).toContain("28.2 sagent_thinking28 s");
    expect(await page.locator("#failed-turn .events li").count()).toBeGreaterThan(3);
    server.push(liveMessage({ seconds: 30, turnsEnded: 778, lists: { open: [] } }));
    await page.locator("#open-table", { hasText: "No turn is open." }).waitFor();
    await page.locator("#plot-users ~ .values > summary").click();
    expect(await page.locator("#plot-users ~ .values tbody tr").count()).toBe(30);
    server.push(liveMessage({ ended: { verdict: "PASS", summary: "all rules hold" } }));
    await page.locator("#state", { hasText: "PASS" }).waitFor();
    expect(await page.locator("#stop").isVisible()).toBe(false);
    expect(troubles).toEqual([]);
  });

  it("keeps what was zoomed into while further seconds come, and grows if nothing was", async () => {
    const { page, server, troubles } = await openLive();
    server.push(liveMessage({ seconds: 60, turnsEnded: 601 }));
    await page.locator("#head-facts", { hasText: "601" }).waitFor();
    const over = page.locator("#plot-users .u-over");
    await over.scrollIntoViewIfNeeded();
    const last = async (): Promise<string> => {
      const box = await over.boundingBox();
      if (!box) throw new Error("no plot");
      await page.mouse.move(box.x + box.width - 3, box.y + 40);
      const value = page.locator("#plot-users .u-legend tr:first-child .u-value");
      await expect.poll(() => value.textContent()).toMatch(/^\d+:\d\d$/);
      const text = (await value.textContent()) ?? "";
      await page.mouse.move(0, 0);
      return text;
    };
    expect(await last()).toBe("0:59");
    server.push(liveMessage({ seconds: 90, turnsEnded: 901 }));
    await page.locator("#head-facts", { hasText: "901" }).waitFor();
    await expect.poll(last).toBe("1:29");
    const box = await over.boundingBox();
    if (!box) throw new Error("no plot");
    await page.mouse.move(box.x + box.width / 3, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 40, { steps: 4 });
    await page.mouse.up();
    await page.mouse.move(0, 0);
    await expect.poll(last).toMatch(/^0:4\d$/);
    const zoomed = await last();
    server.push(liveMessage({ seconds: 120, turnsEnded: 1201 }));
    await page.locator("#head-facts", { hasText: "1,201" }).waitFor();
    expect(await last()).toBe(zoomed);
    await over.dblclick({ position: { x: 200, y: 40 } });
    await page.mouse.move(0, 0);
    await expect.poll(last).toMatch(/^1:5[89]$/);
    expect(troubles).toEqual([]);
  });

  it("stops the run by its button, once", async () => {
    const { page, troubles, stops } = await openLive();
    await page.locator("#stop").click();
    await page.locator("#stop", { hasText: "Stopping" }).waitFor();
    expect([stops(), troubles]).toEqual([1, []]);
  });

  it("fits a telephone", async () => {
    const { page } = await openLive(390);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(wider).toBe(false);
    // All of a rule is seen without scrolling aside.
    const right = await page
      .locator("#rules-table tbody tr:first-child td")
      .evaluateAll((cells) => Math.max(...cells.map((cell) => cell.getBoundingClientRect().right)));
    expect(right).toBeLessThanOrEqual(390);
  });
});
