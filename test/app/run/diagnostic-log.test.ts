// What the options of the log ask for, what a run puts into it, and what --verbose says of failures.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  failureTeller,
  logSettings,
  logVerdict,
  openDiagnosticLog,
} from "../../../src/app/run/diagnostic-log.js";
import { REQUEST_FAILED } from "../../../src/model/log/failed-request.js";
import type { LogLine } from "../../../src/support/log/log-lines.js";
import { emptySample, failSample } from "../../report/samples.js";
import { testContext } from "../../support/app-context.js";

const asked = (options: Readonly<Record<string, string>>) => ({ args: [], options });
const read = (path: string) =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((text) => JSON.parse(text) as Record<string, unknown>);

describe("the options of the log", () => {
  it("expect none unless they are given", async () => {
    expect(await logSettings(asked({}), testContext())).toBeUndefined();
    expect(await logSettings(asked({ logLevel: "debug" }), testContext())).toEqual({ level: "debug" });
  });

  it("put it into a file that starts again", async () => {
    const context = testContext();
    writeFileSync(join(context.cwd, "load.log"), "of an earlier run");
    const settings = await logSettings(asked({ logFile: "load.log" }), context);
    expect(settings).toEqual({ level: "info", file: join(context.cwd, "load.log") });
    expect(existsSync(join(context.cwd, "load.log"))).toBe(false);
  });

  it("are refused if they make no sense", async () => {
    const context = testContext();
    await expect(logSettings(asked({ logLevel: "loud" }), context)).rejects.toThrow("loud is not a level");
    await expect(logSettings(asked({ logFile: "/dev/null" }), context)).rejects.toThrow("not a regular file");
  });
});

describe("the log of a run", () => {
  it("lies in its folder, or where it was asked for", async () => {
    const { cwd } = testContext();
    const file = join(cwd, "own.log");
    for (const settings of [{ level: "info" as const }, { level: "info" as const, file }]) {
      const log = await openDiagnosticLog(settings, cwd, { run: "r" }, () => undefined);
      log?.record({ type: "note", atMs: 0, text: "worker 1 was lost" });
      log?.close();
    }
    expect(read(join(cwd, "log.jsonl"))).toMatchObject([
      { run: "r", msg: "note", message: "worker 1 was lost" },
    ]);
    expect(read(file)).toHaveLength(1);
    expect(await openDiagnosticLog(undefined, cwd, {}, () => undefined)).toBeUndefined();
  });

  it("has lines of workers with their number, faults, and no numbers of every second", async () => {
    const { cwd } = testContext();
    const log = await openDiagnosticLog({ level: "debug" }, cwd, {}, () => undefined);
    log?.lines(3, [{ level: "debug", event: "reconnected", timeMs: 7, fields: { user: 1 } }]);
    log?.record({
      type: "fault",
      fault: 0,
      occurrence: 0,
      action: "reset",
      label: "reset",
      edge: "end",
      atMs: 1,
    });
    log?.record({ type: "goodput", second: 1, turns: 1, good: 1 });
    log?.close();
    expect(read(join(cwd, "log.jsonl"))).toMatchObject([
      { time: 7, worker: 3, user: 1, msg: "reconnected" },
      { msg: "fault ends", label: "reset" },
    ]);
  });

  it("ends with the verdict and its reasons", async () => {
    const { cwd } = testContext();
    const settings = { level: "info" as const };
    for (const { report } of [failSample(), emptySample()])
      await logVerdict(settings, cwd, report, () => undefined);
    const lines = read(join(cwd, "log.jsonl"));
    const verdicts = lines.filter(({ msg }) => msg === "verdict");
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(["FAIL", "INVALID"]);
    expect(lines.at(-1)).toBe(verdicts[1]);
    for (const msg of ["threshold missed", "check not clean", "not valid"])
      expect(lines.filter((one) => one.msg === msg).length).toBeGreaterThan(0);
  });

  it("that cannot be written refuses a run, and never loses a verdict", async () => {
    const { cwd } = testContext();
    const nowhere = { level: "info" as const, file: join(cwd, "gone", "log") };
    const told: string[] = [];
    await expect(openDiagnosticLog(nowhere, cwd, {}, () => undefined)).rejects.toThrow(
      "cannot write the log: ENOENT",
    );
    await logVerdict(nowhere, cwd, failSample().report, (text) => told.push(text));
    expect(told).toEqual([expect.stringMatching(/^warning: cannot write the log: ENOENT/)]);
  });
});

describe("--verbose", () => {
  const failed = (user: number, status = 503): LogLine => ({
    level: "warn",
    event: REQUEST_FAILED,
    timeMs: 0,
    fields: { user, step: "history", request: "GET http://h/x", status, message: `HTTP ${status}\u001b[2J` },
  });

  it("names the first five failures of a kind, and what else failed", () => {
    const told: string[] = [];
    const tell = failureTeller((text) => told.push(text));
    tell(Array.from({ length: 50 }, (_, user) => failed(user)));
    tell([failed(7, 401), { ...failed(1), event: "reconnected" }]);
    expect(told).toHaveLength(6);
    expect(told[0]).toBe("history request failed: GET http://h/x: HTTP 503 [2J (user 0)");
    expect(told[4]).toContain("(user 4) (more of these are only counted)");
    expect(told[5]).toContain("HTTP 401");
  });

  it("says little of a target that invents new failures all the time", () => {
    const told: string[] = [];
    failureTeller((text) => told.push(text))(Array.from({ length: 1000 }, (_, at) => failed(1, 1000 + at)));
    expect(told).toHaveLength(50);
  });
});
