// Promises of report.html as text, and of what it is built with.
import { describe, expect, it } from "vitest";
import { pageData } from "../../../src/report/html/data.js";
import { MAX_POINTS, reduceCurve, secondsPerPoint } from "../../../src/report/html/downsample.js";
import { html, jsonMarkup } from "../../../src/report/html/markup.js";
import { renderHtml } from "../../../src/report/html/page.js";
import { TRACE_OF_EVIDENCE } from "../sample-parts.js";
import { emptySample, failSample, HOSTILE, longSample, passSample } from "../samples.js";

describe("report.html", () => {
  it("names no address that a browser would fetch", () => {
    const { report, details } = passSample();
    const page = renderHtml(report, details);
    expect(page).not.toMatch(/<(script|img|iframe|link|object|embed|source)[^>]+(src|href)="(?!data:,)/i);
    expect(page).not.toMatch(/@import|url\(/i);
    expect(page).toContain("default-src &#39;none&#39;");
  });

  it("lets hostile text neither end its element nor open one", () => {
    const { report, details } = failSample();
    const page = renderHtml(report, details);
    expect(page).not.toContain("<img");
    // The library, the data and the script: nothing else may end a script.
    expect(page.match(/<\/script/gi)?.length).toBe(2);
  });

  it("keeps its data exact through the escaping", () => {
    const { report, details } = failSample();
    const json = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(
      renderHtml(report, details),
    )?.[1];
    expect(JSON.parse(json ?? "")).toEqual(JSON.parse(JSON.stringify(pageData(report, details))));
  });

  it("shows one row for each tool, and each prompt if there are several", () => {
    const { report, details } = passSample();
    const figures = { min: 1, mean: 2, p50: 2, p90: 3, p95: 4, p99: null, p999: null, max: null };
    const some = { count: 9, censored: 1, ...figures };
    const part = (label: "tool" | "prompt" | "weight", value: string, metric: string) => ({
      ...{ label, value },
      metrics: { [metric]: some },
    });
    const breakdown = [
      part("tool", "sql<b>", "tool.duration"),
      part("prompt", "hiring", "agent.response"),
      part("prompt", "(other)", "agent.response"),
      part("weight", "light", "agent.response"),
    ];
    const page = renderHtml({ ...report, breakdown }, details);
    const shown = page.slice(page.indexOf('id="breakdown"'));
    expect(shown).toContain("sql&lt;b&gt;");
    expect(shown).toContain("never ended");
    expect(shown).toContain("Prompts: percentiles");
    expect(shown).not.toContain("Weights of prompts");
    expect(renderHtml(report, details)).not.toContain('id="breakdown"');
  });

  it("shows each metric with its definition, and what turns used as far as they reported it", () => {
    const { report, details } = passSample();
    const figures = { min: 7, mean: 11.5, p50: 11, p90: 12, p95: 12, p99: 12, p999: 12, max: 12 };
    const counts = { "tokens.output": { count: 8, censored: 0, ...figures } };
    const usage = { turns: 9, reported: 8, invalid: 3, unpriced: 2 };
    const page = renderHtml({ ...report, counts, usage }, details);
    const shown = page.slice(page.indexOf('id="metrics"'));
    expect(shown).toContain("first visible text of the answer");
    expect(shown).toContain("output tokens of a turn, as the backend reports them");
    expect(shown).toContain(">11.5<");
    expect(shown).toContain("8 of 9 completed turns reported their tokens");
    expect(renderHtml(report, details)).not.toContain("counts of the hold");
  });

  it("shows its parts in the order in which a reader needs them", () => {
    const { report, details } = failSample();
    const page = renderHtml(report, details);
    const places = [
      "sla",
      "load",
      "latency",
      "spectrum",
      "ledger",
      "anomalies",
      "checks",
      "findings",
      "access",
      "not-checked",
      "shapes",
      "generator",
      "clock",
      "turns",
      "metrics",
      "facts",
    ].map((id) => page.indexOf(`id="${id}"`));
    expect(places.every((place) => place > 0)).toBe(true);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
  });

  it("lists for an auditor who tried what, and leaves that out if nothing was tried", () => {
    const { report, details } = failSample();
    const page = renderHtml(report, details);
    const part = page.slice(page.indexOf('id="access"'), page.indexOf('id="not-checked"'));
    expect(part).toContain("1,200 refused");
    expect(part).toContain("1 let in");
    expect(part).toContain("102 of 1,202 attempts");
    const verdicts = [...part.matchAll(/class="badge (\w+)"><span aria-hidden="true">.<\/span> ([a-z ]+)</g)];
    expect(verdicts.map(([, tone, word]) => `${tone} ${word}`)).toEqual([
      "bad let in",
      "warn unclear",
      "good refused",
      "quiet not checked",
    ]);
    const { access: _access, ...rest } = report;
    expect(renderHtml(rest, details)).not.toContain('id="access"');
  });

  it("gives the reasons and the advice of an INVALID run before everything else", () => {
    const { report, details } = emptySample();
    const page = renderHtml(report, details);
    expect(page.indexOf("What to do: Start the backend")).toBeLessThan(page.indexOf('id="sla"'));
    expect(page.indexOf("What to do: Start the backend")).toBeGreaterThan(0);
  });

  it("names the trace of evidence, if it is known", () => {
    const { report, details } = failSample();
    expect(renderHtml(report, details)).toContain(`<code>${TRACE_OF_EVIDENCE}</code>`);
  });

  it("holds every one of a thousand findings", () => {
    const { report, details } = longSample();
    expect(renderHtml(report, details).match(/class="finding"/g)?.length).toBe(1_000);
  });

  it("keeps four hours within a few megabytes", () => {
    const { report, details } = longSample();
    expect(pageData(report, details).seconds.length).toBeLessThanOrEqual(MAX_POINTS);
    expect(renderHtml(report, details).length).toBeLessThan(3_000_000);
  });
});

describe("a second whose p99 is censored", () => {
  it("is a gap in the curve and marked as such, not a fast second", () => {
    const { report, details } = failSample();
    const curves = pageData(report, details).latencies["agent.response"];
    expect(curves?.p99[29]).toBeNull();
    expect(curves?.censored).toEqual([29, 30]);
    expect(curves?.p50[29]).toBeGreaterThan(0);
  });

  it("is still marked when it shares its point with others", () => {
    const { report, details } = failSample();
    const [first] = report.timeline;
    const quiet = Array.from({ length: 4_000 }, (_, index) => ({ ...first, second: index + 46 }));
    const timeline = [...report.timeline, ...quiet] as typeof report.timeline;
    expect(pageData({ ...report, timeline }, details).latencies["agent.response"]?.censored).toEqual([
      27, 30,
    ]);
  });
});

describe("thinning out a long run", () => {
  it("keeps the highest and the lowest value, wherever they are", () => {
    const values = Array.from({ length: 14_400 }, (_, second) =>
      second === 7_777 ? 99 : second === 8_888 ? -5 : 1,
    );
    const width = secondsPerPoint(values.length);
    expect(Math.max(...reduceCurve(values, width, "max").map(Number))).toBe(99);
    expect(Math.min(...reduceCurve(values, width, "min").map(Number))).toBe(-5);
  });

  it("changes nothing if there are few points", () => {
    expect(secondsPerPoint(2_000)).toBe(1);
    expect(reduceCurve([1, null, 3], 1, "mean")).toEqual([1, null, 3]);
  });

  it("distinguishes seconds without data from zero", () => {
    expect(reduceCurve([null, null, 0, null], 2, "max")).toEqual([null, 0]);
  });
});

describe("building HTML", () => {
  it("escapes everything that it did not build itself", () => {
    expect(html`<p title="${'"'}">${HOSTILE}${html`<b>${"&"}</b>`}</p>`.toString()).toBe(
      '<p title="&quot;">&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;<b>&amp;</b></p>',
    );
  });

  it("does not mistake another object for its own markup", () => {
    const forged = { toString: () => "<b>", markup: "<b>" } as unknown as string;
    expect(() => html`${forged}`.toString()).toThrow();
  });

  it("leaves no character in JSON that could end a script element or a line of script", () => {
    const text = jsonMarkup({ hostile: `${HOSTILE}<!--\u2028\u2029&` }).toString();
    expect(text).not.toMatch(/[<>&\u2028\u2029]/);
    expect(JSON.parse(text)).toEqual({ hostile: `${HOSTILE}<!--\u2028\u2029&` });
  });
});
