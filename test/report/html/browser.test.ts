// Promises of report.html in a real browser.
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { renderHtml } from "../../../src/report/html/page.js";
import { browserForTests, drawnIn, type OpenedPage, zoomInto } from "../../support/browser.js";
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

  it("draws all thirteen plots, and none for a run without data", async () => {
    const full = await open(passSample());
    expect(await drawn(full.page)).toEqual({ all: 13, inked: 13 });
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
    expect(await drawn(page)).toEqual({ all: 13, inked: 13 });
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
    expect(await drawn(page)).toEqual({ all: 13, inked: 13 });
    expect(await page.locator("#plot-latency .u-legend").textContent()).toMatch(/p99\s*peak \d+(\.\d+)? ms/);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("draws a breakdown of 50 values and the others, with hostile names, and marks what never ended", async () => {
    const { report, details } = passSample();
    const summary = { count: 9, censored: 1, min: 1, mean: 2, p50: 20, p90: 30, p95: 40, max: null };
    const named = Array.from({ length: 50 }, (_, number) => `tool-${number}${number === 0 ? HOSTILE : ""}`);
    const breakdown = [...named, "(other)"].map((value, number) => ({
      ...{ label: "tool" as const, value },
      metrics: { "tool.duration": { ...summary, p99: number === 1 ? null : 50, p999: null } },
    }));
    const sample = { ...details, spectra: [] };
    for (const width of [1440, 390]) {
      const { page, troubles } = await openPage(renderHtml({ ...report, breakdown }, sample), width);
      await page.locator("#plot-breakdown ~ .values > summary").click();
      const rows = page.locator("#plot-breakdown ~ .values tbody tr");
      await expect.poll(() => rows.count()).toBe(51);
      expect(await rows.nth(0).locator("td").allInnerTexts()).toEqual([
        `tool-0${HOSTILE}`,
        ...["50 ms", "40 ms", "20 ms"],
      ]);
      expect(await rows.nth(1).locator("td").nth(1).textContent()).toBe("–");
      expect(await rows.nth(50).locator("td").first().textContent()).toBe("(other)");
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await page.locator("#breakdown-controls label:has-text('By') select").selectOption("phase");
      expect(await page.locator("#plot-breakdown .u-legend").textContent()).toContain("3 in all");
      expect(troubles).toEqual([]);
      await page.close();
    }
  });

  it("shows the values under the cursor in every time plot at once", async () => {
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

  it("answers on the first screen what failed, since when and for whom, with its plot beside it", async () => {
    const { page } = await open(failSample());
    const first = page.locator(".failure").first();
    const box = await first.boundingBox();
    expect((box?.y ?? 9999) + (box?.height ?? 0)).toBeLessThan(900);
    expect(await first.textContent()).toContain("agent.response p99 was > 60s; it must be below 60s");
    expect(await first.textContent()).toMatch(/since when.*of the hold.*for whom.*14 of/s);
    expect(await first.locator("canvas").count()).toBe(1);
    expect(await page.locator(".sla tbody tr .badge").first().textContent()).toContain("fail");
    await page.close();
    const passed = await open(passSample());
    expect(await passed.page.locator(".failure").count()).toBe(0);
    expect(await passed.page.locator(".invocation").textContent()).toContain("--build v1.8.2");
    await passed.page.close();
  });

  it("opens the turn that a link names, also one that its list does not show yet", async () => {
    const { page } = await open(failSample());
    await page.locator(".failure").first().locator("a").first().click();
    await page.locator(".turn[open] .events").waitFor();
    const hash = new URL(page.url()).hash.slice(1);
    expect(await page.locator(".turn[open]").getAttribute("id")).toBe(hash);
    const { details } = failSample();
    const last = details.keptTurns.filter(({ why }) => why === "sample").at(-1);
    await page.evaluate((anchor) => (location.hash = anchor), `turn-${last?.user}-${last?.turn}`);
    await page.locator(`#turn-${last?.user}-${last?.turn}[open]`).waitFor();
    await page.close();
  });

  it("leads to the run before, its suite and all runs, where these are there", async () => {
    const { report, details } = passSample();
    const links = { before: "../old%20run/report.html", suite: "../index.html", history: "../../index.html" };
    const { page, troubles } = await openPage(renderHtml(report, { ...details, links }));
    const ways = page.locator("header dd a[href$='.html']");
    expect(await ways.evaluateAll((all) => all.map((one) => one.getAttribute("href")))).toEqual(
      Object.values(links),
    );
    expect(await ways.allTextContents()).toEqual(["the run before", "its suite", "all runs"]);
    expect(troubles).toEqual([]);
    await page.close();
    const alone = await open(passSample());
    expect(await alone.page.locator("header dd a[href$='.html']").count()).toBe(0);
    await alone.page.close();
  });

  it("copies the command line and evidence", async () => {
    const { page } = await open(failSample());
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const pasted = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
    await page.locator(".finding", { hasText: "leaked" }).locator(".copy").first().click();
    await page.locator(".copy", { hasText: "Copied" }).waitFor();
    expect(await pasted()).toContain("user 12 · turn 3");
    await page.close();
  });

  it("sorts a table by the heading that is pressed, numbers as numbers", async () => {
    const { page } = await open(passSample());
    const column = (): Promise<string[]> =>
      page.locator("#metrics .phase[open] tbody td:nth-child(7)").allInnerTexts();
    const before = await column();
    const heading = page.locator("#metrics .phase[open] thead th:nth-child(7)");
    await heading.locator("button").click();
    expect(await heading.getAttribute("aria-sort")).toBe("descending");
    const ms = (text: string): number =>
      Number.parseFloat(text) * (/\dms$/.test(text) ? 1 : /µs$/.test(text) ? 0.001 : 1000);
    const after = await column();
    expect(after).not.toEqual(before);
    expect(after.map(ms)).toEqual([...before.map(ms)].sort((a, b) => b - a));
    await heading.locator("button").click();
    expect((await column()).map(ms)).toEqual([...before.map(ms)].sort((a, b) => a - b));
    await page.close();
  });

  it("can be read without a mouse: keys move the cursor, switch a curve, and open the values", async () => {
    const { page } = await open(passSample());
    await page.locator("#plot-users").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    // The cursor is drawn with the next frame.
    const values = page.locator("#plot-users + .values, #plot-users ~ .unseen").last();
    await expect.poll(() => values.textContent()).toContain("0:01, live");
    const legend = page.locator("#plot-turns .u-legend tr:first-child .u-value");
    await expect.poll(() => legend.textContent()).toBe("0:01");
    const entry = page.locator("#plot-latency .u-series").nth(1).locator("th");
    await entry.focus();
    await page.keyboard.press("Enter");
    expect(await entry.getAttribute("aria-pressed")).toBe("false");
    await page.locator("#latency-controls button", { hasText: "log" }).click();
    expect(await entry.getAttribute("aria-pressed")).toBe("false");
    await page.locator("#plot-users ~ .values > summary").click();
    // Its rows are written once it has opened.
    const rows = page.locator("#plot-users ~ .values tbody tr");
    await expect.poll(() => rows.count()).toBe(passSample().report.timeline.length);
    await page.close();
  });

  it("zooms all plots over time at once, and back again", async () => {
    const { page } = await open(passSample());
    await page.locator("#plot-users .u-over").scrollIntoViewIfNeeded();
    const box = await page.locator("#plot-users .u-over").boundingBox();
    if (!box) throw new Error("no plot");
    const before = await drawnIn(page, "turns");
    await page.mouse.move(box.x + 100, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + 106, box.y + 40, { steps: 3 });
    await page.mouse.up();
    await expect.poll(() => drawnIn(page, "turns")).not.toBe(before);
    const zoomed = await drawnIn(page, "turns");
    await page.locator("#plot-users .u-over").dblclick({ position: { x: 200, y: 40 } });
    await expect.poll(() => drawnIn(page, "turns")).not.toBe(zoomed);
    await page.close();
  });

  it.each(["spectrum", "histogram", "breakdown"])(
    "zooms into the plot of the %s, and back again",
    async (name) => {
      const { report, details } = passSample();
      const summary = {
        count: 9,
        censored: 0,
        min: 1,
        mean: 2,
        p50: 20,
        p90: 30,
        p95: 40,
        p99: 50,
        p999: 60,
        max: 70,
      };
      const breakdown = ["a", "b", "c", "d"].map((value) => ({
        ...{ label: "tool" as const, value },
        metrics: { "tool.duration": summary },
      }));
      const { page } = await openPage(renderHtml({ ...report, breakdown }, details));
      const whole = await drawnIn(page, name);
      await zoomInto(page, name);
      await expect.poll(() => drawnIn(page, name)).not.toBe(whole);
      await page.locator(`#plot-${name} .u-over`).dblclick({ position: { x: 200, y: 40 } });
      await expect.poll(() => drawnIn(page, name)).toBe(whole);
      await page.close();
    },
  );

  it("shows the number of samples in each bar of the histogram, and the metric", async () => {
    const { page } = await open(passSample());
    await page.locator("#plot-histogram ~ .values > summary").click();
    const rows = page.locator("#plot-histogram ~ .values tbody tr");
    await expect.poll(() => rows.count()).toBe(4);
    const [bar] = passSample().details.spectra.filter(({ metric }) => metric === "agent.response");
    expect(bar?.histogram.counts).toEqual([40, 700, 260, 20]);
    expect(await rows.locator("td:last-child").allInnerTexts()).toEqual(["40", "700", "260", "20"]);
    const first = await rows.first().textContent();
    expect(first).toMatch(/^\d+(\.\d+)? m?s to \d+(\.\d+)? m?s40$/);
    await page.locator("#spectrum-controls select").selectOption("history.query");
    await page.locator("#plot-histogram ~ .values > summary").click();
    await page.locator("#plot-histogram ~ .values > summary").click();
    await expect.poll(() => rows.first().textContent()).not.toBe(first);
    await page.close();
  });

  it("draws plots as wide as the paper, whatever the screen was, and afterwards as wide as the screen", async () => {
    const { page } = await open(failSample());
    const widest = (): Promise<number> =>
      page.evaluate(() =>
        Math.max(...[...document.querySelectorAll("canvas")].map(({ clientWidth }) => clientWidth)),
      );
    expect(await widest()).toBeGreaterThan(900);
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    // A4 without its margins and those of a card.
    expect(await widest()).toBeLessThanOrEqual(660);
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    expect(await widest()).toBeGreaterThan(900);
    await page.close();
  });

  it("cuts nothing off on paper, and folds nothing away", async () => {
    const { page } = await open(failSample(), 718);
    await page.emulateMedia({ media: "print" });
    const cut = await page.evaluate(() => {
      dispatchEvent(new Event("beforeprint"));
      const wide = [...document.querySelectorAll("main *:not(option):not(.unseen)")].filter((one) => {
        const { right, width } = one.getBoundingClientRect();
        return width > 0 && right > innerWidth + 1 && getComputedStyle(one).clipPath === "none";
      });
      return {
        wide: wide.map((one) => `${one.tagName}.${one.className}`),
        folded: document.querySelectorAll("main details:not([open]):not(.values)").length,
        events: document.querySelectorAll(".turn .events").length > 0,
      };
    });
    expect(cut).toEqual({ wide: [], folded: 0, events: true });
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    expect(await page.locator(".turn[open]").count()).toBe(0);
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

  it("keeps the rows of evidence low on a telephone, whose ids are long", async () => {
    const { report, details } = failSample();
    const ids = {
      thread: "6d641241-c57d-4945-9e6f-207c8a113a6b",
      runId: "299a0743-3c87-4676-874d-a422c6736701",
    };
    const findings = report.findings.map((one) => ({ ...one, evidence: [{ user: 1, turn: 2, ...ids }] }));
    const { page } = await open({ details, report: { ...report, findings } }, 390);
    const rows = await page
      .locator(".finding[open] tbody tr")
      .evaluateAll((all) => all.map((row) => row.getBoundingClientRect().height));
    expect(rows.length).toBeGreaterThan(0);
    expect(Math.max(...rows)).toBeLessThan(80);
    await page.close();
  });

  it("redraws plots to fit a resized window", async () => {
    const { page } = await open(passSample());
    await page.setViewportSize({ width: 700, height: 900 });
    await page.waitForFunction(
      () => (document.querySelector("#plot-latency canvas")?.clientWidth ?? 9999) < 700,
    );
    expect(await drawn(page)).toEqual({ all: 13, inked: 13 });
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
      // The contents list leads to every section, and all of it is in sight.
      unlisted: [...document.querySelectorAll("main section[id]")].filter(
        ({ id }) => document.querySelector(`nav a[href="#${id}"]`) === null,
      ).length,
      hiddenLinks: [...document.querySelectorAll("nav a")].filter(
        (one) => one.getBoundingClientRect().right > (one.parentElement?.getBoundingClientRect().right ?? 0),
      ).length,
    }));
    const none = { bare: 0, nameless: 0, sections: 0, unlisted: 0, hiddenLinks: 0 };
    expect(counts).toEqual({ main: 1, h1: 1, ...none });
    await page.close();
  });
});
