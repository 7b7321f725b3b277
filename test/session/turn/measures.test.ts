// Which samples a turn gives.
import { describe, expect, it } from "vitest";
import { SampleRecorder } from "../../../src/metrics/samples.js";
import type { AgentEvent } from "../../../src/model/turn/event.js";
import type { TurnEnd } from "../../../src/model/turn/turn-end.js";
import { overLimitsUs, recordFrame, recordTurn } from "../../../src/session/turn/ending/measures.js";
import { event, type TurnShape, turn } from "../../support/turns.js";

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

const UNWATCHED = { stamped: () => undefined, keepsToolRuns: false };

describe("a completed turn", () => {
  it("is timed from its intended time, and from its send beside it", () => {
    const samples = record(
      { ...sent, end: "completed", endedUs: 1_500_000 },
      { firstEventUs: 1_050_000, startedUs: 1_100_000, firstTextUs: 1_200_000 },
    );
    expect(samples).toEqual({
      "generator.send-lag": one(3000),
      "agent.response": one(500_000),
      "agent.response/service": one(497_000),
      "message.processing": one(100_000),
      "message.processing/service": one(97_000),
      ttft: one(200_000),
      "ttft/service": one(197_000),
      ttfe: one(50_000),
      "ttfe/service": one(47_000),
    });
  });

  it("that never said it had started has no processing time, rather than an endless one", () => {
    const samples = record({ ...sent, end: "completed", endedUs: 1_500_000 });
    expect(samples["message.processing"]).toBeUndefined();
    expect(samples["agent.response"]).toEqual(one(500_000));
  });

  it("gives its longest silence if it had more than one event", () => {
    const ended = { ...sent, end: "completed", endedUs: 1_500_000 } as const;
    expect(record(ended, { events: 2, longestGapUs: 77 })["event.gap"]).toEqual(one(77));
    expect(record(ended, { events: 1, longestGapUs: 0 })["event.gap"]).toBeUndefined();
  });
});

describe("what never came", () => {
  /** A turn that began a tool at 1.1 s, of which it heard the end at `toolEndUs`, and ended as told. */
  function withTool(end: TurnEnd, toolEndUs?: number) {
    const recorder = new SampleRecorder();
    const made = turn({ ...sent, samples: recorder.phase("hold") });
    const take = (kind: AgentEvent["kind"], receivedAtUs: number, text?: string): void => {
      const frame = event(kind, { receivedAtUs, toolId: "t1", text });
      recordFrame(made, frame, made.apply(frame, `${kind} ${receivedAtUs}`), UNWATCHED);
    };
    take("agent_started", 1_050_000);
    take("tool_executing", 1_100_000);
    if (toolEndUs !== undefined) take("tool_completed", toolEndUs);
    if (end === "completed") take("agent_completed", 1_500_000, "done");
    made.end = end;
    made.endedUs = end === "completed" ? 1_500_000 : Number.NaN;
    recordTurn(made);
    if (toolEndUs === undefined) take("tool_completed", 9_000_000);
    const { hold = {} } = recorder.take();
    return (metric: string) => ({
      samples: [...(hold[metric]?.samples ?? [])],
      censored: hold[metric]?.censored ?? 0,
    });
  }

  it("is a censored first text, silence and tool of a turn that hangs", () => {
    const of = withTool("deadline");
    expect(of("ttft")).toEqual(CENSORED);
    expect(of("event.gap")).toEqual(CENSORED);
    expect(of("tool.duration")).toEqual(CENSORED);
  });

  it("is nothing if everything arrived", () => {
    const of = withTool("completed", 1_200_000);
    expect(of("ttft")).toEqual(one(500_000));
    expect(of("event.gap")).toEqual(one(300_000));
    expect(of("tool.duration")).toEqual(one(100_000));
  });

  it("is the end of a tool, also of a turn that completed", () => {
    expect(withTool("completed")("tool.duration")).toEqual(CENSORED);
    expect(withTool("completed")("ttft")).toEqual(one(500_000));
  });

  it("is the first text of a turn that completed without any", () => {
    const samples = record({ ...sent, end: "completed", endedUs: 1_500_000 });
    expect(samples.ttft).toEqual(CENSORED);
  });

  it("is not the text of an error that was expected, nor the events of a message that was not sent", () => {
    const expected = record({ ...sent, end: "error", endedUs: 1_400_000, expect: "error" });
    expect(expected.ttft).toBeUndefined();
    const unsent = record({ ...sent, sentUs: Number.NaN, end: "deadline" });
    expect(unsent["event.gap"]).toBeUndefined();
  });

  it("is the whole answer of a turn that ended without one", () => {
    const samples = record({ ...sent, end: "no_answer", endedUs: 1_010_000 });
    expect(samples["agent.response"]).toEqual(CENSORED);
    expect(samples.ttft).toEqual(CENSORED);
  });

  it("includes the silence before the end of a turn without an end event", () => {
    const recorder = new SampleRecorder();
    const made = turn({ ...sent, samples: recorder.phase("hold") });
    for (const receivedAtUs of [1_100_000, 1_150_000])
      made.apply(event("answer_delta", { receivedAtUs, text: "a" }), String(receivedAtUs));
    made.end = "completed";
    made.endedUs = 1_900_000;
    recordTurn(made);
    expect([...(recorder.take().hold?.["event.gap"]?.samples ?? [])]).toEqual([750_000]);
  });
});

