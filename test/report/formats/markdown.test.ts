// Promises of summary.md.
import { describe, expect, it } from "vitest";
import { renderMarkdown } from "../../../src/report/formats/markdown.js";
import { TRACE_OF_EVIDENCE } from "../sample-parts.js";
import { emptySample, failSample, longSample, passSample } from "../samples.js";

describe("summary.md", () => {
  it("starts with the verdict and says why", () => {
    const lines = renderMarkdown(failSample().report).split("\n");
    expect(lines[0]).toBe("## ✗ FAIL: enterprise-100");
    expect(lines[2]).toMatch(/^3 of 10 rules fail/);
  });

  it("has a row for every rule, with as many cells as the head", () => {
    const { report } = failSample();
    const lines = renderMarkdown(report).split("\n");
    const start = lines.indexOf("### SLA") + 2;
    const rows = lines.slice(start, start + 2 + report.sla.length);
    const cells = rows.map((row) => row.replaceAll("\\|", "").split("|").length);
    expect(new Set(cells).size).toBe(1);
    expect(rows[5]).toContain("| ✗ fail | history.query | p99 &lt; 100ms | 212ms | 1,020 | 61 | 0 |");
  });

  it("prints the ledger's equation, the findings, what was not checked, and the generator", () => {
    const text = renderMarkdown(failSample().report);
    expect(text).toContain(
      "attempted 1,360 = completed 1,329 + failed 9 + rejected 4 + timed out 6 + lost 12",
    );
    expect(text).toContain("✗ **history / answer-missing** × 7");
    expect(text).toContain("### Not checked (1)");
    expect(text).toMatch(/### Generator\n\nhealthy: 2 workers/);
  });

  it("has every kind of access probe with expectation, answer and count", () => {
    const page = renderMarkdown(failSample().report);
    expect(page).toContain("1,202 attempts: 1,200 refused, 1 let in, 1 without a clear answer");
    expect(page).toContain("| ✗ let in | GET the messages of another user's thread | 403 or 404 | 200 | 1 |");
    expect(renderMarkdown(passSample().report)).not.toContain("Access probes");
  });

  it("lists failed turns and the slowest with the ids to look them up by", () => {
    const { report } = failSample();
    const page = renderMarkdown(report);
    const [failed] = report.turns;
    expect(page).toContain(`user 5 · turn 2 · thread t-5 · trace ${TRACE_OF_EVIDENCE}`);
    expect(page).toContain("Turns that failed (9 kept), and the slowest");
    expect(failed?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(page).toContain(`| lost: no\\_terminal | 0 | 0 | 14.0s | – | run-0-0 | ${failed?.traceId} |`);
  });

  it("gives an INVALID run's reasons with advice", () => {
    const text = renderMarkdown(emptySample().report);
    expect(text).toContain("### Why this run is inconclusive");
    expect(text).toContain("Start the backend");
  });

  it("lets no text of the target become markup, a mention or another cell", () => {
    const text = renderMarkdown(failSample().report);
    expect(text).not.toContain("<img");
    expect(text).not.toMatch(/@someone/);
    expect(text).toContain("\\| pipes \\| and \\`ticks\\`");
  });

  it("stays short with a thousand findings", () => {
    const text = renderMarkdown(longSample().report);
    expect(text).toContain("and 950 more findings in report.json");
    // A job's summary on GitHub may take 1 MiB.
    expect(Buffer.byteLength(text)).toBeLessThan(100_000);
  });

  it("leaves out tables that would be empty", () => {
    const { report } = passSample();
    expect(renderMarkdown({ ...report, sla: [], checks: [], turns: [], metrics: {} })).not.toContain(
      "| --- |",
    );
  });
});
