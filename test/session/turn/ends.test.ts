// How turns end on real protocols: an error and the marker that closes every stream, and ends that bring a last piece.
import { describe, expect, it } from "vitest";
import { emptyAnomalies } from "../../../src/model/turn/ledger.js";
import type { Turn } from "../../../src/session/turn/turn.js";
import { event, turn } from "../../support/turns.js";

/** Takes an event as a user does: the first terminal ends the turn. */
function take(into: Turn, ...told: readonly Parameters<typeof event>[]): (string | undefined)[] {
  return told.map(([kind, fields]) => {
    const anomaly = into.apply(
      event(kind, { receivedAtUs: into.sentUs + 1, ...fields }),
      JSON.stringify(fields ?? kind),
    );
    if (kind === "agent_completed") into.end ??= "completed";
    if (kind === "agent_error") into.end ??= "error";
    if (kind === "rejected") into.end ??= "rejected";
    return anomaly;
  });
}

describe("an error that the protocol's own end marker follows", () => {
  it.each([
    ["a completion", ["agent_completed", { name: "done" }]],
    ["an end that says so itself", ["agent_error", { name: "finish", text: undefined }]],
  ] as const)("is one end with the error's words, be the marker %s", (_name, [kind, fields]) => {
    const one = turn();
    const told = take(
      one,
      ["agent_started"],
      ["agent_error", { name: "error", text: "tired" }],
      [kind, fields],
    );
    expect(told).toEqual([undefined, undefined, undefined]);
    expect([one.end, one.errorText]).toEqual(["error", "tired"]);
    expect(one.anomalies).toBeUndefined();
  });

  it("has one marker: a second one is late, and so is what the agent says after its error", () => {
    const one = turn();
    take(one, ["agent_started"], ["agent_error", { name: "error" }]);
    expect(take(one, ["agent_completed"], ["agent_completed"])).toEqual([undefined, "late"]);
    expect(take(one, ["answer_delta", { text: "but" }])).toEqual(["late"]);
  });

  it("is not a marker if the same error comes again", () => {
    const one = turn();
    take(one, ["agent_started"], ["agent_error", { name: "error" }]);
    expect(take(one, ["agent_error", { name: "error" }])).toEqual(["duplicate"]);
  });

  it("may be a refusal, and an answer is never closed twice", () => {
    const refused = turn();
    expect(take(refused, ["rejected", { name: "busy" }], ["agent_completed", { name: "done" }])).toEqual([
      undefined,
      undefined,
    ]);
    const answered = turn();
    take(answered, ["agent_started"], ["agent_completed"]);
    expect(take(answered, ["agent_completed"], ["agent_error", { name: "error" }])).toEqual([
      "duplicate",
      "late",
    ]);
  });
});

describe("an end with text", () => {
  const streamed = (...pieces: readonly string[]): Turn => {
    const one = turn();
    take(one, ["agent_started"]);
    for (const text of pieces) take(one, ["answer_delta", { text, textAt: 0 }]);
    return one;
  };

  it.each([
    ["the last piece", " all.", "That is all."],
    ["an empty piece", "", "That is"],
  ])("that brings only %s ends what was streamed", (_name, text, answer) => {
    const one = streamed("That", " is");
    take(one, ["agent_completed", { text, textAt: 0 }]);
    expect([one.answerText, one.streamedAsFinal]).toEqual([answer, undefined]);
  });

  it("with the whole answer in the place of the pieces is compared with them", () => {
    for (const [text, same] of [
      ["That is all", false],
      ["That is. And nothing else", true],
      ["That is", true],
      ["That", false],
      ["This was something else entirely", false],
    ] as const) {
      const one = streamed("That", " is");
      take(one, ["agent_completed", { text, textAt: 0 }]);
      expect([text, one.answerText, one.streamedAsFinal]).toEqual([text, text, same]);
    }
  });

  it("in a separate place is the whole answer, however short it is", () => {
    const one = streamed("That", " is");
    take(one, ["agent_completed", { text: "No.", textAt: 1 }]);
    expect([one.answerText, one.streamedAsFinal]).toEqual(["No.", false]);
    const told = turn();
    take(told, ["agent_started"], ["answer_delta", { text: "That" }], ["agent_completed", { text: "" }]);
    expect([told.answerText, told.streamedAsFinal]).toEqual(["", false]);
  });
});

