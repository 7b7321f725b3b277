// The pieces of an answer and its final text: the same words, or a finding.
import { describe, expect, it } from "vitest";
import { matchRows, TurnIndex } from "../../src/session/lookup/history-rows.js";
import { settledTurn } from "../../src/session/turn/ending/outcome.js";
import type { Turn } from "../../src/session/turn/turn.js";
import { CODEC, event, turn } from "../support/turns.js";

/** A turn that was told so, with its channel lost before the piece at `lostAt`. */
function told(pieces: readonly string[], final: string | undefined, lostAt = -1): Turn {
  const one = turn({ end: "completed" });
  for (const [at, text] of pieces.entries()) {
    if (at === lostAt) one.channelLost = true;
    one.apply(event("answer_delta", { text }), text);
  }
  one.apply(event("agent_completed", { text: final }), "end");
  return one;
}

function said(pieces: readonly string[], final: string | undefined): boolean | undefined {
  return settledTurn(told(pieces, final), undefined, []).streamedAsFinal;
}

describe("streamed pieces", () => {
  it("agree with a final text that is the same, or holds more, or less", () => {
    expect(said(["Cut ", "costs."], "Cut costs.")).toBe(true);
    expect(said(["Cut ", "costs."], "Answer: Cut\n costs. (done)")).toBe(true);
    expect(said(["Let me see. ", "Cut costs."], "Cut costs.")).toBe(true);
  });

  it("do not if one is missing, doubled or out of place", () => {
    expect(said(["Cut ", "."], "Cut costs.")).toBe(false);
    expect(said(["Cut ", "Cut ", "costs."], "Cut costs. Now.")).toBe(false);
    expect(said(["costs.", "Cut "], "Cut costs.")).toBe(false);
    expect(said(["Cut ", "costs"], "Cut costs in half.")).toBe(false);
    expect(said(["Cut ", "costs in half."], "Cut costs")).toBe(false);
  });

  it("say nothing if there is but one of them", () => {
    expect(said([], "Cut costs.")).toBeUndefined();
    expect(said(["Cut costs."], undefined)).toBeUndefined();
  });
});

describe("what is stored of a turn whose channel was lost", () => {
  const WHOLE = "Cut costs in half.";
  const sameText = (one: Turn): boolean | undefined => {
    const row = { id: "2", role: "assistant", text: WHOLE, links: [one.nonce] } as const;
    const index = new TurnIndex([one], one.user, CODEC);
    return matchRows([{ row, quoted: undefined, foreign: undefined }], index).get(one)?.sameText;
  };

  it("is not compared with pieces, some of which may be missing", () => {
    const one = told(["Cut ", "half."], undefined, 1);
    expect(sameText(one)).toBeUndefined();
    expect(one.answerInDoubt).toBe(true);
  });

  it("is compared with them if nothing was lost, and always with a final text", () => {
    expect(sameText(told(["Cut ", "half."], undefined))).toBe(false);
    expect(sameText(told(["Cut ", "costs in"], undefined))).toBe(false);
    expect(sameText(told(["Cut ", "costs in half."], undefined))).toBe(true);
    expect(sameText(told(["Cut ", "half."], "Cut nothing.", 1))).toBe(false);
    expect(sameText(told(["Cut ", "half."], WHOLE, 1))).toBe(true);
  });

  it("may continue after what its user saw before stopping it", () => {
    const one = turn({ end: "stopped" });
    for (const text of ["Cut ", "costs in"]) one.apply(event("answer_delta", { text }), text);
    one.apply(event("stopped", {}), "stopped");
    expect(sameText(one)).toBe(true);
  });

  it("leaves pieces that do not make up the final text without a finding", () => {
    const streamed = (one: Turn) => settledTurn(one, undefined, []).streamedAsFinal;
    expect(streamed(told(["Cut ", "half."], WHOLE, 1))).toBeUndefined();
    expect(streamed(told(["Cut ", "costs in half."], WHOLE, 1))).toBe(true);
  });
});
