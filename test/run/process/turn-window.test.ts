// When a turn was under way, and how it ended, for the account of the model's calls.
import { describe, expect, it } from "vitest";
import type { TurnEnd } from "../../../src/model/turn/turn-end.js";
import { windowOf } from "../../../src/run/process/turn-window.js";
import type { Turn } from "../../../src/session/turn/turn.js";

const turn = (end: TurnEnd, rest: Partial<Turn> = {}): Turn =>
  ({ user: 3, number: 7, phase: "hold", sentUs: 10, endedUs: Number.NaN, end, ...rest }) as Turn;

describe("the window of a turn", () => {
  it.each([
    ["completed", "completed"],
    ["aborted", "aborted"],
    ["error", "seen"],
    ["rejected", "seen"],
    ["no_answer", "seen"],
    ["stopped", "seen"],
    ["deadline", "unseen"],
    ["closed", "unseen"],
  ] as const)("that is %s ends %s", (end, how) => {
    expect(windowOf(turn(end), 90)).toEqual([3, 7, "hold", 10, 90, how]);
  });

  it("does not exist for a turn that was never sent, or that goes on after a decision", () => {
    expect(windowOf(turn("not_sent", { sentUs: Number.NaN }), 90)).toBeUndefined();
    expect(windowOf(turn("waiting"), 90)).toBeUndefined();
  });
});