describe("thoughts that come in pieces", () => {
  const WHOLE_SECOND = 1_700_000_000_000_000;

  it("are not duplicates if all stamps are the same second", () => {
    const one = turn();
    const piece = { text: " the", emittedAtWallUs: WHOLE_SECOND };
    expect(take(one, ["agent_started"], ["agent_thinking", piece], ["agent_thinking", piece])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("are duplicates if a finer stamp shows that they are one", () => {
    const one = turn();
    const piece = { text: " the", emittedAtWallUs: WHOLE_SECOND + 1 };
    expect(take(one, ["agent_started"], ["agent_thinking", piece], ["agent_thinking", piece])).toEqual([
      undefined,
      undefined,
      "duplicate",
    ]);
  });
});

describe("a frame of several events", () => {
  it("is a duplicate as a whole if the frame came before, and never of itself", () => {
    const one = turn();
    const stamp = { emittedAtWallUs: 1_700_000_000_000_001, seq: -1 };
    const [first, second] = [
      event("tool_executing", { toolId: "a", part: 0, ...stamp }),
      event("tool_executing", { toolId: "b", part: 1, ...stamp }),
    ];
    expect([one.apply(first, "frame"), one.apply(second, "frame")]).toEqual([undefined, undefined]);
    expect([one.apply(first, "frame"), one.apply(second, "frame")]).toEqual(["duplicate", "duplicate"]);
  });

  it("may share one number", () => {
    const one = turn();
    const told = ["a", "b"].map((toolId, part) =>
      one.apply(event("tool_executing", { toolId, part, seq: 4 }), "frame"),
    );
    expect([told, one.anomalies ?? emptyAnomalies()]).toEqual([[undefined, undefined], emptyAnomalies()]);
  });
});

const REFUSED_END: Parameters<typeof event> = ["tool_completed", { toolId: "a" }];

describe("a call that was refused", () => {
  it("needs no end, and its end is not a tool's", () => {
    for (const end of [true, false]) {
      const one = turn();
      const told = take(
        one,
        ["agent_started"],
        ["tool_refused", { toolId: "a" }],
        ...(end ? [REFUSED_END] : []),
        ["agent_completed", { text: "x" }],
      );
      expect([told.filter(Boolean), one.unpairedTools]).toEqual([[], 0]);
    }
  });

  it("does not excuse any other end without a start", () => {
    const one = turn();
    take(one, ["agent_started"], ["tool_refused", { toolId: "a" }], ["tool_completed", { toolId: "b" }]);
    expect(one.unpairedTools).toBe(1);
  });
});

describe("the first text of an answer", () => {
  const firstTextUs = (...pieces: readonly string[]): number => {
    const one = turn();
    take(one, ["agent_started"]);
    for (const text of pieces) take(one, ["answer_delta", { text }]);
    return one.firstTextUs;
  };

  it("is not one if it is invisible: white space and zero-width characters", () => {
    for (const text of [
      "",
      " \n\t",
      "\u200b\u200b",
      "\u2060\ufeff",
      "\u00ad\u200e",
      "\u3164",
      "\u2800",
      "\u0000",
    ])
      expect(firstTextUs(text, text), JSON.stringify(text)).toBeNaN();
  });

  it("is anything visible: a letter after a joiner, a mark, an emoji of several characters", () => {
    for (const text of ["\u200bA", "0", ".", "\u{1f469}\u200d\u{1f4bb}", "\u0301", "\u{1f1e9}\u{1f1ea}"])
      expect(firstTextUs(" ", text), JSON.stringify(text)).not.toBeNaN();
  });
});
