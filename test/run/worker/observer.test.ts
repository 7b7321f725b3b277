// What a worker notices beside its turns.
import { describe, expect, it, vi } from "vitest";
import { type PhaseSamples, SampleRecorder } from "../../../src/metrics/samples.js";
import { emptyAnomalies } from "../../../src/model/turn/ledger.js";
import { WorkerObserver } from "../../../src/run/worker/observer.js";
import { event, settled, turn } from "../../support/turns.js";

const WALL_OFFSET_US = 1_000_000_000_000;

function observer(clock: "same" | "unknown" = "same") {
  const anomalies = emptyAnomalies();
  const seen: string[] = [];
  const watching = new WorkerObserver({
    checks: [{ check: "isolation", options: {} }],
    clock,
    wallOffsetUs: WALL_OFFSET_US,
    startUs: () => 500_000,
    nowUs: () => 700_000,
    anomalies,
    shapeOf: (frame) => `shape of ${frame}`,
    onSettled: ({ turn }) => seen.push(`settled ${turn}`),
    onTrouble: (cause) => seen.push(cause),
  });
  return { watching, anomalies, seen };
}

/** Received at 5 s, emitted so much earlier by the server's clock. */
const received = (agoUs: number) =>
  event("agent_started", { receivedAtUs: 5_000_137, emittedAtWallUs: 5_000_137 + WALL_OFFSET_US - agoUs });
const phases = (samples: PhaseSamples) => (samples ? "hold" : "");

describe("a turn that its agent ended with an error", () => {
  const failed = { outcome: "failed", reason: "error_event", told: "the model is overloaded" } as const;

  it("counts as a failure with its text, the first cause first", () => {
    const { watching } = observer();
    watching.settled(settled({ ...failed, terminalUs: 2_500_000 }), turn());
    watching.settled(settled({ ...failed, user: 4, terminalUs: 2_600_000 }), turn());
    watching.settled(
      settled({ outcome: "rejected", reason: "busy", told: "one at a time", terminalUs: 1_500_000 }),
      turn(),
    );
    const { told: _, ...silent } = failed;
    watching.settled(settled({ ...silent, terminalUs: 3_500_000 }), turn());
    const of = { step: "turn", status: 0, closeCode: 0 };
    expect(watching.failures.list()).toEqual([
      { ...of, message: "one at a time", count: 1, users: 1, firstMs: 1000 },
      { ...of, message: "the model is overloaded", count: 2, users: 2, firstMs: 2000 },
      { ...of, message: "an error without words", count: 1, users: 1, firstMs: 3000 },
    ]);
  });

  it("is not counted if it was expected, was reported as a failed request, or did not end that way", () => {
    const { watching } = observer();
    watching.settled(settled(), turn());
    watching.settled(settled({ ...failed, expected: true }), turn());
    watching.settled(settled({ ...failed, requestFailed: true }), turn());
    watching.settled(settled({ outcome: "lost", reason: "closed" }), turn());
    expect(watching.failures.list()).toEqual([]);
  });
});

