// Several scenarios in a row: each by itself, all in one account, and nothing after the point where it should stop.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { EndedRun } from "../../../src/app/run/finish-run.js";
import { emptySuite, runSuite, type SuiteSettings, suiteAsJson } from "../../../src/app/run/run-suite.js";
import type { RunReport } from "../../../src/model/report/report.js";
import type { SuiteReport } from "../../../src/model/report/suite.js";
import type { Scenario } from "../../../src/scenarios/scenario.js";
import { UserError } from "../../../src/support/errors.js";
import { passSample } from "../../report/samples.js";
import { type TestContext, testContext } from "../../support/app-context.js";
import { CONNECT, SEND, scenario as sampleScenario, TARGET } from "../../support/scenario.js";

const scenario = (keys: Partial<Scenario>): Scenario => sampleScenario({ journey: [CONNECT, SEND], ...keys });
const SETTINGS: SuiteSettings = {
  workers: 1,
  reports: "reports",
  strict: false,
  json: true,
  quiet: true,
  noColor: true,
  failFast: false,
  repeat: 1,
};

type Outcome = Partial<RunReport> | Error | undefined;

const sample = (fields: Partial<RunReport> = {}): RunReport => ({ ...passSample().report, ...fields });

/** @param outcomes of the runs, in their order */
function suite(
  names: readonly string[],
  outcomes: readonly Outcome[],
  settings: Partial<SuiteSettings> = {},
) {
  const context = testContext();
  const runs: Scenario[] = [];
  const places: (string | undefined)[] = [];
  const run = async (one: Scenario, { place }: { readonly place?: string }): Promise<EndedRun> => {
    const outcome = outcomes[runs.length];
    runs.push(one);
    places.push(place);
    if (outcome instanceof Error) throw outcome;
    const folder = join(context.cwd, "reports", `run-${runs.length}`);
    return { report: sample(outcome), folder, endedEarly: false };
  };
  const scenarios = names.map((name) => scenario({ name, seed: 5 }));
  const ended = runSuite(scenarios, { ...SETTINGS, ...settings }, context, run);
  return { context, runs, places, ended };
}

const PASS = { verdict: "PASS", exitCode: 0 } as const;
const FAIL = { verdict: "FAIL", exitCode: 1 } as const;
const statuses = (told: SuiteReport) => told.runs.map(({ result }) => result);

describe("a suite", () => {
  it("runs its scenarios in order, each with its place, and ends with the worst exit code", async () => {
    const { ended, runs, places } = suite(["a", "b", "c"], [PASS, FAIL, PASS]);
    const { suite: told, reports, runFolders } = await ended;
    expect(runs.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(places).toEqual(["1/3", "2/3", "3/3"]);
    expect([told.exitCode, statuses(told)]).toEqual([1, ["PASS", "FAIL", "PASS"]]);
    expect([reports.length, runFolders.length]).toEqual([3, 3]);
  });

  it("leaves its files where a CI expects them, also when it ends with a bug", async () => {
    const copies = { junit: "/nowhere" };
    for (const outcomes of [
      [PASS, FAIL],
      [PASS, new Error("bug")],
    ]) {
      const { ended, context } = suite(["a", "b"], outcomes, { copies });
      copies.junit = join(context.cwd, "load.xml");
      await ended.catch(() => undefined);
      const [folder = ""] = readdirSync(join(context.cwd, "reports")).filter((name) =>
        name.includes("suite"),
      );
      const own = readFileSync(join(context.cwd, "reports", folder, "junit.xml"), "utf8");
      expect(readFileSync(copies.junit, "utf8")).toBe(own);
      expect(own).toContain('<testsuite name="b"');
    }
  });

  it("starts nothing after a failure when it is told to fail fast, and says so of the rest", async () => {
    const { ended, runs } = suite(["a", "b", "c"], [PASS, FAIL, PASS], { failFast: true });
    const { suite: told } = await ended;
    expect(runs).toHaveLength(2);
    expect(JSON.stringify(told.runs[2])).toContain("an earlier scenario did not pass (--fail-fast)");
  });

  it("repeats all scenarios round by round, each time with the next seed", async () => {
    const { ended, runs } = suite(["a", "b"], [PASS, PASS, PASS, PASS], { repeat: 2 });
    await ended;
    expect(runs.map(({ name, seed }) => [name, seed])).toEqual([
      ["a", 5],
      ["b", 5],
      ["a", 6],
      ["b", 6],
    ]);
  });

  it("continues after a scenario that could not be run, and says why", async () => {
    const { ended, runs, context } = suite(["a", "b"], [new UserError("port taken", "free it"), PASS]);
    const { suite: told } = await ended;
    expect(runs).toHaveLength(2);
    expect(told.exitCode).toBe(2);
    expect(context.err.join("")).toBe("error: a: port taken\n  free it\n");
  });

  it("writes its account before it passes a bug on", async () => {
    const { ended, context } = suite(["a", "b"], [new TypeError("undefined is not a function"), PASS]);
    await expect(ended).rejects.toThrow(TypeError);
    const [folder = ""] = readdirIn(context);
    expect(readFileSync(join(folder, "suite.json"), "utf8")).toContain("a bug in gp-load");
  });

  it("refuses all scenarios that do not fit this target at once, before it makes a folder", async () => {
    const context = testContext();
    const unfit = { target: { ...TARGET, profile: "nothing" } };
    const scenarios = [
      scenario({ name: "a", ...unfit }),
      scenario({ name: "b" }),
      scenario({ name: "c", ...unfit }),
    ];
    const error: unknown = await runSuite(scenarios, SETTINGS, context).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message.split("\n")).toHaveLength(2);
    expect((error as UserError).hint).toContain("gp-load run b");
    expect(existsSync(join(context.cwd, "reports"))).toBe(false);
  });
});

describe("Ctrl-C in a suite", () => {
  it("ends it after the run under way, and nobody listens afterwards", async () => {
    const context = testContext();
    const runs: string[] = [];
    const run = async (one: Scenario): Promise<EndedRun> => {
      runs.push(one.name);
      context.interrupt();
      return { report: sample(PASS), folder: join(context.cwd, "reports", "r"), endedEarly: false };
    };
    const scenarios = ["a", "b"].map((name) => scenario({ name }));
    const { suite: told } = await runSuite(scenarios, SETTINGS, context, run);
    expect(runs).toEqual(["a"]);
    expect(JSON.stringify(told.runs[1])).toContain("interrupted before its turn came");
    expect(context.listening()).toBe(0);
  });
});

it("a suite of nothing has no runs and no failure", () => {
  expect(suiteAsJson(emptySuite())).toMatchObject({ runs: [], reports: [] });
});

function readdirIn({ cwd }: TestContext): readonly string[] {
  return readdirSync(join(cwd, "reports")).map((name) => join(cwd, "reports", name));
}
