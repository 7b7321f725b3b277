// Promises of a suite's account, and of its files as text.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { suiteReport } from "../../../src/model/report/suite.js";
import { renderSuiteHtml } from "../../../src/report/suite/html.js";
import { renderSuiteJson, suiteJsonSchema } from "../../../src/report/suite/json.js";
import { renderSuiteJunit } from "../../../src/report/suite/junit.js";
import { renderSuiteMarkdown } from "../../../src/report/suite/markdown.js";
import { readSuite } from "../../../src/report/suite/read.js";
import { renderSuiteTerminal } from "../../../src/report/suite/terminal.js";
import { SUITE_REPORTERS, writeSuite } from "../../../src/report/suite/write.js";
import { failSample, HOSTILE, passSample } from "../samples.js";
import { greenSuite, left, mixedSuite, ran, suiteOf } from "./samples.js";

const pass = passSample().report;
const fail = failSample().report;

describe("the account of a suite", () => {
  it("passes only if every scenario passed", () => {
    expect(greenSuite().suite).toMatchObject({
      verdict: "PASS",
      exitCode: 0,
      summary: "2 scenarios: 2 passed",
      counts: { passed: 2, failed: 0, invalid: 0, notRun: 0 },
    });
  });

  it("never passes with a scenario left out, whatever the others say", () => {
    const { suite } = suiteOf([ran("a", pass), left("b", "not its turn")]);
    expect(suite).toMatchObject({ verdict: "INVALID", exitCode: 3, counts: { passed: 1, notRun: 1 } });
  });

  it.each([
    [70, [ran("a", fail), left("b", "broke", 70), left("c", "refused", 2)], true],
    [2, [ran("a", fail), left("b", "refused", 2)], true],
    [130, [ran("a", fail), left("b", "interrupted")], true],
    [1, [ran("a", fail), ran("b", { ...pass, verdict: "INVALID", exitCode: 3 })], false],
    [3, [ran("a", pass), ran("b", { ...pass, verdict: "INVALID", exitCode: 3 })], false],
    [0, [ran("a", pass)], false],
  ] as const)("exits with %i before all that come after it in the order", (code, entries, interrupted) => {
    expect(suiteOf(entries, interrupted).suite.exitCode).toBe(code);
  });

  it("says what broke each run: rules with the observed value, findings with their count", () => {
    const [, leaky, unreachable, refused] = mixedSuite().suite.runs;
    expect(leaky?.why).toContain("history.query p99 < 100ms: 212ms, n = 1,020");
    expect(leaky?.why.some((line) => /^\w[\w-]*\/[\w-]+ × \d/.test(line))).toBe(true);
    expect(unreachable?.why[0]).toBe("no-user-ready: none of 100 users logged in: ECONNREFUSED 127.0.0.1:9");
    expect(refused).toMatchObject({ result: "not-run", exitCode: 2, turns: null, folder: null });
  });

  it("limits what it says about a run with a thousand problems", () => {
    const findings = Array.from({ length: 1000 }, (_, index) => ({
      check: "history",
      code: `trouble-${index}`,
      severity: "fail" as const,
      count: 1,
      message: "x".repeat(5000),
      evidence: [],
    }));
    const [run] = suiteOf([ran("a", { ...fail, sla: [], findings })]).suite.runs;
    expect(run?.why.length).toBe(12);
    expect(run?.why.at(-1)).toBe("and 989 more in its report");
    expect(Math.max(...(run?.why ?? []).map((line) => line.length))).toBe(300);
  });
});

describe("suite.json", () => {
  it("is exactly the account, and what its schema says", () => {
    const { suite } = mixedSuite();
    expect(JSON.parse(renderSuiteJson(suite))).toEqual(suite);
    expect(() => suiteReport.parse(JSON.parse(renderSuiteJson(suite)))).not.toThrow();
    expect(suiteReport.safeParse({ ...suite, exitCode: 4 }).success).toBe(false);
  });

  it("has the JSON Schema that is shipped for scripts (vitest -u rewrites it)", async () => {
    const schema = `${JSON.stringify(suiteJsonSchema(), null, 2)}\n`;
    await expect(schema).toMatchFileSnapshot("../../../schema/suite.schema.json");
  });

  it("is explained field by field in docs/suites.md", () => {
    const docs = readFileSync(new URL("../../../docs/suites.md", import.meta.url), "utf8");
    const run = suiteReport.shape.runs.element.shape;
    const { counts } = suiteReport.shape;
    const fields = [suiteReport.shape, run, counts.shape].flatMap((shape) => Object.keys(shape));
    expect(fields.length).toBeGreaterThan(20);
    expect(fields.filter((field) => !docs.includes(`\`${field}\``))).toEqual([]);
    expect(counts).toBeInstanceOf(z.ZodObject);
  });
});