describe("a stamped event", () => {
  it("gives its delivery if the clock is the same, to the microsecond", () => {
    const { watching } = observer();
    const recorder = new SampleRecorder();
    const samples = recorder.phase("hold");
    watching.stamped(received(1234), 4_000_000, samples);
    expect([...(recorder.take().hold?.["event.delivery"]?.samples ?? [])]).toEqual([1234]);
    expect(watching.take(phases).deltas).toEqual({});
  });

  it("from the future has no delivery, and counts as one from the future", () => {
    const { watching } = observer();
    const recorder = new SampleRecorder();
    const samples = recorder.phase("hold");
    watching.stamped(received(-50_000), 4_000_000, samples);
    watching.stamped(received(-2000), 4_000_000, samples);
    expect([...(recorder.take().hold?.["event.delivery"]?.samples ?? [])]).toEqual([0]);
    expect([watching.future, watching.aheadUs]).toEqual([1, 50_000]);
  });

  it("known only to the second gives no microsecond sample, and one from the future is still reported", () => {
    for (const clock of ["same", "unknown"] as const) {
      const { watching } = observer(clock);
      const recorder = new SampleRecorder();
      watching.stamped(received(1_000_137), 4_000_000, recorder.phase("hold"));
      expect(recorder.take()).toEqual({});
      expect(watching.take(phases).deltas).toEqual({ hold: [[1_000_000, 1]] });
      expect([watching.interval.stamped, watching.wholeSeconds, watching.future]).toEqual([1, 1, 0]);
    }
    const { watching } = observer();
    watching.stamped(received(-60_999_863), 4_000_000, new SampleRecorder().phase("hold"));
    expect(watching.future).toBe(1);
  });

  it("is only counted while the clock is unknown, until it is known better", () => {
    const { watching } = observer("unknown");
    const recorder = new SampleRecorder();
    const samples = recorder.phase("hold");
    watching.stamped(received(700), 4_000_000, samples);
    watching.stamped(received(-300_000), 4_000_000, samples);
    expect(recorder.take()).toEqual({});
    expect(watching.take(phases).deltas).toEqual({
      hold: [
        [-300_000, 1],
        [500, 1],
      ],
    });
    expect(watching.take(phases).deltas).toEqual({});
    expect(watching.interval.stamped).toBe(2);
    expect(watching.future).toBe(0);
  });

  it("of several groups of users adds up in the phase that they share", () => {
    const { watching } = observer("unknown");
    const recorder = new SampleRecorder();
    for (const user of [0, 1, 1]) watching.stamped(received(700), 4_000_000, recorder.phase("hold", user));
    const { hold = [] } = watching.take(phases).deltas;
    expect(hold.reduce((sum, [, count]) => sum + count, 0)).toBe(3);
  });

  it("without a timestamp says nothing", () => {
    const { watching } = observer();
    watching.stamped(event("agent_started", { receivedAtUs: 5 }), 1, new SampleRecorder().phase("hold"));
    expect(watching.interval.stamped).toBe(0);
  });
});

describe("strays", () => {
  it("are counted by kind, and unrecognised ones by shape, up to a limit", () => {
    const { watching, anomalies } = observer();
    watching.stray("orphan", event("agent_started"), "x", 1);
    for (let at = 0; at < 200; at++) watching.stray("unrecognised", event("unrecognised"), `frame ${at}`, 1);
    for (let at = 0; at < 5; at++) watching.stray("unrecognised", event("unrecognised"), "frame 7", 1);
    watching.stray("unrecognised", event("unrecognised"), "(binary frame)", 1);
    expect([anomalies.orphan, anomalies.unrecognised]).toEqual([1, 206]);
    expect(watching.shapes()[0]).toEqual(["shape of frame 7", 6]);
    expect(watching.shapes().length).toBeLessThanOrEqual(50);
  });
});

describe("a settled turn", () => {
  it("goes to the ledger and to every check, and is kept if it is worth it", () => {
    const { watching, seen } = observer();
    watching.settled(settled({ outcome: "lost" }), turn({ user: 3 }));
    watching.settled(settled({ turn: 1 }), turn({ user: 3, number: 1 }));
    expect(seen).toEqual(["settled 0", "settled 1"]);
    expect(watching.checks.get("isolation")?.part().counters).toEqual({ turns: 1, control: 1 });
    const told = watching.take(phases).kept;
    expect(told.map(({ why, intendedMs }) => [why, intendedMs])).toEqual([
      ["failed", 500],
      ["slow", 500],
    ]);
    expect(watching.take(phases).kept).toEqual([]);
  });

  it("is drawn only when it is kept", () => {
    const { watching } = observer();
    const seen = turn({ user: 3 });
    const draw = vi.spyOn(seen, "log");
    for (let at = 0; at < 1000; at++) watching.settled(settled(), seen);
    expect(draw.mock.calls.length).toBeLessThan(25);
  });
});

describe("a leak", () => {
  it("goes to the checks", () => {
    const { watching } = observer();
    watching.leak({
      user: 1,
      owner: 2,
      where: "frame",
      what: "x",
      turn: 0,
      runId: undefined,
      atUs: 0,
      by: "nonce",
    });
    expect(watching.checks.get("isolation")?.part().findings).toHaveLength(1);
  });
});
