// The director of faults: at their instants, in order, undone whatever happens, told when they really were.
import { describe, expect, it } from "vitest";
import type { FaultRecord } from "../../../src/model/log/run-log.js";
import { FaultDirector } from "../../../src/run/coordinator/fault-director.js";
import type { FaultExecutor } from "../../../src/run/process/target-setup.js";
import type { FaultSpec } from "../../../src/scenarios/scenario.js";
import { FakeClock } from "../../support/fake-clock.js";
import { scenario } from "../../support/scenario.js";

const S = 1_000_000;
const START_US = 100 * S;

function spec(action: string, options: unknown, atS: number, forS: number, everyS?: number): FaultSpec {
  const everyUs = everyS === undefined ? undefined : everyS * S;
  return { atUs: atS * S, forUs: forS * S, everyUs, jitterUs: 0, action, options };
}

const EXEC = { run: "break", undo: "mend", label: undefined, timeout: S };

interface Played {
  readonly director: FaultDirector;
  readonly clock: FakeClock;
  readonly done: string[];
  readonly records: FaultRecord[];
  readonly told: () => readonly string[];
}

/** A load of 40 s whose hands write down what they do, at which second. */
function play(faults: readonly FaultSpec[], answers: Partial<FaultExecutor> = {}): Played {
  const clock = new FakeClock(START_US);
  const done: string[] = [];
  const records: FaultRecord[] = [];
  const note = (text: string): undefined => {
    done.push(`${(clock.nowUs() - START_US) / S} ${text}`);
  };
  const executor: FaultExecutor = {
    obey: async (order) => note(`way ${JSON.stringify(order)}`),
    begin: async (key) => note(`begin ${key}`),
    end: async (key) => note(`end ${key}`),
    ...answers,
  };
  const director = new FaultDirector({
    scenario: scenario({ faults, secrets: ["s3cret"] }),
    executor,
    clock,
    startUs: START_US,
    rampUs: START_US + 2 * S,
    workers: () => 2,
    emit: (record) => records.push(record),
  });
  const told = () => records.map(({ edge, label, atMs }) => `${atMs} ${edge} ${label}`);
  return { director, clock, done, records, told };
}

describe("faults", () => {
  it("are injected and undone on time, counted from the ramp", async () => {
    const { clock, done, told } = play([
      spec("exec", EXEC, 5, 3),
      spec("latency", { by: S, jitter: 0 }, 6, 1),
    ]);
    await clock.pass(6 * S);
    expect(done).toEqual([]);
    await clock.pass(34 * S);
    expect(done).toEqual([
      "7 begin 0/0",
      '8 way {"kind":"set","conditions":{"latencyMs":1000,"jitterMs":0}}',
      '9 way {"kind":"clear","keys":["latencyMs","jitterMs"]}',
      "10 end 0/0",
    ]);
    expect(told()).toEqual([
      "7000 begin exec",
      "8000 begin latency 1.00s",
      "9000 end latency 1.00s",
      "10000 end exec",
    ]);
  });

  it("that are instantaneous start and end at the same instant, and are not undone", async () => {
    const { clock, done, told } = play([spec("reset", 1, 5, 0)]);
    await clock.pass(40 * S);
    expect(done).toEqual(['7 way {"kind":"reset","share":1}']);
    expect(told()).toEqual(["7000 begin reset 100%", "7000 end reset 100%"]);
  });

  it("that are repeated end before they start again", async () => {
    const { clock, done } = play([spec("exec", EXEC, 5, 5, 5)]);
    await clock.pass(60 * S);
    expect(done.slice(0, 4)).toEqual(["7 begin 0/0", "12 end 0/0", "12 begin 0/1", "17 end 0/1"]);
  });

  it("that are still active are undone when the run ends early, and no more start", async () => {
    const { director, clock, done, told } = play([spec("exec", EXEC, 5, 20), spec("exec", EXEC, 7, 20)]);
    await clock.pass(10 * S);
    await director.stop();
    await clock.pass(50 * S);
    await director.stop();
    expect(done).toEqual(["7 begin 0/0", "9 begin 1/0", "10 end 1/0", "10 end 0/0"]);
    expect(told().filter((line) => line.includes("end"))).toHaveLength(2);
  });

  it("that cannot be injected are undone at once and make the run INVALID, without showing secrets", async () => {
    const begin = async (): Promise<string> => "exit 1: wrong password s3cret";
    const { director, clock, done } = play([spec("exec", EXEC, 5, 3)], { begin });
    await clock.pass(40 * S);
    expect(done).toEqual(["7 end 0/0"]);
    expect(director.causes).toEqual([
      expect.objectContaining({
        code: "fault-failed",
        message: "faults[0] (exec) could not be done: exit 1: wrong password ***",
      }),
    ]);
  });

  it("that cannot be undone make the run INVALID", async () => {
    const { director, clock } = play([spec("exec", EXEC, 5, 3)], { end: async () => "exit 2" });
    await clock.pass(40 * S);
    expect(director.causes.map(({ message }) => message)).toEqual([
      "faults[0] (exec) could not be undone: exit 2",
    ]);
  });

  it("that take long to inject are undone only afterwards", async () => {
    let finish: () => void = () => {};
    const slow = new Promise<undefined>((resolve) => {
      finish = () => resolve(undefined);
    });
    const { clock, done } = play([spec("exec", EXEC, 5, 3)], { begin: () => slow });
    await clock.pass(12 * S);
    expect(done).toEqual([]);
    finish();
    await clock.pass(1);
    expect(done).toEqual([expect.stringMatching(/end 0\/0$/)]);
  });
});
