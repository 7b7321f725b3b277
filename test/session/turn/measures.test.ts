// Which samples a turn gives.
import { describe, expect, it } from "vitest";
import { SampleRecorder } from "../../../src/metrics/samples.js";
import { recordTurn } from "../../../src/session/turn/measures.js";
import { type TurnShape, turn } from "../../support/turns.js";

function record(
  shape: TurnShape,
  fields: object = {},
): Record<string, { samples: number[]; censored: number }> {
  const recorder = new SampleRecorder();
  const samples = recorder.phase("hold");
  recordTurn(Object.assign(turn({ ...shape, samples }), fields));
  return Object.fromEntries(
    Object.entries(recorder.take().hold ?? {}).map(([key, one]) => [
      key,
      { samples: [...one.samples], censored: one.censored },
    ]),
  );
}

const one = (us: number) => ({ samples: [us], censored: 0 });
const CENSORED = { samples: [], censored: 1 };
const sent: TurnShape = { intendedUs: 1_000_000, sentUs: 1_003_000 };

describe("a completed turn", () => {
  it("is timed from its intended time, and from its send beside it", () => {
    const samples = record(
      { ...sent, end: "completed", endedUs: 1_500_000 },
      { startedUs: 1_100_000, firstTextUs: 1_200_000 },
    );
    expect(samples).toEqual({
      "generator.send-lag": one(3000),
      "agent.response": one(500_000),
      "agent.response/service": one(497_000),
      "message.processing": one(100_000),
      "message.processing/service": one(97_000),
      "answer.first": one(200_000),
      "answer.first/service": one(197_000),
    });
  });

  it("that never said it had started has no processing time, rather than an endless one", () => {
    const samples = record({ ...sent, end: "completed", endedUs: 1_500_000 });
    expect(samples["message.processing"]).toBeUndefined();
    expect(samples["agent.response"]).toEqual(one(500_000));
  });

  it("gives its longest silence where it had more than one event", () => {
    const ended = { ...sent, end: "completed", endedUs: 1_500_000 } as const;
    expect(record(ended, { events: 2, longestGapUs: 77 })["event.gap"]).toEqual(one(77));
    expect(record(ended, { events: 1, longestGapUs: 0 })["event.gap"]).toBeUndefined();
  });
});

describe("a turn that did not complete", () => {
  it.each(["error", "rejected", "deadline", "closed"] as const)(
    "but ended by %s is censored, never a fast error",
    (end) => {
      const samples = record({ ...sent, end, endedUs: 1_010_000 });
      expect(samples["agent.response"]).toEqual(CENSORED);
      expect(samples["agent.response/service"]).toEqual(CENSORED);
      expect(samples["message.processing"]).toEqual(CENSORED);
    },
  );

  it("but started keeps the time of its start", () => {
    const samples = record({ ...sent, end: "deadline" }, { startedUs: 1_100_000 });
    expect(samples["message.processing"]).toEqual(one(100_000));
    expect(samples["agent.response"]).toEqual(CENSORED);
  });

  it("and was never sent tells no send lag", () => {
    const samples = record({ ...sent, sentUs: Number.NaN, end: "not_sent" });
    expect(samples["generator.send-lag"]).toBeUndefined();
    expect(samples["agent.response"]).toEqual(CENSORED);
  });

  it("but ended as its scenario expects gives its time to that end", () => {
    const samples = record({ ...sent, end: "error", endedUs: 1_400_000, expect: "error" });
    expect(samples["agent.response"]).toEqual(one(400_000));
    expect(samples["message.processing"]).toBeUndefined();
  });
});
