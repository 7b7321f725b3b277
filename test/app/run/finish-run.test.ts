// A run that has ended on a disk without room: judged and shown as any other, and its exit code says that it was not written.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderRun } from "../../../src/app/run/finish-run.js";
import { EXIT } from "../../../src/support/errors.js";
import { testContext } from "../../support/app-context.js";
import { footer, header, ledger, rule, second, times } from "../../support/records.js";

const RULES = [rule("agent.response", "p50 < 5s")];
const OPTIONS = {
  ...{ json: false, noColor: true, shownFolder: "shown", keepLatest: true, stepSummary: false },
  brief: false,
};
const full = Object.assign(new Error("no space left on device, write"), { code: "ENOSPC" });

/** @param written how many of the run's records the disk took */
async function ended(us: number, written: number, spoil: (folder: string) => void = () => {}) {
  const context = testContext();
  const records = [
    header({ rules: RULES }),
    second(0, RULES, { hold: { "agent.response": { samples: times(30, us) } } }),
    footer({ ledger: ledger({ attempted: 30, completed: 30 }) }),
  ];
  const lines = records.map((record) => `${JSON.stringify(record)}\n`);
  writeFileSync(join(context.cwd, "run.jsonl"), lines.slice(0, written).join(""));
  spoil(context.cwd);
  const unwritten = lines.slice(written);
  const fault = unwritten.length > 0 ? full : undefined;
  const report = await renderRun(context.cwd, OPTIONS, context, { unwritten, fault });
  return { report, context, out: context.out.join(""), err: context.err.join("") };
}

describe("a run whose log is not all on the disk", () => {
  it("is judged whole, and exits with a code of its own", async () => {
    const whole = await ended(1000, 3);
    expect(whole.report).toMatchObject({ verdict: "PASS", exitCode: EXIT.pass });
    expect(whole.err).toBe("");
    for (const written of [0, 1, 2]) {
      const { report, out, err, context } = await ended(1000, written);
      expect(report).toMatchObject({ verdict: "PASS", exitCode: 74, ledger: { completed: 30 } });
      expect(out).toContain("PASS");
      expect(err).toContain("could be written: ENOSPC: no space left on device");
      expect(JSON.parse(readFileSync(join(context.cwd, "report.json"), "utf8"))).toMatchObject({
        exitCode: 74,
      });
    }
  });

  it("fails as it would else: what was found does not go away", async () => {
    const { report } = await ended(9_000_000, 1);
    expect(report).toMatchObject({ verdict: "FAIL", exitCode: EXIT.fail });
  });
});

describe("a report that cannot be written", () => {
  it("costs neither the others nor the result", async () => {
    const { report, out, err, context } = await ended(1000, 3, (folder) =>
      mkdirSync(join(folder, "report.html")),
    );
    expect(report).toMatchObject({ verdict: "PASS", exitCode: 74 });
    expect(readFileSync(join(context.cwd, "junit.xml"), "utf8")).toContain("<testsuite");
    expect(out).toContain("PASS");
    expect(err).toMatch(/could be written: E\w+/);
  });
});
