// The pieces of an answer and its final text: the same words, or a finding.
import { describe, expect, it } from "vitest";
import { settledTurn } from "../../src/session/turn/outcome.js";
import { event, turn } from "../support/turns.js";

function said(pieces: readonly string[], final: string | undefined): boolean | undefined {
  const one = turn({ end: "completed" });
  for (const text of pieces) one.apply(event("answer_delta", { text }), text);
  one.apply(event("agent_completed", { text: final }), "end");
  return settledTurn(one, undefined, []).streamedAsFinal;
}

describe("streamed pieces", () => {
  it("agree with a final text that is the same, or holds more, or less", () => {
    expect(said(["Cut ", "costs."], "Cut costs.")).toBe(true);
    expect(said(["Cut ", "costs."], "Answer: Cut\n costs. (done)")).toBe(true);
    expect(said(["Let me see. ", "Cut costs."], "Cut costs.")).toBe(true);
  });

  it("do not where one is missing, doubled or out of place", () => {
    expect(said(["Cut ", "."], "Cut costs.")).toBe(false);
    expect(said(["Cut ", "Cut ", "costs."], "Cut costs. Now.")).toBe(false);
    expect(said(["costs.", "Cut "], "Cut costs.")).toBe(false);
  });

  it("say nothing where there is but one of them", () => {
    expect(said([], "Cut costs.")).toBeUndefined();
    expect(said(["Cut costs."], undefined)).toBeUndefined();
  });
});
