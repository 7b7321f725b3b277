// The driver of a capacity search: probe after probe, each judged by its report, until the search knows.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { searchCapacity } from "../../../src/app/capacity/capacity-search.js";
import type { EndedRun } from "../../../src/app/run/finish-run.js";
import type { RunSettings } from "../../../src/app/run/launch.js";
import { RunFold } from "../../../src/metrics/run-fold.js";
import type { RunReport } from "../../../src/model/report/report.js";
import type { CoordinatorState } from "../../../src/run/coordinator/coordinator-state.js";
import type { Scenario } from "../../../src/scenarios/scenario.js";
import type { SearchSettings } from "../../../src/sla/capacity/search.js";
import { passSample } from "../../report/samples.js";
import { testContext } from "../../support/app-context.js";
import { FakeClock } from "../../support/fake-clock.js";
import { scenario } from "../../support/scenario.js";

const SEARCH: SearchSettings = {
  start: 10,
  maximum: 40,
  precision: 0.5,
  confirmations: 1,
  probeHoldUs: 10_000_000,
  confirmHoldUs: 30_000_000,
  overheadUs: 10_000_000,
  budgetUs: 3_600_000_000,
};
const SETTINGS: RunSettings = {
  ...{ workers: 1, reports: "elsewhere", strict: false, json: false, quiet: true, noColor: true },
};

const users = ({ load }: Scenario): number => (load.kind === "users" ? (load.stages[0]?.users ?? 0) : 0);
const verdict = (fields: Partial<RunReport>): RunReport => ({ ...passSample().report, ...fields });
const PASS = verdict({ verdict: "PASS", exitCode: 0 });
const broken = passSample()
  .report.sla.slice(0, 1)
  .map((one) => ({ ...one, verdict: "fail" }) as const);
const FAIL = verdict({ verdict: "FAIL", exitCode: 1, sla: broken });

/** @param judge what a run of so many users comes to */
async function searched(
  judge: (load: number, run: { readonly interrupt: () => void }) => RunReport | Partial<EndedRun>,
  search: Partial<SearchSettings> = {},
) {
  const context = testContext();
  const clock = new FakeClock();
  const probes: { readonly scenario: Scenario; readonly settings: RunSettings }[] = [];
  const folder = join(context.cwd, "capacity");
  const run = async (one: Scenario, settings: RunSettings): Promise<EndedRun> => {
    probes.push({ scenario: one, settings });
    clock.jump(20_000_000);
    const came = judge(users(one), context);
    const ended = { report: PASS, folder: join(folder, `run-${probes.length}`), endedEarly: false };
    return "schemaVersion" in came ? { ...ended, report: came } : { ...ended, ...came };
  };
  const ended = searchCapacity(
    { scenario: scenario(), search: { ...SEARCH, ...search }, settings: SETTINGS, folder, run, clock },
    context,
  );
  let over = false;
  void ended.finally(() => {
    over = true;
  });
  while (!over) await clock.pass(1_000_000);
  return { ...(await ended), runs: probes, context };
}

describe("a capacity search", () => {
  it("climbs until the load breaks, and confirms what held for the full length", async () => {
    const { answer, probes, runs, context } = await searched((load) => (load <= 20 ? PASS : FAIL));
    expect(probes.map(({ load, outcome }) => [load, outcome]).slice(0, 3)).toEqual([
      [10, "held"],
      [20, "held"],
      [40, "broke"],
    ]);
    expect(answer).toMatchObject({ end: "found", confirmed: 1 });
    expect(answer.boundBy[0]).toContain(broken[0]?.metric);
    const confirmation = runs.at(-1);
    expect(confirmation?.scenario.load.stages[0]?.holdUs).toBe(30_000_000);
    expect(context.listening()).toBe(0);
  });

  it("runs each probe in its folder, without a baseline, and says of each what it came to", async () => {
    const { probes, runs, context } = await searched(() => PASS);
    expect(runs.every(({ settings }) => settings.reports === join(context.cwd, "capacity"))).toBe(true);
    expect(runs[0]?.settings.place).toBe("probe 1 (climb 10 users for 10.0s)");
    expect(probes[0]).toMatchObject({ folder: "run-1", tookMs: 21_000, holdMs: 10_000 });
    expect(context.err[0]).toBe("  climb 10 users for 10.0s: held (1020 turns)\n");
    expect(context.out).toEqual([]);
  });

  it("takes a run that was ended for over-saturation as broken", async () => {
    const report = verdict({ verdict: "INVALID", exitCode: 130 });
    const { probes } = await searched((load) => (load <= 10 ? PASS : { report, endedEarly: true }));
    expect(probes[1]).toMatchObject({ load: 20, outcome: "broke", boundBy: ["over-saturation"] });
  });

  it("blames this machine, and not the target, if the generator was the limit", async () => {
    const [reason] = [{ code: "generator-lag", message: "late", advice: "use more workers" }];
    const report = verdict({ verdict: "INVALID", exitCode: 3, invalidReasons: reason ? [reason] : [] });
    const { probes } = await searched((load) => (load <= 10 ? PASS : { report }));
    expect(probes[1]).toMatchObject({ outcome: "generator", boundBy: [] });
    const unknown = verdict({ verdict: "INVALID", exitCode: 3, invalidReasons: [] });
    expect((await searched((load) => (load <= 10 ? PASS : unknown))).probes[1]?.outcome).toBe("unknown");
  });

  it("keeps what it knows when a person ends it during a probe, or between two", async () => {
    const during = verdict({ verdict: "INVALID", exitCode: 130 });
    const cut = await searched((load) => (load <= 10 ? PASS : during));
    expect([cut.answer.end, cut.answer.holds, cut.probes.length]).toEqual(["interrupted", 10, 1]);
    const between = await searched((_, { interrupt }) => {
      interrupt();
      return PASS;
    });
    expect([between.answer.end, between.probes.length]).toEqual(["interrupted", 1]);
  });

  it("ends a probe early once more turns come than end, and no sooner", async () => {
    const { runs } = await searched(() => PASS);
    const { endWhen } = runs[0]?.settings ?? {};
    const state = (inFlight: (second: number) => number): CoordinatorState => {
      const fold = new RunFold([]);
      const points = Array.from({ length: 60 }, (_, second) => ({
        ...{ phase: "hold", turnsInFlight: inFlight(second), turnsEnded: 10 },
      }));
      return { fold: Object.assign(Object.create(fold), { points }) } as unknown as CoordinatorState;
    };
    expect(endWhen?.(state(() => 10))).toBe(false);
    expect(endWhen?.(state((second) => 10 + 10 * second))).toBe(true);
  });
});
