// Where prompts of two runs part: the byte of a change of the system prompt, and no word about runs of the same thing.
import { describe, expect, it } from "vitest";
import type { ModelRequest } from "../../../src/llm/conversation.js";
import { HEAD_BLOCK, type PromptHead } from "../../../src/model/log/model-call.js";
import { PromptHeads } from "../../../src/run/model-server/prompt-heads.js";
import { promptChanges } from "../../../src/sla/compare/prompt-changes.js";
import { randomFrom } from "../../../src/support/random.js";

const WORDS =
  "you are the careful supervisor of a team that answers every question about money and costs".split(" ");
const CALLS = 30;
const PAIRS = 20;

/** A system prompt of some 200 words, drawn from the seed. */
function systemPrompt(seed: number): string[] {
  const random = randomFrom(seed, "system");
  return Array.from({ length: 200 }, () => WORDS[random.below(WORDS.length)] ?? "");
}

/** The heads of a run whose users all say something of their own; `system` may differ from call to call. */
function run(
  seed: number,
  system: (call: number) => string,
  tools: readonly string[] = ["bill"],
): PromptHead[] {
  const heads = new PromptHeads();
  const random = randomFrom(seed, "users");
  for (let call = 0; call < CALLS; call++) {
    const messages: ModelRequest["messages"] = [
      { role: "system", text: system(call) },
      { role: "user", text: `run ${seed}, message ${random.below(1e6)}` },
    ];
    const rest = { model: "m", stream: false, json: false, streamUsage: false, user: undefined };
    heads.take("/v1/chat/completions", { ...rest, messages, tools: tools.map((name) => ({ name })) });
  }
  return heads.list();
}

const pairs = Array.from({ length: PAIRS }, (_, pair) => pair);

describe("the prompts of two runs", () => {
  it.each(pairs)("part at the byte of a word that was changed early: pair %i", (pair) => {
    const words = systemPrompt(pair);
    const at = 1 + (pair % 10);
    const changed = [...words.slice(0, at), "HURRIED", ...words.slice(at + 1)];
    const byte = "system\n".length + [...words.slice(0, at), ""].join(" ").length;
    const [change, ...more] = promptChanges(
      [run(2 * pair, () => words.join(" "))],
      [run(2 * pair + 1, () => changed.join(" "))],
    );
    expect(more).toEqual([]);
    expect(change).toMatchObject({ why: "other", kind: "/v1/chat/completions bill" });
    expect(change?.fromByte).toBe(Math.floor(byte / HEAD_BLOCK) * HEAD_BLOCK);
    expect(change?.toByte).toBe((change?.fromByte ?? 0) + HEAD_BLOCK - 1);
  });

  it.each(pairs)("do not part if nothing changed, whatever users say: pair %i", (pair) => {
    const system = systemPrompt(pair).join(" ");
    // Every third pair tells its users apart at the end of the system prompt.
    const of = (call: number): string => (pair % 3 === 0 ? `${system} You talk to user ${call}.` : system);
    expect(promptChanges([run(2 * pair, of)], [run(2 * pair + 1, of)])).toEqual([]);
  });

  it("part where the candidate's begin to differ among themselves", () => {
    const system = systemPrompt(1).join(" ");
    const [change] = promptChanges(
      [run(1, () => system)],
      [run(2, (call) => `Request ${String.fromCharCode(97 + call)}. ${system}`.slice(0, system.length))],
    );
    expect(change).toMatchObject({ fromByte: 0, why: "varies" });
    const [late] = promptChanges(
      [run(1, () => system)],
      [run(2, (call) => `${system.slice(0, 400)} ${call}`)],
    );
    expect(late).toMatchObject({ why: "varies", candidate: { calls: CALLS, sameBytes: 400 } });
  });

  it("are not compared by a few calls, of one kind with another, or if a prompt only goes on", () => {
    const system = systemPrompt(1).join(" ");
    const few = run(1, () => system).map((head) => ({ ...head, calls: 19 }));
    const other = run(2, () => `no ${system}`);
    expect(promptChanges([few], [other])).toEqual([]);
    expect(promptChanges([run(1, () => system, ["search"])], [other])).toEqual([]);
    expect(promptChanges([run(1, () => system)], [run(2, () => `${system} And be brief.`)])).toEqual([]);
  });

  it("are those of all runs of a side", () => {
    const system = systemPrompt(1).join(" ");
    const halves = [run(1, () => system), run(2, () => system)].map(([head]) =>
      head ? [{ ...head, calls: 10 }] : [],
    );
    const [change] = promptChanges(halves, [run(3, () => `no ${system}`)]);
    expect(change).toMatchObject({ fromByte: 0, baseline: { calls: 20 } });
  });
});
