// `gp-load report` on logs that are whole, cut off, or damaged: a verdict from what is there, or a refusal, and never a bug.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { footer, header, ledger, rule, second, times } from "../support/records.js";
import { run } from "./command.fixture.js";

const RULES = [rule("agent.response", "p50 < 5s")];
const FINDING = { check: "history", code: "lost", severity: "warn", count: 1, message: "m", evidence: [] };
const RECORDS = [
  header({ rules: RULES }),
  { type: "phase", span: { key: "hold", phase: "hold", startUs: 0, endUs: 1_000_000 } },
  second(
    0,
    RULES,
    { hold: { "agent.response": { samples: times(30, 1000) } } },
    { usersLive: 10, turnsStarted: 30 },
  ),
  { type: "finding", finding: FINDING },
  footer({ ledger: ledger({ attempted: 30, completed: 30 }) }),
];
const WHOLE = RECORDS.map((record) => `${JSON.stringify(record)}\n`).join("");

const reported = (log: string) => run(["report", "it", "--no-color"], { "it/run.jsonl": log });

describe("gp-load report", () => {
  it("says of a whole log what the run said", async () => {
    const { exit, stdout, stderr } = await reported(WHOLE);
    expect([exit, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("PASS");
  });

  it("says of a run that was left by a second Ctrl-C that it was cut off, with what was measured", async () => {
    const footerAt = WHOLE.lastIndexOf('{"type":"footer"');
    for (const log of [WHOLE.slice(0, footerAt), WHOLE.slice(0, footerAt + 30)]) {
      const { exit, stdout, stderr } = await reported(log);
      expect([exit, stderr]).toEqual([3, ""]);
      expect(stdout).toContain("INVALID");
      expect(stdout).toContain("the run was cut off");
      expect(stdout).toMatch(/agent\.response .* 30 /);
      expect(stdout).not.toContain("bug");
    }
  });

  it("refuses another format, and a log with rubbish in its middle, with the line", async () => {
    const other = await reported(WHOLE.replace(/"version":\d+/, '"version":99'));
    expect(other).toMatchObject({ exit: 2, stdout: "" });
    expect(other.stderr).toContain("written in format 99");
    const rubbish = await reported(WHOLE.replace('{"type":"phase"', "\u0000\u0001\u0002"));
    expect(rubbish).toMatchObject({ exit: 2, stdout: "" });
    expect(rubbish.stderr).toContain("run.jsonl:2: not a line of a run log");
  });

  it("ends with a verdict or a refusal wherever the log is cut off or changed", async () => {
    const damage = fc.record({
      at: fc.nat(WHOLE.length - 2),
      by: fc.constantFrom("", "0", '"', "}", "\u0000", "\n"),
    });
    await fc.assert(
      fc.asyncProperty(damage, fc.boolean(), async ({ at, by }, cut) => {
        const log = cut ? WHOLE.slice(0, at) : `${WHOLE.slice(0, at)}${by}${WHOLE.slice(at + 1)}`;
        const { exit, stderr } = await reported(log);
        expect([0, 1, 2, 3]).toContain(exit);
        expect(stderr).not.toContain("has a bug");
        if (cut) expect(exit).not.toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
