// The command line of comparisons, over logs of made-up runs whose difference is known.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RunHeader } from "../../src/model/log/run-log.js";
import type { ComparisonReport } from "../../src/model/report/comparison.js";
import { renderComparisonTerminal } from "../../src/report/comparison/terminal.js";
import { type MadeRun, runLog } from "../support/run-log.js";
import { run } from "./command.fixture.js";

async function compared(
  files: Readonly<Record<string, string>>,
  args: readonly string[] = ["base", "cand"],
): Promise<{ readonly exit: number; readonly report: ComparisonReport }> {
  const ran = await run(["compare", ...args, "--json"], files);
  return { exit: ran.exit, report: JSON.parse(ran.stdout) as ComparisonReport };
}

const logs = (base: MadeRun, cand: MadeRun): Record<string, string> => ({
  "base/run.jsonl": runLog(base),
  "cand/run.jsonl": runLog({ seed: "b", ...cand }),
});

describe("gp-load compare", () => {
  it("passes two runs of the same thing", async () => {
    const { exit, report } = await compared(logs({}, {}));
    expect([exit, report.verdict, report.summary]).toEqual([0, "PASS", "no regression"]);
    expect(report.percentiles.find(({ percentile }) => percentile === "p50")).toMatchObject({
      metric: "agent.response",
      baseline: { n: 1200 },
      verdict: "same",
    });
    expect(report.differences).toEqual([]);
  });

  it("fails if the candidate is a fifth slower, with the interval round the true difference", async () => {
    const { exit, report } = await compared(logs({}, { factor: 1.2 }));
    expect([exit, report.verdict]).toEqual([1, "FAIL"]);
    expect(report.summary).toContain("agent.response p50");
    const median = report.percentiles.find(({ percentile }) => percentile === "p50");
    expect(median?.lowMs).toBeLessThan(60);
    expect(median?.highMs).toBeGreaterThan(60);
    expect(median?.lowMs).toBeGreaterThan(30);
  });

  it("says what became better, and passes", async () => {
    const { exit, report } = await compared(logs({}, { factor: 0.7 }));
    expect([exit, report.verdict]).toEqual([0, "PASS"]);
    expect(report.summary).toContain("better: agent.response p50");
  });

  it("cannot tell without samples", async () => {
    const { exit, report } = await compared(logs({ perSecond: 0 }, { perSecond: 0 }));
    expect([exit, report.verdict]).toEqual([3, "INVALID"]);
    // A run that measured nothing of what it has a threshold for is INVALID by itself.
    expect(report.summary).toBe("runs are INVALID");
  });

  it("does not pass on goodput alone, if no metric has a threshold", async () => {
    const { exit, report } = await compared(logs({ ruled: false }, { ruled: false }));
    expect([exit, report.verdict]).toEqual([3, "INVALID"]);
    expect(report.summary).toBe("both sides share no metric with a threshold");
  });

  it("cannot tell from a dozen samples, and says how many it takes", async () => {
    const short = (seed: string): string =>
      runLog({ perSecond: 1, seed }).split("\n").slice(0, 13).join("\n");
    const files = { "base/run.jsonl": short("a"), "cand/run.jsonl": short("b") };
    const ran = await run(["compare", "base", "cand"], files);
    expect(ran.exit).toBe(3);
    expect(ran.stdout).toContain("12 samples: 20 are needed on each side");
  });

  it("leaves out the share of a difference where a narrow terminal has no room for it", async () => {
    const { report } = await compared(logs({}, { factor: 1.2 }));
    const median = (columns: number): string =>
      /^✗ agent.*$/m.exec(renderComparisonTerminal(report, { colour: false, columns }))?.[0] ?? "";
    expect(median(55)).toMatch(/\+[\d.]+ms$/);
    expect(median(55).length).toBeLessThanOrEqual(55);
    expect(median(120)).toContain(" %)");
  });

  it("tells how the loads differ: in words, or as they are written where the words are the same", async () => {
    const held = (load: string, users: number): MadeRun => ({
      header: { load, scenarioData: { load: { users } } },
    });
    const words = await compared(logs(held("10 users × 30s", 10), held("20 users × 30s", 20)));
    expect(words.report.differences).toMatchObject([
      { what: "load", baseline: "10 users × 30s", candidate: "20 users × 30s", forbids: true },
    ]);
    const ramped = await compared(logs(held("10 users × 30s", 10), held("10 users × 30s", 11)));
    expect(ramped.report.differences).toMatchObject([
      { baseline: '{"users":10}', candidate: '{"users":11}' },
    ]);
  });

  it("takes the limits of the command line before those of the scenario", async () => {
    const scenarioData = { load: { users: 10 }, baseline: { ratio: 0.5, us: 1000 } };
    const files = logs({ header: { scenarioData } }, { factor: 1.2, header: { scenarioData } });
    expect((await compared(files)).report.verdict).toBe("PASS");
    expect(
      (await compared(files, ["base", "cand", "--worse", "10%", "--at-least", "5ms"])).report.verdict,
    ).toBe("FAIL");
  });

  it.each([
    ["load", { scenarioData: { load: { users: 20 } } }],
    ["scenario", { scenario: { name: "other", description: "", tags: [] } }],
    ["turn timeout", { turnTimeoutUs: 1_000_000 }],
  ] satisfies [string, Partial<RunHeader>][])(
    "refuses to compare where the %s differs, and names it",
    async (what, fields) => {
      const { exit, report } = await compared(logs({}, { header: fields }));
      expect(exit).toBe(3);
      expect(report.summary).toContain(what);
      expect(report.differences.find((one) => one.what === what)?.forbids).toBe(true);
    },
  );

  it("takes a run that is named twice for one run, however it is named", async () => {
    const twice = ["base", "cand,cand/run.jsonl,copy"];
    const files = { ...logs({}, {}), "copy/run.jsonl": runLog({ seed: "b" }) };
    const { report } = await compared(files, twice);
    expect(report.candidate.runs).toHaveLength(1);
    expect(report.percentiles[0]?.candidate.n).toBe(1200);
  });

  it("only mentions another machine", async () => {
    const machine = { node: "v22", platform: "test", cpus: 8, cpuModel: "other", memoryBytes: 1 };
    const { exit, report } = await compared(logs({}, { header: { machine } }));
    expect(exit).toBe(0);
    expect(report.differences.map(({ what, forbids }) => [what, forbids])).toEqual([
      ["processor", false],
      ["Node", false],
    ]);
  });

  it("builds on no INVALID run", async () => {
    const { exit, report } = await compared(logs({}, { footer: { usersReady: 0 } }));
    expect([exit, report.verdict]).toEqual([3, "INVALID"]);
    expect(report.summary).toBe("a run is INVALID");
  });

  it("takes runs joined by commas, or a folder of runs, as repetitions", async () => {
    const files = {
      "base/1/run.jsonl": runLog({ seed: "1" }),
      "base/2/run.jsonl": runLog({ seed: "2" }),
      "c1/run.jsonl": runLog({ seed: "3" }),
      "c2/run.jsonl": runLog({ seed: "4" }),
    };
    const { exit, report } = await compared(files, ["base", "c1,c2"]);
    expect(exit).toBe(0);
    expect([report.baseline.runs.length, report.candidate.runs.length]).toEqual([2, 2]);
    expect(report.percentiles[0]?.candidate.n).toBe(2400);
  });

  it("takes several candidates, and exits with the worst of them", async () => {
    const files = { ...logs({}, {}), "slow/run.jsonl": runLog({ factor: 1.5, seed: "d" }) };
    const ran = await run(["compare", "base", "cand", "slow"], files);
    expect(ran.exit).toBe(1);
    expect(ran.stdout).toMatch(/✓ PASS {2}sample[\s\S]*✗ FAIL {2}sample/);
  });

  it("writes JSON, Markdown and a page", async () => {
    const out = mkdtempSync(join(tmpdir(), "gp-load-compare-"));
    const ran = await run(["compare", "base", "cand", "--out", out, "--markdown"], logs({}, { factor: 1.2 }));
    expect(ran.stdout).toContain("| ✗ worse | agent.response p50 |");
    expect(readFileSync(join(out, "comparison.md"), "utf8")).toBe(ran.stdout);
    expect(JSON.parse(readFileSync(join(out, "comparison.json"), "utf8"))).toMatchObject({ verdict: "FAIL" });
    expect(readFileSync(join(out, "comparison.html"), "utf8")).toContain("<script>");
  });

  it.each([
    [["compare", "base"], "compare needs a baseline and a candidate"],
    [["compare", "base", "nowhere"], "nowhere does not exist"],
    [["compare", "base", "empty"], "no run.jsonl in"],
    [["compare", "base", "cand", "--worse", "lots"], "--worse lots is not a share"],
    [["compare", "base", "cand", "--at-least", "5"], "--at-least 5 is not a duration"],
  ])("refuses %j", async (args, message) => {
    const ran = await run(args, { ...logs({}, {}), "empty/report.json": "{}" });
    expect(ran.exit).toBe(2);
    expect(ran.stderr).toContain(message);
  });
});
