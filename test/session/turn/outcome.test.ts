// The one outcome of a turn, row by row of the table.
import { describe, expect, it } from "vitest";
import { emptyAnomalies } from "../../../src/model/turn/ledger.js";
import type { StoredTurn } from "../../../src/model/turn/turn.js";
import { keptTurn, settledTurn } from "../../../src/session/turn/ending/outcome.js";
import type { Turn } from "../../../src/session/turn/turn.js";
import { event, turn } from "../../support/turns.js";

const ANSWER: StoredTurn = {
  userRows: 1,
  answerRows: 1,
  linked: true,
  sameText: undefined,
  sameMessage: undefined,
};
const NOTHING: StoredTurn = {
  userRows: 1,
  answerRows: 0,
  linked: undefined,
  sameText: undefined,
  sameMessage: undefined,
};
const EXPECTS = ["agent_started", "agent_completed"] as const;

function outcome(made: Turn, stored?: StoredTurn) {
  const { outcome: is, reason, delivery } = settledTurn(made, stored, []);
  return [is, reason ?? delivery];
}

const with_ = (made: Turn, fields: Partial<Turn>): Turn => Object.assign(made, fields);

describe("a turn that its user saw end", () => {
  it("completed live, or replayed if its end came after a reconnect", () => {
    expect(outcome(turn({ end: "completed" }))).toEqual(["completed", "live"]);
    expect(outcome(with_(turn({ end: "completed" }), { endedByReplay: true }))).toEqual([
      "completed",
      "replayed",
    ]);
  });

  it("failed by an error event, whatever is stored", () => {
    expect(outcome(turn({ end: "error" }), ANSWER)).toEqual(["failed", "error_event"]);
  });

  it("was rejected, busy or plainly refused", () => {
    expect(outcome(turn({ end: "rejected" }))).toEqual(["rejected", "refused"]);
    expect(outcome(with_(turn({ end: "rejected" }), { endReason: "busy" }))).toEqual(["rejected", "busy"]);
  });

  it("failed because it could not be sent", () => {
    expect(outcome(turn({ end: "not_sent" }))).toEqual(["failed", "not_connected"]);
  });

  it("was in flight when the run ended", () => {
    expect(outcome(turn({ end: "aborted" }), ANSWER)).toEqual(["inFlightAtEnd", "in_flight"]);
    expect(outcome(turn())).toEqual(["inFlightAtEnd", "in_flight"]);
  });
});

describe.each(["deadline", "closed"] as const)("a turn that ended by %s", (end) => {
  it("failed if it was never sent", () => {
    expect(outcome(turn({ end, sentUs: Number.NaN }), ANSWER)).toEqual(["failed", "not_connected"]);
  });

  it("timed out if its end came late", () => {
    expect(outcome(with_(turn({ end }), { lateTerminal: true }), NOTHING)).toEqual([
      "timedOut",
      "late_terminal",
    ]);
  });

  it("timed out if its answer is stored, and completed by history if its channel had been lost", () => {
    expect(outcome(turn({ end }), ANSWER)).toEqual(["timedOut", "stored_answer"]);
    expect(outcome(with_(turn({ end }), { channelLost: true }), ANSWER)).toEqual(["completed", "history"]);
  });

  it("is lost if nothing is stored, for the reason that its events show", () => {
    expect(outcome(turn({ end }), NOTHING)).toEqual(["lost", "no_events"]);
    expect(outcome(turn({ end }), undefined)).toEqual(["lost", "no_events"]);
    expect(outcome(with_(turn({ end }), { acked: true }), NOTHING)).toEqual(["lost", "ack_only"]);
    expect(outcome(with_(turn({ end }), { acked: true, events: 2 }), NOTHING)).toEqual([
      "lost",
      "no_terminal",
    ]);
    expect(outcome(with_(turn({ end }), { channelLost: true, events: 2 }), NOTHING)).toEqual([
      "lost",
      "closed",
    ]);
  });
});

describe("a settled turn", () => {
  it("misses what it should have shown only if its user saw it complete", () => {
    const seen = settledTurn(turn({ end: "completed" }), undefined, EXPECTS);
    expect(seen.missing).toEqual(EXPECTS);
    expect(seen.anomalies.missing).toBe(2);
    const byHistory = settledTurn(with_(turn({ end: "closed" }), { channelLost: true }), ANSWER, EXPECTS);
    expect(byHistory.missing).toEqual([]);
    expect(settledTurn(turn({ end: "error" }), undefined, EXPECTS).missing).toEqual([]);
  });

  it("counts a tool without its other half", () => {
    const seen = turn({ end: "completed" });
    seen.apply(event("tool_executing", { toolId: "1" }), "a");
    expect(settledTurn(seen, undefined, []).anomalies.unpairedTool).toBe(1);
  });

  it("without trouble has no anomalies, and does not share them with another", () => {
    expect(settledTurn(turn({ end: "completed" }), undefined, []).anomalies).toEqual(emptyAnomalies());
  });

  it("is unexpected if it completed although it should not have", () => {
    const unexpected = (expect_: "completed" | "error" | "rejected") =>
      settledTurn(turn({ expect: expect_, end: "completed" }), undefined, []).unexpected;
    expect([unexpected("error"), unexpected("rejected"), unexpected("completed")]).toEqual([
      true,
      true,
      false,
    ]);
    expect(settledTurn(turn({ expect: "error", end: "error" }), undefined, []).unexpected).toBe(false);
  });

  it("ended as expected only if another end than completion was expected, and happened", () => {
    const expected = (end: Turn["end"], expect_: "completed" | "error" | "rejected") =>
      settledTurn(turn({ expect: expect_, ...(end ? { end } : {}) }), undefined, []).expected;
    expect(expected("error", "error")).toBe(true);
    expect(expected("rejected", "rejected")).toBe(true);
    expect(expected("completed", "completed")).toBe(false);
    expect(expected("completed", "error")).toBe(false);
    expect(expected("rejected", "error")).toBe(false);
  });
});

describe("a kept turn", () => {
  it("has its times relative to its intended time, and only those that are known", () => {
    const made = turn({
      end: "completed",
      intendedUs: 1_000_000,
      sentUs: 1_002_000,
      endedUs: 1_500_000,
      runId: "r",
    });
    expect(keptTurn(made, settledTurn(made, undefined, []))).toMatchObject({
      sentAfterMs: 2,
      endedAfterMs: 500,
      outcome: "completed",
      runId: "r",
    });
    const unsent = turn({ end: "not_sent", sentUs: Number.NaN });
    const kept = keptTurn(unsent, settledTurn(unsent, undefined, []));
    expect("sentAfterMs" in kept || "endedAfterMs" in kept || "runId" in kept).toBe(false);
    expect(kept.reason).toBe("not_connected");
  });
});
