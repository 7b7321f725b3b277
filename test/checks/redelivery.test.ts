// The check `redelivery`: what became of turns whose user was away, each told once.
import { describe, expect, it } from "vitest";
import { redelivery } from "../../src/checks/redelivery.js";
import { emptyAnomalies } from "../../src/model/turn/ledger.js";
import type { SettledTurn } from "../../src/model/turn/turn.js";
import { settled } from "../support/turns.js";

/** A turn that was under way while its user was away, and came on its return. */
const away = (turn: number, fields: Partial<SettledTurn> = {}): SettledTurn =>
  settled({ turn, channelLost: true, delivery: "replayed", terminalUs: 2e6 + turn, ...fields });

function run(turns: readonly SettledTurn[]) {
  const state = redelivery.start({}, () => 0);
  for (const one of turns) state.turn(one);
  const part = state.part();
  return {
    result: redelivery.judge(part),
    found: part.findings.map(({ code, severity, count }) => [code, severity, count]),
    evidence: part.findings.flatMap(({ evidence }) => evidence),
  };
}

describe("redelivery", () => {
  it("is clean if all came on return, also what was sent again and said so", () => {
    const replays = { ...emptyAnomalies(), replayed: 5 };
    const { result, found } = run([away(0), away(1, { anomalies: replays }), settled({ turn: 2 })]);
    expect([result, found]).toEqual([{ check: "redelivery", status: "clean", judged: 2 }, []]);
  });

  it("finds what never came, whether it was stored or lost", () => {
    const never = { terminalUs: Number.NaN };
    const { found, evidence } = run([
      away(0, { ...never, delivery: "history" }),
      away(1, { ...never, delivery: undefined, outcome: "lost", reason: "closed" }),
      away(2),
    ]);
    expect(found).toEqual([["not-delivered", "fail", 2]]);
    expect(evidence.map(({ turn, seen }) => [turn, seen])).toEqual([
      [0, "only the stored answer"],
      [1, "nothing (closed)"],
    ]);
  });

  it("finds turns that came in the other order, and events within one", () => {
    const astray = { ...emptyAnomalies(), late: 2, outOfOrder: 1 };
    const { found, evidence } = run([
      away(1, { terminalUs: 2e6 }),
      away(0, { terminalUs: 2e6 }),
      away(2, { anomalies: astray }),
    ]);
    expect(found).toEqual([["wrong-order", "fail", 2]]);
    expect(evidence.map(({ turn, expected, seen }) => [turn, expected, seen])).toEqual([
      [0, "before the answer of turn 1", "after it"],
      [2, "its events in their order", "3 events out of order"],
    ]);
  });

  it("finds a turn that came twice once, however many events it has", () => {
    const { found } = run([away(0, { anomalies: { ...emptyAnomalies(), duplicate: 5 } }), away(1)]);
    expect(found).toEqual([["delivered-twice", "fail", 1]]);
  });

  it("cannot judge if nobody was away", () => {
    expect(
      run([settled(), settled({ turn: 1, anomalies: { ...emptyAnomalies(), duplicate: 1 } })]),
    ).toMatchObject({
      result: { status: "no-data", note: "no user was away while a turn was under way" },
      found: [],
    });
  });
});
