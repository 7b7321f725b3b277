// gp-load as programs use it: typed results, no exit, and a run that ends when it is told to.
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  compare,
  defineScenarios,
  EXIT,
  type RunEvent,
  run,
  ScenarioProblems,
  UserError,
  validate,
} from "../../../src/index.js";

const scenarios = defineScenarios({
  version: 1,
  targets: { here: { embedded: true } },
  scenarios: {
    small: {
      target: "here",
      load: { users: 2, hold: "3s" },
      journey: ["connect", { loop: [{ send: { prompt: "latency" } }, { think: "500ms" }] }],
      // Whether a busy machine is quick enough is not what these tests ask.
      sla: {
        "agent.response": "off",
        "message.processing": "off",
        "history.query": "off",
        "event.delivery": "off",
      },
    },
  },
});

const folder = (): string => mkdtempSync(join(tmpdir(), "gp-load-library-"));

afterEach(() => void vi.restoreAllMocks());

describe("run", () => {
  it("gives back the typed report, tells of its progress, and writes nothing to the terminal", async () => {
    const out = vi.spyOn(process.stdout, "write");
    const events: RunEvent[] = [];
    const cwd = folder();
    const ended = await run({ scenario: "small", scenarios, cwd, onEvent: (event) => events.push(event) });
    expect(ended.report.scenario.name).toBe("small");
    expect(ended.report.ledger.completed).toBeGreaterThan(0);
    expect(ended.report.ledger.lost).toBe(0);
    expect(existsSync(join(ended.folder, "report.html"))).toBe(true);
    expect(ended.folder.startsWith(join(cwd, "reports"))).toBe(true);
    const progress = events.filter((event) => event.type === "progress");
    expect(progress.at(-1)?.state.turnsEnded).toBe(ended.report.ledger.attempted);
    expect(events.some((event) => event.type === "note" && event.text.includes("2 users"))).toBe(true);
    expect(out.mock.calls.flat().join("")).not.toContain("small");
    const [same] = await compare({ baseline: ended.folder, candidate: ended.folder, cwd });
    expect(same?.scenario).toBe("small");
  });

  it("ends early by its signal, and reports what was measured", async () => {
    const controller = new AbortController();
    const ended = await run({
      scenario: "small",
      scenarios,
      cwd: folder(),
      overrides: { hold: "5m" },
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type === "progress" && event.state.turnsEnded > 0) controller.abort();
      },
    });
    expect(ended.report.exitCode).toBe(EXIT.interrupted);
    expect(ended.report.ledger.attempted).toBeGreaterThan(0);
  });

  it("goes on if a listener throws", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const controller = new AbortController();
    controller.abort();
    const { report } = await run({
      scenario: "small",
      scenarios,
      cwd: folder(),
      signal: controller.signal,
      onEvent: () => {
        throw new Error("listener broke");
      },
    });
    expect(report.exitCode).toBe(EXIT.interrupted);
    expect(warn).toHaveBeenCalledWith("onEvent of a gp-load run threw: listener broke");
  });

  it("refuses what cannot be run, with every problem and its place", async () => {
    const cwd = folder();
    const wrong = run({ scenario: "small", scenarios, cwd, overrides: { users: "many", hold: "long" } });
    await expect(wrong).rejects.toThrow(ScenarioProblems);
    await expect(wrong).rejects.toThrow(/--users.*\n(.*\n)?.*--hold/);
    await expect(run({ scenario: "other", scenarios, cwd })).rejects.toThrow(UserError);
    await expect(run({ scenario: "small", scenarios, file: "x.yaml", cwd })).rejects.toThrow(
      "or from a file",
    );
    expect(existsSync(join(cwd, "reports"))).toBe(false);
  });
});

describe("validate", () => {
  it("names the sound scenarios of a file", async () => {
    const cwd = folder();
    writeFileSync(join(cwd, "own.yaml"), JSON.stringify(scenarios));
    expect(await validate({ file: "own.yaml", cwd })).toEqual({
      scenarios: ["small"],
      problems: [],
      warnings: [],
    });
  });

  it("gives back problems instead of throwing them", async () => {
    const cwd = folder();
    writeFileSync(
      join(cwd, "own.yaml"),
      "version: 1\ntargets: { t: { embeded: true } }\nscenarios: { s: {} }\n",
    );
    const { problems, scenarios: sound } = await validate({ file: "own.yaml", cwd });
    expect(sound).toEqual([]);
    expect(problems.length).toBeGreaterThan(1);
    expect(problems[0]).toMatchObject({ place: { file: "own.yaml", line: 2 } });
  });
});
