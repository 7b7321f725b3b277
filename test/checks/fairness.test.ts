// The check `fairness`: light users alone against the same users beside heavy ones.
import { describe, expect, it } from "vitest";
import { mergeParts } from "../../src/checks/check.js";
import { fairness } from "../../src/checks/fairness.js";
import type { SettledTurn } from "../../src/model/turn/turn.js";
import type { GroupSpec } from "../../src/scenarios/scenario.js";
import { settled } from "../support/turns.js";

const group = (name: string, baseline: boolean): GroupSpec => ({
  name,
  users: undefined,
  share: 50_000,
  note: undefined,
  baseline,
  journey: [],
});
const LIGHT = group("light", true);
const HEAVY = group("heavy", false);
/** User 0 is heavy, all others are light. */
const groupOf = (user: number): GroupSpec => (user === 0 ? HEAVY : LIGHT);

const turns = (count: number, ms: number, fields: Partial<SettledTurn> = {}): SettledTurn[] =>
  Array.from({ length: count }, () =>
    settled({ user: 1, turn: 1, intendedUs: 1_000_000, terminalUs: 1_000_000 + ms * 1000, ...fields }),
  );
const ALONE = turns(60, 100, { phase: "baseline" });
const WORK = turns(5, 1000, { user: 0 });

/** Split over two workers, as every check has to bear. */
function run(all: readonly SettledTurn[], { factor = 2, limitUs = 1_000_000 } = {}) {
  const parts = [0, 1].map((worker) => {
    const state = fairness.start({ factor }, () => 0, groupOf);
    for (const [at, one] of all.entries()) if (at % 2 === worker) state.turn(one);
    return state.part();
  });
  const whole =
    fairness.weigh?.(mergeParts(parts), { factor }, () => limitUs || undefined) ?? mergeParts(parts);
  return { result: fairness.judge(whole), findings: whole.findings };
}

describe("fairness", () => {
  it("is clean where p95 next to others is about what it was alone, and says both with their n", () => {
    const { result, findings } = run([...ALONE, ...WORK, ...turns(95, 110), ...turns(5, 5000)]);
    expect([result.status, result.judged, findings]).toEqual(["clean", 100, []]);
    expect(result.note).toMatch(
      /^p95 of agent\.response (99|100)[.\d]*ms alone \(n = 60\), 1(09|10)[.\d]*ms next to the others \(n = 100\)$/,
    );
  });

  it("finds one trouble where p95 is more than its factor, and grew by more than a tenth of the limit", () => {
    const held = [...ALONE, ...WORK, ...turns(94, 110), ...turns(6, 250)];
    const { result, findings } = run(held);
    expect(result.status).toBe("found");
    expect(findings).toMatchObject([{ check: "fairness", code: "held-up", severity: "fail", count: 1 }]);
    expect(findings[0]?.evidence[0]?.expected).toContain("at most 2 × ");
    expect(findings[0]?.evidence[0]?.seen).toContain("(n = 100)");
    expect(run(held, { factor: 3 }).result.status).toBe("clean");
    expect(run(held, { limitUs: 2_000_000 }).result.status).toBe("clean");
  });

  it("ranks what never completed above all times", () => {
    const lost = turns(6, 0, { outcome: "lost", terminalUs: Number.NaN });
    const { findings } = run([...ALONE, ...WORK, ...turns(94, 100), ...lost]);
    expect(findings[0]?.evidence[0]?.seen).toContain("endless");
  });

  it("needs no 59 turns where so many slow ones cannot be chance", () => {
    const { result, findings } = run([...ALONE, ...WORK, ...turns(4, 900)]);
    expect([result.status, result.judged, findings.length]).toEqual(["found", 4, 1]);
  });

  it.each([
    ["no one worked next to them", [...ALONE, ...turns(60, 100)]],
    [
      "59 needed: switch the load's baseline on",
      [...turns(58, 100, { phase: "baseline" }), ...WORK, ...turns(60, 100)],
    ],
    ["58 turns next to the others, 59 needed", [...ALONE, ...WORK, ...turns(57, 100), ...turns(1, 900)]],
    [
      "never completed",
      [...turns(60, 0, { phase: "baseline", outcome: "lost" }), ...WORK, ...turns(60, 100)],
    ],
  ])("cannot judge if %s", (why, all) => {
    const { result, findings } = run(all);
    expect([result.status, findings]).toEqual(["no-data", []]);
    expect(result.note).toContain(why);
  });

  it("cannot judge without a limit, nor without groups", () => {
    const all = [...ALONE, ...WORK, ...turns(60, 900)];
    expect(run(all, { limitUs: 0 }).result).toMatchObject({ status: "no-data" });
    const state = fairness.start({ factor: 2 }, () => 0);
    for (const one of all) state.turn(one);
    expect(fairness.judge(state.part()).status).toBe("no-data");
  });

  it("leaves out the first turn of each user, which finds a service that has just been started", () => {
    const cold = turns(30, 5000, { phase: "baseline", turn: 0 });
    const { result } = run([...ALONE, ...cold, ...WORK, ...turns(60, 900)]);
    expect([result.status, result.note]).toEqual(["found", expect.stringContaining("alone (n = 60)")]);
  });

  it("leaves out ramp and drain, and what was cut off with the run", () => {
    const others = [...turns(50, 9000, { phase: "ramp" }), ...turns(50, 9000, { outcome: "inFlightAtEnd" })];
    expect(run([...ALONE, ...WORK, ...others, ...turns(60, 100)]).result).toMatchObject({
      status: "clean",
      judged: 60,
    });
  });
});
