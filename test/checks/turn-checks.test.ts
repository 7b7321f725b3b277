// Checks of order, spread and shape: each finds its own fault, and nothing in turns as they should be.
import { describe, expect, it } from "vitest";
import { buffering } from "../../src/checks/buffering.js";
import type { Check } from "../../src/checks/check.js";
import { contract } from "../../src/checks/contract.js";
import { ordering } from "../../src/checks/ordering.js";
import type { SettledTurn } from "../../src/model/turn/turn.js";
import { settled } from "../support/turns.js";

function run(check: Check, turns: readonly SettledTurn[], options: object = {}) {
  const state = check.start(options, () => 0);
  for (const one of turns) state.turn(one);
  const part = state.part();
  return {
    found: part.findings.map(({ code, severity, count }) => [code, severity, count]),
    evidence: part.findings.flatMap(({ evidence }) => evidence),
    result: check.judge(part),
  };
}

describe("ordering", () => {
  const ended = (turn: number, terminalUs: number, fields: Partial<SettledTurn> = {}) =>
    settled({ turn, terminalUs, ...fields });

  it("is clean if answers come in order, and where threads mix", () => {
    const turns = [
      ended(0, 1e6),
      ended(5, 2e6, { threadId: "b" }),
      ended(1, 3e6),
      ended(6, 4e6, { threadId: "b" }),
    ];
    expect(run(ordering, turns).result).toEqual({ check: "ordering", status: "clean", judged: 4 });
  });

  it("finds answers whose streamed pieces do not make up the final text", () => {
    const { found } = run(ordering, [
      ended(0, 1e6, { streamedAsFinal: true }),
      ended(1, 2e6, { streamedAsFinal: false }),
      ended(2, 3e6),
    ]);
    expect(found).toEqual([["chunks-differ", "fail", 1]]);
  });

  it("finds each answer that a later message's answer overtook", () => {
    const { found, evidence, result } = run(ordering, [
      ended(0, 1e6),
      ended(3, 2e6),
      ended(1, 3e6),
      ended(2, 4e6),
    ]);
    expect(found).toEqual([["overtaken", "fail", 2]]);
    expect(evidence[0]).toMatchObject({
      turn: 1,
      expected: "before the answer of turn 3",
      seen: "1000 ms after it",
    });
    expect(result.status).toBe("found");
  });

  it("passes over messages that were refused or never answered", () => {
    const turns = [
      ended(2, 1e6, { outcome: "rejected" }),
      ended(0, 2e6),
      ended(1, Number.NaN, { outcome: "lost" }),
    ];
    expect(run(ordering, turns).found).toEqual([]);
    expect(run(ordering, turns.slice(2)).result.status).toBe("no-data");
  });
});

describe("buffering", () => {
  const served = (startedUs: number, terminalUs: number, fields: Partial<SettledTurn> = {}) =>
    settled({ sentUs: 0, startedUs, terminalUs, ...fields });

  it("finds turns whose events all came in the last moment, and warns unless it is strict", () => {
    const turns = [served(990_000, 1_000_000), served(200_000, 1_000_000)];
    expect(run(buffering, turns)).toMatchObject({
      found: [["burst-at-end", "warn", 1]],
      evidence: [{ seen: "all within the last 10 ms" }],
      result: { status: "clean", judged: 2 },
    });
    expect(run(buffering, turns, { strict: true })).toMatchObject({
      found: [["burst-at-end", "fail", 1]],
      result: { status: "found" },
    });
  });

  it("takes a quick answer after a long wait for what it is, and leaves short turns alone", () => {
    expect(run(buffering, [served(9_800_000, 10_000_000)]).found).toEqual([]);
    expect(run(buffering, [served(295_000, 300_000)]).result.status).toBe("no-data");
    expect(run(buffering, [served(Number.NaN, 1_000_000)]).found).toEqual([]);
  });

  it("judges only turns that were seen live", () => {
    const turns = [
      served(990_000, 1_000_000, { delivery: "replayed" }),
      served(990_000, 1e6, { outcome: "failed" }),
    ];
    expect(run(buffering, turns).result.status).toBe("no-data");
  });
});

describe("contract", () => {
  it("finds each frame that the profile does not know, with its shape and who got it", () => {
    const state = contract.start({}, () => 0);
    expect(contract.judge(state.part()).status).toBe("no-data");
    state.turn(settled());
    expect(contract.judge(state.part())).toEqual({ check: "contract", status: "clean", judged: 1 });
    for (const user of [4, 7]) state.unrecognised?.({ shape: "agent_mood: type", user, atUs: 2_000_000 });
    expect(state.part().findings).toMatchObject([
      {
        code: "unrecognised",
        severity: "fail",
        count: 2,
        evidence: [{ user: 4, seen: "agent_mood: type" }, {}],
      },
    ]);
    expect(contract.judge(state.part()).status).toBe("found");
  });
});
