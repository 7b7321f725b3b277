import { describe, expect, it } from "vitest";
import { renderCapacityHtml } from "../../../src/report/capacity/html.js";
import { renderCapacityMarkdown } from "../../../src/report/capacity/markdown.js";
import { renderCapacityTerminal } from "../../../src/report/capacity/terminal.js";
import { browserForTests } from "../../support/browser.js";
import { describeWith } from "../../support/services.js";
import { PROBES, report } from "./sample.js";

describe("the answer of a capacity search", () => {
  it.each([
    [{}, "PASS", 0, "holds 200 users, bound by message.processing p99 < 5s; 210 users break it"],
    [{ required: 150 }, "PASS", 0, "holds 200 users"],
    [{ required: 300 }, "FAIL", 1, "; 300 users are required"],
    [{ end: "maximum", breaks: null, boundBy: [] }, "PASS", 0, "holds 200 users, the most tried"],
    [{ end: "generator", boundBy: [] }, "INVALID", 3, "the generator was the limit, not the target"],
    [{ end: "nothing", holds: null, breaks: 1 }, "FAIL", 1, "not even 1 users hold"],
    [
      { end: "budget", required: 150 },
      "INVALID",
      3,
      "the time budget was too short for an answer: so far 200 users held, 210 users did not",
    ],
    [
      {
        end: "budget",
        breaks: 320,
        probes: PROBES.map((one) => ({ ...one, outcome: "generator" as const })),
      },
      "INVALID",
      3,
      "so far 200 users held, at 320 users the generator was the limit",
    ],
    [{ end: "unknown", holds: null, breaks: null }, "INVALID", 3, "no load held so far"],
    [{ end: "interrupted" }, "INVALID", 130, "interrupted: 200 users held"],
  ] as const)("with %j is %s, exit code %d: %s", (fields, verdict, exitCode, words) => {
    const made = report(fields);
    expect([made.verdict, made.exitCode]).toEqual([verdict, exitCode]);
    expect(made.summary).toContain(words);
  });

  it("is green only if something was required and reached", () => {
    const tone = (fields: Parameters<typeof report>[0]): string | undefined =>
      /class="banner (\w+)"/.exec(renderCapacityHtml(report(fields)))?.[1];
    expect(tone({})).toBe("quiet");
    expect(tone({ required: 150 })).toBe("good");
    expect(tone({ required: 300 })).toBe("bad");
    const coloured = { colour: true, directory: "x" };
    expect(renderCapacityTerminal(report(), coloured)).not.toContain("\u001b[32m");
    expect(renderCapacityTerminal(report({ required: 150 }), coloured)).toContain("\u001b[32m");
  });

  it("does not say that the target broke where only the generator gave way", () => {
    const limited = PROBES.map((one) => ({ ...one, outcome: "generator" as const }));
    const page = renderCapacityHtml(report({ end: "generator", breaks: 320, probes: limited }));
    expect(page).toContain("the generator&#39;s limit");
    expect(page).not.toContain("<dt>breaks");
    expect(renderCapacityHtml(report())).toContain("<dt>breaks");
  });

  it("shows every probe in the terminal, by load, and without colour no escape sequences", () => {
    const text = renderCapacityTerminal(report(), { colour: false, directory: "reports/x" });
    const loads = [...text.matchAll(/^ +(\d+) {2}(?:climb|bisect|confirm)/gm)].map(([, load]) =>
      Number(load),
    );
    expect(loads).toEqual([...PROBES.map(({ load }) => load)].sort((a, b) => a - b));
    expect(text).not.toContain("\u001b");
    expect(text).toContain("reports/x/capacity.html");
  });

  it("shows every probe in Markdown, whatever a name holds", () => {
    const text = renderCapacityMarkdown(report({ scenario: "a|b <x>" }));
    expect(text.match(/^\| +?\d/gm) ?? text.match(/^\| \d/gm)).toHaveLength(PROBES.length);
    expect(text).toContain("a\\|b &lt;x&gt;");
  });
});

describeWith(["chromium"], "the page of a capacity search in a browser", () => {
  const open = browserForTests();

  it("draws both curves and lists every probe, without errors or requests", async () => {
    const { page, troubles } = await open(renderCapacityHtml(report()));
    expect(await page.locator("canvas").count()).toBe(2);
    expect(await page.locator("#probes tbody tr").count()).toBe(PROBES.length);
    expect(await page.locator("#probes tbody b").count()).toBe(0);
    expect(await page.locator(".summary").textContent()).toContain("holds 200 users");
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("fits a telephone in the dark", async () => {
    const { page, troubles } = await open(renderCapacityHtml(report()), 390, "dark");
    const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect([wider, troubles]).toEqual([false, []]);
    await page.close();
  });
});
