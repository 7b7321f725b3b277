// `gp-load export`: one format of a run's results on stdout or in a file, made from its folder alone.
import { describe, expect, it } from "vitest";
import { footer, header, ledger, rule, second, times } from "../support/records.js";
import { run } from "./command.fixture.js";

const RULES = [rule("agent.response", "p50 < 5s")];
const LOG = [
  header({ rules: RULES }),
  { type: "phase", span: { key: "hold", phase: "hold", startUs: 0, endUs: 1_000_000 } },
  second(0, RULES, { hold: { "agent.response": { samples: times(30, 1000) } } }),
  footer({ ledger: ledger({ attempted: 30, completed: 30 }) }),
]
  .map((record) => `${JSON.stringify(record)}\n`)
  .join("");
const LINES = '{"user":0,"turn":0}\n{"user":1,"turn":0}\n';

const exported = (args: readonly string[], files: Readonly<Record<string, string>> = {}) =>
  run(["export", "it", ...args], { "it/run.jsonl": LOG, ...files });

describe("gp-load export", () => {
  it("prints each format from the log", async () => {
    const begins = {
      csv: "metric,from,phase,",
      json: "{",
      html: "<!doctype html>",
      junit: "<?xml",
      summary: "#",
      svg: "<svg",
      hlog: "#[gp-load",
      llm: "metric of the hold",
    };
    for (const [format, begin] of Object.entries(begins)) {
      const { exit, stdout, stderr } = await exported(["--format", format]);
      expect([format, exit, stderr]).toEqual([format, 0, ""]);
      expect(stdout.toLowerCase().startsWith(begin)).toBe(true);
    }
  });

  it("prints the lines of the turns as the run wrote them, and says where there are none", async () => {
    const { exit, stdout } = await exported(["--format", "jsonl"], { "it/turns.jsonl": LINES });
    expect([exit, stdout]).toEqual([0, LINES]);
    const without = await exported(["--format", "jsonl"]);
    expect([without.exit, without.stdout]).toEqual([2, ""]);
    expect(without.stderr).toContain("--turns all");
  });

  it("writes a file, and says so if it cannot", async () => {
    const written = await exported(["--format", "csv", "--out", "out.csv"]);
    expect([written.exit, written.stdout, written.stderr]).toEqual([0, "", ""]);
    for (const format of ["csv", "jsonl"]) {
      const refused = await exported(["--format", format, "--out", "no/such/x"], { "it/turns.jsonl": LINES });
      expect(refused.exit).toBe(2);
      expect(refused.stderr).toContain("--out no/such/x: cannot be written: ENOENT");
    }
  });

  it("refuses an unknown format, none at all, a folder of no run, and a damaged log", async () => {
    expect((await exported(["--format", "xls"])).stderr).toContain("available: csv, json,");
    expect((await exported([])).stderr).toContain("no format given");
    const nowhere = await run(["export", "nowhere", "--format", "csv"]);
    expect([nowhere.exit, nowhere.stderr]).toEqual([2, expect.stringContaining("no run.jsonl in nowhere")]);
    const damaged = await exported(["--format", "csv"], { "it/run.jsonl": `${LOG.slice(0, 40)}\n${LOG}` });
    expect(damaged.exit).toBe(2);
  });
});
