// The gate of `--baseline`: the worse of two verdicts, pages beside the run, one summary for the CI.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { openGate } from "../../../src/app/run/gate.js";
import { EXIT, type ExitCode } from "../../../src/support/errors.js";
import { run } from "../../commands/command.fixture.js";
import { type MadeRun, runLog } from "../../support/run-log.js";

interface Judged {
  readonly exit: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
  readonly summary: string;
  readonly folder: string;
  readonly told: unknown;
}

async function judged(
  base: readonly MadeRun[],
  candidates: readonly MadeRun[],
  exit: ExitCode = EXIT.pass,
): Promise<Judged> {
  const cwd = mkdtempSync(join(tmpdir(), "gp-load-gate-"));
  const write = (path: string, made: MadeRun): string => {
    const file = join(cwd, path, "run.jsonl");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, runLog(made));
    return join(cwd, path);
  };
  for (const [at, made] of base.entries()) write(`base/${at}`, { seed: `base ${at}`, ...made });
  const runFolders = candidates.map((made, at) =>
    write(`reports, all/${at}`, { seed: `cand ${at}`, ...made }),
  );
  const folder = join(cwd, "suite");
  let stdout = "";
  let stderr = "";
  const context = {
    stdout: (text: string) => {
      stdout += text;
    },
    stderr: (text: string) => {
      stderr += text;
    },
    env: { GITHUB_STEP_SUMMARY: join(cwd, "step.md") },
    cwd,
  };
  const gate = await openGate("base", "baselines", ["sample"], context);
  const verdict = await gate.judge({ exit, folder, runFolders }, { json: false, noColor: true }, context);
  const step = join(cwd, "step.md");
  const summary = existsSync(step) ? readFileSync(step, "utf8") : "";
  return { ...verdict, stdout, stderr, summary, folder };
}

describe("the gate of a baseline", () => {
  it("lets pass what is not slower, and writes the page next to the run", async () => {
    const { exit, stdout, folder, summary } = await judged([{}], [{}]);
    expect(exit).toBe(EXIT.pass);
    expect(stdout).toMatch(/✓ PASS {2}sample/);
    expect(stdout).toContain("comparison: suite/comparison.html");
    expect(readFileSync(join(folder, "comparison.html"), "utf8")).toContain("<script>");
    expect(summary).toMatch(/^## ✓ PASS: sample against its baseline/);
  });

  it("stops what is slower, although the run itself passed", async () => {
    const { exit, stdout } = await judged([{}], [{ factor: 1.3 }]);
    expect(exit).toBe(EXIT.fail);
    expect(stdout).toContain("agent.response p50");
  });

  it.each([
    [EXIT.fail, {}, EXIT.fail],
    [EXIT.invalid, {}, EXIT.invalid],
    [EXIT.invalid, { factor: 1.3 }, EXIT.fail],
    [EXIT.pass, { footer: { usersReady: 0 } }, EXIT.invalid],
  ] as const)("exits with the worse of both: a run of %i and %j is %i", async (own, made, worse) => {
    expect((await judged([{}], [made], own)).exit).toBe(worse);
  });

  it("pools repetitions by run", async () => {
    const { told } = await judged([{}, {}], [{}, {}, {}]);
    expect(told).toMatchObject({
      comparisons: [{ candidate: { runs: [{}, {}, {}] }, percentiles: [{ candidate: { n: 3600 } }, {}, {}] }],
    });
  });

  it("judges each scenario of a suite by itself, in a folder of its own", async () => {
    const other = { header: { scenario: { name: "a/b", description: "", tags: [] } } };
    const { exit, folder, summary } = await judged([{}, other], [{ factor: 1.3 }, other]);
    expect(exit).toBe(EXIT.fail);
    expect(existsSync(join(folder, "sample", "comparison.html"))).toBe(true);
    expect(existsSync(join(folder, "a_b", "comparison.html"))).toBe(true);
    expect(summary.match(/^## /gm)).toHaveLength(2);
  });

  it("does not compare what was interrupted", async () => {
    const { exit, stdout, told } = await judged([{}], [{}], EXIT.interrupted);
    expect([exit, stdout, told]).toEqual([EXIT.interrupted, "", {}]);
  });

  it("says beforehand which scenario the baseline lacks, and cannot tell of it afterwards", async () => {
    const other = { header: { scenario: { name: "other", description: "", tags: [] } } };
    const { exit, stderr, stdout } = await judged([other], [{}]);
    expect(exit).toBe(EXIT.invalid);
    expect(stderr).toContain("has no run of sample");
    expect(stdout).toContain("the baseline has no run of the scenario sample");
  });

  it("is an error before anything is started if there is no such baseline", async () => {
    const { exit, stderr } = await run(["run", "small", "--baseline", "nowhere"], {
      "scenarios.yaml":
        "version: 1\ntargets: { t: { embedded: true } }\nscenarios: { small: { target: t, load: { users: 1, hold: 1s }, journey: [connect, send: {}] } }\n",
    });
    expect(exit).toBe(2);
    expect(stderr).toContain("no baseline nowhere in baselines, and no such folder");
  });
});