describe("a turn that did not complete", () => {
  it.each(["error", "no_answer", "rejected", "deadline", "closed"] as const)(
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

  it("and was never sent has no send lag", () => {
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

describe("the pieces of an answer", () => {
  /** A turn that took these events, each with its instant after the intended time, and then ended so. */
  function withPieces(
    pieces: readonly (readonly [ms: number, text: string, kind?: AgentEvent["kind"]])[],
    end: TurnEnd,
  ) {
    const recorder = new SampleRecorder();
    const made = turn({ ...sent, samples: recorder.phase("hold") });
    for (const [ms, text, kind = "answer_delta"] of pieces) {
      const frame = event(kind, { receivedAtUs: 1_000_000 + ms * 1000, text, name: `${ms}` });
      recordFrame(made, frame, made.apply(frame, `${kind} ${ms} ${text}`), UNWATCHED);
    }
    made.end = end;
    made.endedUs = end === "completed" ? 2_000_000 : Number.NaN;
    recordTurn(made);
    const { hold = {} } = recorder.take();
    return (metric: string) => ({
      samples: [...(hold[metric]?.samples ?? [])],
      censored: hold[metric]?.censored ?? 0,
    });
  }

  it("give every gap between two of them, the wait for the first excluded", () => {
    const of = withPieces(
      [
        [5, "", "ack"],
        [100, "one "],
        [150, ""],
        [170, "two "],
        [470, "three"],
      ],
      "completed",
    );
    expect(of("chunk.gap")).toEqual({ samples: [70_000, 300_000], censored: 0 });
    expect(of("ttft")).toEqual(one(100_000));
    expect(of("ttfe")).toEqual(one(5000));
    expect(of("ttfe/service")).toEqual(one(2000));
  });

  it("that stop coming leave a gap without an end", () => {
    expect(withPieces([[100, "one "]], "deadline")("chunk.gap")).toEqual(CENSORED);
    expect(withPieces([[100, "one "]], "completed")("chunk.gap")).toEqual({ samples: [], censored: 0 });
  });

  it("that never come leave the first text without an end, and no gap", () => {
    const of = withPieces([[100, "", "agent_started"]], "deadline");
    expect(of("ttft")).toEqual(CENSORED);
    expect(of("chunk.gap")).toEqual({ samples: [], censored: 0 });
    expect(of("ttfe")).toEqual(one(100_000));
    expect(withPieces([], "closed")("ttfe")).toEqual(CENSORED);
  });
});

describe("a turn is in time", () => {
  const made = Object.assign(turn({ ...sent, end: "completed", endedUs: 3_000_000 }), {
    startedUs: 1_100_000,
    firstEventUs: 1_050_000,
    firstTextUs: 1_200_000,
    longestGapUs: 400_000,
  });

  it.each([
    ["agent.response", 2_000_000],
    ["message.processing", 100_000],
    ["ttft", 200_000],
    ["ttfe", 50_000],
    ["event.gap", 400_000],
  ] as const)("below the limit on %s, and not at it", (metric, us) => {
    expect(overLimitsUs(made, { [metric]: us + 1 })).toBe(0);
    expect(overLimitsUs(made, { [metric]: us })).toBe(1);
    expect(overLimitsUs(made, { [metric]: us - 99 })).toBe(100);
  });

  it("without limits, however long it took, and only if it shows the text that has one", () => {
    expect(overLimitsUs(made, {})).toBe(0);
    const mute = Object.assign(turn({ ...sent, end: "completed", endedUs: 1_200_000 }), { events: 1 });
    expect(overLimitsUs(mute, { ttft: 60_000_000 })).toBe(Number.POSITIVE_INFINITY);
    expect(overLimitsUs(mute, { "message.processing": 1 })).toBe(0);
  });
});
