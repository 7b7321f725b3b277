// Named baselines: kept small and whole, shown, compared with like the runs they came from.
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { BaselineIndex } from "../../src/app/compare/baseline-folder.js";
import type { RunHeader } from "../../src/model/log/run-log.js";
import type { ComparisonReport } from "../../src/model/report/comparison.js";
import { runLog } from "../support/run-log.js";
import { run } from "./command.fixture.js";

const scenario = (name: string): Pick<RunHeader, "scenario"> => ({
  scenario: { name, description: "", tags: [] },
});

/** A folder of baselines that outlives one command. */
const folder = (): string => join(mkdtempSync(join(tmpdir(), "gp-load-baselines-")), "kept");

async function saved(files: Record<string, string>, args: readonly string[] = []): Promise<string> {
  const baselines = folder();
  const { exit, stderr } = await run(["baseline", "save", "main", ...args, "--baselines", baselines], files);
  expect([exit, stderr]).toEqual([0, ""]);
  return baselines;
}

async function compared(args: readonly string[], files: Record<string, string>): Promise<ComparisonReport> {
  const { stdout, stderr } = await run(["compare", ...args, "--json"], files);
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout) as ComparisonReport;
}

describe("a named baseline", () => {
  it("answers exactly as the run it was saved from", async () => {
    const base = runLog();
    const candidate = { "cand/run.jsonl": runLog({ seed: "b", factor: 1.2 }) };
    const baselines = await saved({ "base/run.jsonl": base }, ["base"]);
    const named = await compared(["main", "cand", "--baselines", baselines], candidate);
    const whole = await compared(["base", "cand"], { "base/run.jsonl": base, ...candidate });
    expect(named.verdict).toBe("FAIL");
    expect(named.percentiles).toEqual(whole.percentiles);
    expect(named.shares).toEqual(whole.shares);
    expect(named.differences).toEqual(whole.differences);
  });

  it("takes a fraction of the log, and no more for a run of ten times the length", async () => {
    const log = runLog();
    const baselines = await saved({ "base/run.jsonl": log }, ["base"]);
    const [index] = readdirSync(join(baselines, "main")).filter((name) => name.endsWith(".gz"));
    const bytes = statSync(join(baselines, "main", index ?? "")).size;
    expect(bytes).toBeLessThan(log.length / 4);
    const long = await saved({ "base/run.jsonl": runLog({ seconds: 300, perSecond: 4 }) }, ["base"]);
    expect(statSync(join(long, "main", index ?? "")).size).toBeLessThan(2 * bytes);
  });

  it("keeps neither the target's address nor what the scenario says of it", async () => {
    const header = {
      target: {
        name: "t",
        profile: "golden-path",
        url: "http://inner.example",
        embedded: false,
        clock: "same",
      },
      scenarioData: { load: { users: 10 }, target: { url: "http://inner.example" } },
    } as const;
    const baselines = await saved({ "base/run.jsonl": runLog({ header }) }, ["base"]);
    const { gunzipSync } = await import("node:zlib");
    for (const name of readdirSync(join(baselines, "main"))) {
      const bytes = readFileSync(join(baselines, "main", name));
      const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
      expect(text).not.toContain("inner.example");
    }
  });

  it("is the newest run of the reports, or the whole suite that it belongs to", async () => {
    const run1 = "reports/20260101T000001000Z-one/run.jsonl";
    const run2 = "reports/20260101T000002000Z-two/run.jsonl";
    const suite = {
      schemaVersion: 1,
      runs: ["one", "two"].map((name, at) => ({
        ...{ scenario: name, target: "t", result: "PASS" },
        folder: `../20260101T00000${at + 1}000Z-${name}`,
      })),
    };
    const files = {
      [run1]: runLog({ header: { ...scenario("one"), runId: "1" } }),
      [run2]: runLog({ header: { ...scenario("two"), runId: "2" } }),
      "reports/20260101T000000000Z-suite/suite.json": JSON.stringify(suite),
    };
    const kept = async (more: Record<string, string>): Promise<readonly string[]> => {
      const baselines = await saved({ ...files, ...more });
      const { stdout } = await run(["baseline", "show", "main", "--json", "--baselines", baselines]);
      return (JSON.parse(stdout) as BaselineIndex).runs.map((one) => one.scenario);
    };
    expect(await kept({})).toEqual(["one", "two"]);
    expect(await kept({ "reports/20260101T000003000Z-three/run.jsonl": runLog() })).toEqual(["sample"]);
  });

  it("is replaced as a whole, and leaves nothing else behind", async () => {
    const baselines = await saved({ "a/run.jsonl": runLog(), "b/run.jsonl": runLog({ seed: "b" }) }, [
      "a",
      "b",
    ]);
    await run(["baseline", "save", "main", "a", "--baselines", baselines], { "a/run.jsonl": runLog() });
    expect(readdirSync(baselines)).toEqual(["main"]);
    expect(readdirSync(join(baselines, "main")).sort()).toEqual([
      "001-sample.samples.json.gz",
      "baseline.json",
    ]);
  });

  it("is chosen from by scenario", async () => {
    const baselines = await saved(
      {
        "one/run.jsonl": runLog({ header: scenario("one") }),
        "two/run.jsonl": runLog({ factor: 3, header: scenario("two") }),
      },
      ["one", "two"],
    );
    const report = await compared(["main", "cand", "--baselines", baselines], {
      "cand/run.jsonl": runLog({ seed: "b", header: scenario("one") }),
    });
    expect([report.verdict, report.baseline.runs.length]).toEqual(["PASS", 1]);
    const other = await compared(["main", "cand", "--baselines", baselines], {
      "cand/run.jsonl": runLog({ header: scenario("three") }),
    });
    expect([other.exitCode, other.summary]).toEqual([3, "the baseline has no run of the scenario three"]);
  });

  it("shows what is kept", async () => {
    const baselines = await saved({ "base/run.jsonl": runLog() }, ["base"]);
    const { stdout } = await run(["baseline", "show", "--baselines", baselines]);
    expect(stdout).toMatch(/^BASELINE +SCENARIO +STARTED[^\n]*\nmain +sample +2026-03-04 05:06:07 UTC +PASS/);
    expect((await run(["baseline", "show"])).stdout).toBe("no baselines in baselines\n");
  });

  it("is refused if it would say nothing", async () => {
    const files = { "base/run.jsonl": runLog({ footer: { usersReady: 0 } }) };
    const { exit, stderr } = await run(["baseline", "save", "main", "base"], files);
    expect(exit).toBe(2);
    expect(stderr).toContain("base is INVALID");
  });

  it.each([
    [["save", "../evil", "base"], "../evil is not a valid baseline name"],
    [["save", "main"], "no run in reports"],
    [["save"], "no action given"],
    [["drop", "main"], "no action given"],
    [["show", "other"], "no baseline other in baselines"],
  ])("refuses %j", async (args, message) => {
    const { exit, stderr } = await run(["baseline", ...args], { "base/run.jsonl": runLog() });
    expect(exit).toBe(2);
    expect(stderr).toContain(message);
  });

  it.each([
    ["no archive", Buffer.from("nothing"), "cannot be read"],
    ["another version", gzipSync(JSON.stringify({ schemaVersion: 9 })), "not samples of version 1"],
    ["a bomb", gzipSync(Buffer.alloc(300 * 1_048_576)), "cannot be read"],
  ])("that was damaged is an error that says so: %s", async (_, bytes, message) => {
    const baselines = await saved({ "base/run.jsonl": runLog() }, ["base"]);
    writeFileSync(join(baselines, "main", "001-sample.samples.json.gz"), bytes);
    expect(existsSync(join(baselines, "main", "baseline.json"))).toBe(true);
    const { exit, stderr } = await run(["compare", "main", "cand", "--baselines", baselines], {
      "cand/run.jsonl": runLog(),
    });
    expect(exit).toBe(2);
    expect(stderr).toContain(message);
  });
});
