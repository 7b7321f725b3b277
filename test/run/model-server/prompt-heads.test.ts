// What all prompts of a kind begin with, in whole blocks, as hashes.
import { describe, expect, it } from "vitest";
import type { ModelRequest } from "../../../src/llm/conversation.js";
import { HEAD_BLOCK } from "../../../src/model/log/model-call.js";
import { PromptHeads } from "../../../src/run/model-server/prompt-heads.js";

const SYSTEM = "You are the supervisor of a team that answers questions about money. ".repeat(10);

function ask(system: string, text: string, tools: readonly string[] = []): ModelRequest {
  const rest = { stream: false, json: false, streamUsage: false, user: undefined };
  const messages = [
    { role: "system" as const, text: system },
    { role: "user" as const, text },
  ];
  return { model: "m", messages, tools: tools.map((name) => ({ name })), ...rest };
}

function headOf(...requests: readonly ModelRequest[]) {
  const heads = new PromptHeads();
  for (const request of requests) heads.take("/v1/chat/completions", request);
  return heads.list();
}

describe("the head of prompts", () => {
  it("is everything they have in common before the user's message, for any user", () => {
    const [head] = headOf(
      ask(SYSTEM, "one, and more"),
      ask(SYSTEM, "one, and else"),
      ask(SYSTEM, "one, and"),
    );
    const common = "system\n".length + SYSTEM.length + "\n".length;
    expect(head?.calls).toBe(3);
    expect(head?.blocks).toHaveLength(Math.floor(common / HEAD_BLOCK));
  });

  it("parts at the block in which the first byte differs", () => {
    for (const at of [0, 1, 100, 333]) {
      const changed = `${SYSTEM.slice(0, at)}#${SYSTEM.slice(at + 1)}`;
      const [head] = headOf(ask(SYSTEM, "one"), ask(changed, "one"));
      expect(head?.blocks).toHaveLength(Math.floor(("system\n".length + at) / HEAD_BLOCK));
    }
  });

  it("is apart for calls with other tools, and the same in another run", () => {
    const requests = [ask(SYSTEM, "x", ["a"]), ask(SYSTEM, "y")];
    expect(headOf(...requests).map(({ kind }) => kind)).toEqual([
      "/v1/chat/completions a",
      "/v1/chat/completions",
    ]);
    expect(headOf(...requests)).toEqual(headOf(...requests));
  });

  it("holds no text, and is bounded", () => {
    const [head] = headOf(ask(SYSTEM.repeat(1000), "x"));
    expect(head?.blocks).toHaveLength(2048);
    expect(head?.blocks.every((hash) => Number.isSafeInteger(hash) && hash >= 0)).toBe(true);
    expect(new Set(head?.blocks.slice(0, 40)).size).toBe(40);
  });
});