describe("a suite's junit.xml", () => {
  const { suite, reports } = mixedSuite();
  const xml = renderSuiteJunit(suite, reports);

  it("has one testsuite for every scenario, run or not", () => {
    const names = [...xml.matchAll(/<testsuite name="([^"]*)"/g)].map(([, name]) => name);
    expect(names).toEqual(["smoke", "leaky", "unreachable", "refused", "never-begun"]);
  });

  it("adds up: the totals are those of its suites", () => {
    const numbers = (tag: string): number[][] =>
      [...xml.matchAll(new RegExp(`<${tag} [^>]*tests="(\\d+)" failures="(\\d+)" errors="(\\d+)"`, "g"))].map(
        ([, ...counts]) => counts.map(Number),
      );
    const [all = []] = numbers("testsuites");
    const suites = numbers("testsuite");
    expect(suites.length).toBe(5);
    expect(all).toEqual(all.map((_, at) => suites.reduce((sum, counts) => sum + (counts[at] ?? 0), 0)));
    expect(all[0]).toBe(xml.match(/<testcase /g)?.length);
  });

  it("makes an error of what was refused, and skips what was left out: neither is green", () => {
    expect(xml).toMatch(/classname="refused\.run"[^>]*><error [^>]*message="cannot be run/);
    expect(xml).toMatch(/classname="never-begun\.run"[^>]*><skipped message="an earlier scenario/);
    expect(xml).not.toContain("<img");
  });
});

describe("a suite's summary.md", () => {
  it("has a row for every scenario, with the reason for each that did not pass", () => {
    const text = renderSuiteMarkdown(mixedSuite().suite);
    expect(text).toMatch(/^## ✗ FAIL: 5 scenarios: 1 passed, 1 failed, 1 invalid, 2 not run\n/);
    for (const row of ["✓ PASS | smoke", "✗ FAIL | leaky", "? INVALID | unreachable", "– not run | refused"])
      expect(text).toContain(`| ${row} |`);
    const headings = [...text.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(["✗ leaky", "? unreachable", "– refused", "– never-begun"]);
    expect(text).not.toContain("<img");
  });
});

describe("a suite in the terminal", () => {
  const { suite } = mixedSuite();
  const shown = (colour: boolean): string =>
    renderSuiteTerminal(suite, {
      colour,
      directory: "reports/x-suite",
      shownFolder: ({ folder }) => (folder ?? "").replace("..", "reports"),
    });

  it("has one line for every scenario: verdict, what broke it, turns, duration, report", () => {
    const lines = shown(false).split("\n");
    expect(lines[0]).toMatch(/^✗ FAIL {2}5 scenarios: .* · exit code 2$/);
    expect(lines).toContainEqual(
      expect.stringMatching(/^✓ smoke +PASS +1,360 +46\.5s {2}reports\/\S+-smoke\/report\.html$/),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^✗ leaky +FAIL +\S.* \(\+\d+\) +1,360 /));
    expect(lines).toContainEqual(expect.stringMatching(/^– never-begun +not run +an earlier .* – +–$/));
    expect(lines).toContain("  suite: reports/x-suite/index.html");
  });

  it("holds no escape without colour, and none of the target's with it", () => {
    const byte = String.fromCharCode(27);
    expect(shown(false)).not.toContain(byte);
    expect(shown(true)).toContain(`${byte}[32m`);
  });
});

describe("index.html", () => {
  it("links to every run's report by a relative path, and to nothing else", () => {
    const page = renderSuiteHtml(mixedSuite().suite);
    const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, href = ""]) => href);
    expect(links).toContain("../20260304T050607890Z-smoke/report.html");
    expect(links).toContain("../20260304T050607890Z-unreachable/report.html");
    expect(
      links.filter((href) => !/^(#|\.\.\/|data:,|(junit\.xml|summary\.md|suite\.json)$)/.test(href)),
    ).toEqual([]);
    expect(page).toContain("default-src &#39;none&#39;");
    expect(page).not.toMatch(/<(script|img|iframe|link|object|embed|source)[^>]+(src|href)="(?!data:,)/i);
  });

  it("shows hostile text as text", () => {
    const page = renderSuiteHtml(mixedSuite().suite);
    expect(page).not.toContain("<img");
    expect(page).toContain("cannot be run: ");
    expect(HOSTILE).toContain("<img");
  });

  it("keeps names of folders with odd characters whole", () => {
    const { suite } = suiteOf([ran("a", pass, "../50% of #1?")]);
    expect(renderSuiteHtml(suite)).toContain('href="../50%25%20of%20%231%3F/report.html"');
  });
});

describe("writing and reading a suite", () => {
  const folderOf = (): string => {
    const folder = mkdtempSync(join(tmpdir(), "gp-load-suite-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  };

  it("leaves one file for each reporter, and reads back which scenarios did not pass", async () => {
    const folder = folderOf();
    const { suite, reports } = mixedSuite();
    await writeSuite(folder, suite, reports);
    expect(readdirSync(folder).sort()).toEqual(Object.keys(SUITE_REPORTERS).sort());
    expect(readSuite(join(folder, "suite.json")).map(({ scenario, result }) => [scenario, result])).toEqual([
      ["smoke", "PASS"],
      ["leaky", "FAIL"],
      ["unreachable", "INVALID"],
      ["refused", "not-run"],
      ["never-begun", "not-run"],
    ]);
  });
});
